import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { type Echo, echoService } from "../../testing/echo_service.ts";
import { grpcTransport, type GrpcTransportOptions } from "./client_transport.ts";
import { LAST_SAFE_DENO, runtimeFault } from "./runtime_guard.ts";
import { grpcServerTransport, type GrpcServerTransportOptions } from "./server_transport.ts";
import { formatTimeout } from "./unary_exchange.ts";

const { say } = echoService.methods;
const call = { metadata: undefined, deadline: undefined, signal: undefined };
const sized = (bytes: number): Echo => ({ text: "", number: 0, payload: new Uint8Array(bytes) });
const pem = (name: string) =>
  Deno.readTextFileSync(
    new URL(`../../../core/discovery/etcd/testdata/${name}.pem`, import.meta.url),
  );

async function open(server: GrpcServerTransportOptions, client: GrpcTransportOptions) {
  const listener = await grpcServerTransport(server).listen(
    [{ kind: "unary", method: say, handle: (request) => request }],
    "localhost:0",
  );
  const connection = grpcTransport(client).open(listener.address);
  return {
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      listener.close();
      await systemClock.sleep(80, { keepAlive: true });
    },
  };
}

interface Case {
  name: string;
  server?: GrpcServerTransportOptions;
  client?: GrpcTransportOptions;
  bytes?: number;
  /** The code that the call ends with; `ok` if it succeeds. */
  ends: string;
  /** What the message of the failure tells an operator. */
  says?: RegExp;
}

const server = { tls: { cert: pem("server"), key: pem("server.key") } };
const mutual = { tls: { ...server.tls, clientCa: pem("ca") } };
const ca = pem("ca");

const CASES: Case[] = [
  {
    name: "takes a message below the limit",
    bytes: 900,
    server: { maxReceiveBytes: 1000 },
    ends: "ok",
  },
  {
    name: "refuses a request over the server's limit",
    bytes: 1100,
    server: { maxReceiveBytes: 1000 },
    ends: "resource_exhausted",
  },
  {
    name: "refuses an answer over the client's limit",
    bytes: 1100,
    client: { maxReceiveBytes: 1000 },
    ends: "resource_exhausted",
  },
  {
    name: "refuses to send over the client's limit",
    bytes: 1100,
    client: { maxSendBytes: 1000 },
    ends: "resource_exhausted",
  },
  {
    name: "refuses to answer over the server's limit",
    bytes: 1100,
    server: { maxSendBytes: 1000 },
    ends: "resource_exhausted",
  },
  { name: "takes 4 MiB unless told otherwise", bytes: (4 << 20) - 100, ends: "ok" },
  {
    name: "refuses more than 4 MiB unless told otherwise",
    bytes: 5 << 20,
    ends: "resource_exhausted",
  },
  ...(["gzip", "deflate"] as const).map((compression) => ({
    name: `takes requests compressed by ${compression}`,
    bytes: 5000,
    client: { compression },
    ends: "ok",
  })),
  {
    name: "inflates no more than the limit",
    bytes: 5000,
    client: { compression: "gzip" },
    server: { maxReceiveBytes: 1000 },
    ends: "resource_exhausted",
  },
  { name: "talks TLS", server, client: { tls: { ca } }, ends: "ok" },
  {
    name: "does not trust an unknown authority",
    server,
    client: { tls: {} },
    ends: "unavailable",
    says: /certificate|UnknownIssuer/i,
  },
  {
    name: "trusts any certificate when told to",
    server,
    client: { tls: { insecureSkipVerify: true } },
    ends: "ok",
  },
  {
    name: "does not trust another name",
    server,
    client: { tls: { ca, serverName: "other.test" } },
    ends: "unavailable",
  },
  {
    name: "checks the name that it is told",
    server,
    client: { tls: { ca, serverName: "localhost" } },
    ends: "ok",
  },
  {
    name: "lets in who shows a certificate",
    server: mutual,
    client: { tls: { ca, cert: pem("client"), key: pem("client.key") } },
    ends: "ok",
  },
  {
    name: "keeps out who shows none",
    server: mutual,
    client: { tls: { ca } },
    ends: "unavailable",
  },
  { name: "does not talk in the clear to TLS", server, client: {}, ends: "unavailable" },
];

for (const { name, server = {}, client = {}, bytes = 10, ends, says = /./ } of CASES) {
  Deno.test({
    name: `gRPC ${name}`,
    // What looks the name up keeps a timer for a while, and a connection that fails waits before it finds that nobody wants it.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using pair = await open(server, client);
      const run = () => pair.connection.unary(say, sized(bytes), call);
      if (ends === "ok") assertEquals((await run()).payload.length, bytes);
      else {
        const { code, message } = await assertRejects(run, ServiceError);
        assertEquals(code, ends);
        assertMatch(message, says);
      }
    },
  });
}

Deno.test("grpcTransport() says what is wrong", () => {
  assertThrows(() => grpcTransport({ maxReceiveBytes: -1 }), RangeError, "maxReceiveBytes >= 0");
  assertThrows(() => grpcTransport({ keepaliveMs: 0 }), RangeError, "keepaliveMs > 0");
  assertThrows(() => grpcTransport({ compression: "zip" as "gzip" }), TypeError, 'by "zip"');
  assertThrows(() => grpcTransport({ tls: { cert: "a" } }), TypeError, "belong together");
  const { open } = grpcTransport({ tls: { ca } });
  assertThrows(() => open("10.0.0.1:443"), TypeError, "tls.serverName");
  assertThrows(() => open("[::1]:443"), TypeError, "tls.serverName");
  assertThrows(
    () => grpcServerTransport({ maxConcurrentCalls: 0 }),
    RangeError,
    "maxConcurrentCalls",
  );
  assertThrows(() => grpcServerTransport({ maxIdleMs: -1 }), RangeError, "maxIdleMs > 0");
});

Deno.test("formatTimeout() writes a time with a unit", () => {
  const cases = [[0, "1m"], [0.2, "1m"], [1999.5, "2000m"], [1e8, "100000S"], [
    1e15,
    "99999999S",
  ]] as const;
  for (const [ms, text] of cases) assertEquals(formatTimeout(ms), text);
});

Deno.test("runtimeFault() knows the versions that break", () => {
  for (const version of ["2.7.0", "2.8.5", "2.9.3"]) assertEquals(runtimeFault(version), undefined);
  for (const version of ["2.9.4", "2.9.5", "2.9.6", "2.9.6+abc"]) {
    assert(runtimeFault(version)?.startsWith(`Cannot serve gRPC safely on Deno ${version}`));
  }
  assert(runtimeFault("2.9.7")?.includes("Cannot say"));
  assert(runtimeFault("3.0.0")?.includes("Cannot say"));
});

Deno.test("the tests run on the last safe version: when they pass on a newer one, pin that", () => {
  assertEquals(Deno.version.deno, LAST_SAFE_DENO);
});
