/**
 * Attacks by the head of a request: its size, its bytes, its host.
 *
 * @see RFC 9112, sections 2.2, 3, 3.2 and 5.
 */
import { assert, assertEquals } from "@std/assert";
import { KINDS, Target } from "./testdata/target.ts";
import { patienceFor, request, send } from "./testdata/raw_client.ts";

const HOST = "Host: a";
const many = (count: number) => [HOST, ...Array<string>(count - 1).fill("X: a")];

interface Attack {
  readonly name: string;
  readonly bytes: string;
  /** What the listener of kind `node` does. */
  readonly node: string;
  /** What `Deno.serve` does, and so kind `connection`, where it is something else and safe. */
  readonly runtime?: string;
  /** What they do where it is not safe. */
  readonly knownLimit?: string;
}

const ATTACKS: readonly Attack[] = [
  {
    name: "101 fields",
    bytes: request("GET /alive", many(101)),
    node: "431 close",
    knownLimit: "200 open",
  },
  {
    name: "130 fields",
    bytes: request("GET /alive", many(130)),
    node: "431 close",
    runtime: "400 close",
  },
  {
    name: "5,000 fields",
    bytes: request("GET /alive", many(5_000)),
    node: "431 close",
    runtime: "400 close",
  },
  {
    name: "a field of 20 KB",
    bytes: request("GET /alive", [HOST, `X: ${"a".repeat(20_000)}`]),
    node: "431 close",
    knownLimit: "200 open",
  },
  {
    name: "a field of 300 KB",
    bytes: request("GET /alive", [HOST, `X: ${"a".repeat(300_000)}`]),
    node: "431 close",
    runtime: "400 close",
  },
  {
    name: "a URL of 70 KB",
    bytes: request(`GET /${"a".repeat(70_000)}`),
    node: "431 close",
    runtime: "400 close",
  },
  { name: "a folded field", bytes: request("GET /alive", [HOST, "X: a\r\n b"]), node: "400 close" },
  {
    name: "a bare CR in a field",
    bytes: request("GET /alive", [HOST, "X: a\rb"]),
    node: "400 close",
  },
  { name: "NUL in a field", bytes: request("GET /alive", [HOST, "X: a\0b"]), node: "400 close" },
  { name: "NUL in a name", bytes: request("GET /alive", [HOST, "X\0: a"]), node: "400 close" },
  {
    name: "lines ended by LF alone",
    bytes: "GET /alive HTTP/1.1\nHost: a\n\n",
    node: "400 close",
    knownLimit: "200 open",
  },
  {
    name: "a field ended by LF alone",
    bytes: "GET /alive HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    node: "400 close",
    knownLimit: "200 open",
  },
  { name: "a field without a colon", bytes: request("GET /alive", [HOST, "X"]), node: "400 close" },
  {
    name: "a field without a name",
    bytes: request("GET /alive", [HOST, ": a"]),
    node: "400 close",
  },
  { name: "no Host", bytes: request("GET /alive", []), node: "400 close", knownLimit: "200 open" },
  { name: "two Hosts", bytes: request("GET /alive", [HOST, "Host: b"]), node: "400 close" },
  {
    name: "a Host with a space",
    bytes: request("GET /alive", ["Host: a b"]),
    node: "400 close",
    knownLimit: "200 open",
  },
  {
    name: "a Host with a path",
    bytes: request("GET /alive", ["Host: a/b"]),
    node: "400 close",
    knownLimit: "404 open",
  },
  {
    name: "an empty Host",
    bytes: request("GET /alive", ["Host: "]),
    node: "400 close",
    knownLimit: "200 open",
  },
  {
    name: "a target of another host",
    bytes: request("GET http://b/alive"),
    node: "400 close",
    knownLimit: "200 open",
  },
  {
    name: "a target whose host only begins like Host",
    bytes: request("GET http://ab/alive"),
    node: "400 close",
    knownLimit: "200 open",
  },
  {
    name: "a target with a fragment",
    bytes: request("GET /alive#x"),
    node: "400 close",
    knownLimit: "200 open",
  },
  { name: "a target with a space", bytes: request("GET /al ive"), node: "400 close" },
  { name: "a relative target", bytes: request("GET alive"), node: "400 close" },
  { name: "CONNECT", bytes: request("CONNECT a:80"), node: "405 close", runtime: "405 open" },
  {
    name: "an unknown method",
    bytes: request("FOO /alive"),
    node: "400 close",
    runtime: "405 open",
  },
  {
    name: "a method of 5 KB",
    bytes: request(`${"A".repeat(5_000)} /alive`),
    node: "400 close",
    runtime: "405 open",
  },
  { name: "a method that is no token", bytes: request("G@T /alive"), node: "400 close" },
  {
    name: "a TLS handshake",
    bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    node: "400 close",
  },
  { name: "a line that is no request", bytes: "hello\r\n\r\n", node: "400 close" },
  { name: "HTTP/0.9", bytes: "GET /alive\r\n\r\n", node: "400 close" },
  { name: "HTTP/1.2", bytes: "GET /alive HTTP/1.2\r\nHost: a\r\n\r\n", node: "400 close" },
  { name: "HTTP/3.0", bytes: "GET /alive HTTP/3.0\r\nHost: a\r\n\r\n", node: "400 close" },
];

const FINE: readonly Attack[] = [
  { name: "100 fields", bytes: request("GET /alive", many(100)), node: "200 open" },
  {
    name: "a field of 15 KB",
    bytes: request("GET /alive", [HOST, `X: ${"a".repeat(15_000)}`]),
    node: "200 open",
  },
  { name: "a target of its own host", bytes: request("GET http://a/alive"), node: "200 open" },
  { name: "HTTP/1.0 without Host", bytes: "GET /alive HTTP/1.0\r\n\r\n", node: "200 close" },
  {
    name: "an offer of HTTP/2 that nobody has to take",
    bytes: request("GET /alive", [HOST, "Connection: Upgrade", "Upgrade: h2c"]),
    node: "200 open",
  },
  {
    name: "ten requests at once",
    bytes: request("GET /alive").repeat(10),
    node: "200 ".repeat(10) + "open",
  },
];

for (const kind of KINDS) {
  for (const attack of [...ATTACKS, ...FINE]) {
    const { name, bytes, node, runtime = node, knownLimit } = attack;
    const wanted = kind === "node" ? node : knownLimit ?? runtime;
    const verb = FINE.includes(attack) ? "takes" : "refuses";
    const title = kind !== "node" && knownLimit
      ? `Deno.serve takes ${name} (known limit of the runtime, kind ${kind}; use Listener.Kind node)`
      : `listener of kind ${kind} ${verb} ${name}`;
    Deno.test(title, async () => {
      await using target = await Target.start(kind);
      assertEquals((await send(target.port, bytes, patienceFor(wanted))).result, wanted);
      await target.assertAlive();
    });
  }

  // A method is compared as it is written: only upper case is a route's.
  for (const method of ["get", "Get", "TRACE"]) {
    Deno.test(`listener of kind ${kind} does not take ${method} for GET`, async () => {
      await using target = await Target.start(kind);
      const { result } = await send(target.port, request(`${method} /alive`), {
        waitMs: 8_000,
        answers: 1,
      });
      assert(/^(400 close|405 (open|close)|501 (open|close))$/.test(result), result);
      await target.assertAlive();
    });
  }
}
