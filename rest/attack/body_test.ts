/** Attacks by what a body holds, or how much. */
import { assert, assertEquals } from "@std/assert";
import { KINDS, MAX_BYTES, Target } from "./testdata/target.ts";
import { encoded, patienceFor, request, send } from "./testdata/raw_client.ts";

const HOST = "Host: a";
const JSON_TYPE = "Content-Type: application/json";

const note = (body: string) =>
  request("POST /note", [HOST, JSON_TYPE, `Content-Length: ${body.length}`], body);

const BODIES: readonly { readonly name: string; readonly body: string; readonly status: string }[] =
  [
    { name: "20,000 levels of arrays", body: "[".repeat(20_000), status: "400" },
    { name: "20,000 levels of objects", body: '{"a":'.repeat(12_000), status: "400" },
    {
      name: "a closed bomb of 30,000 levels",
      body: "[".repeat(30_000) + "]".repeat(30_000),
      status: "400",
    },
    {
      name: "a number of 400 digits where text belongs",
      body: `{"name":${"9".repeat(400)}}`,
      status: "400",
    },
    { name: "half a string", body: '{"name":"a', status: "400" },
    { name: "a value after the value", body: '{"name":"a"}{"name":"b"}', status: "400" },
    { name: "NUL", body: '{"name":"a\0"}', status: "400" },
    { name: "nothing", body: "", status: "400" },
    { name: "__proto__", body: '{"name":"a","__proto__":{"polluted":1}}', status: "200" },
    {
      name: "constructor.prototype",
      body: '{"name":"a","constructor":{"prototype":{"polluted":1}}}',
      status: "200",
    },
    {
      name: "__proto__ in a member",
      body: '{"name":"a","tags":{"__proto__":{"polluted":1}}}',
      status: "200",
    },
  ];

for (const kind of KINDS) {
  for (const { name, body, status } of BODIES) {
    Deno.test(`listener of kind ${kind} answers a body of ${name} with ${status}`, async () => {
      await using target = await Target.start(kind);
      const { text } = await send(target.port, note(body), {
        waitMs: 2_000,
        until: (text) => text.endsWith("}"),
      });
      assertEquals(text.slice(9, 12), status);
      assertEquals(Reflect.get({}, "polluted"), undefined);
      // No error shows a client what it sent, or the inside of the service.
      if (status === "400") assert(!/\n +at |9999|\[\[\[/.test(text), text);
      await target.assertAlive();
    });
  }

  Deno.test(`listener of kind ${kind} does not inflate a bomb: 20 MB in 20 KB`, async () => {
    await using target = await Target.start(kind);
    const bomb = await gzipBomb();
    const before = Deno.memoryUsage().rss;
    const { result, text } = await send(target.port, bomb, {
      waitMs: 8_000,
      answers: 1,
    });
    assertEquals(result.slice(0, 3), "413", text);
    assert(Deno.memoryUsage().rss - before < 15_000_000);
    await target.assertAlive();
  });

  Deno.test(`listener of kind ${kind} is not polluted by names in a query or a form`, async () => {
    await using target = await Target.start(kind);
    const names = [
      "__proto__",
      "constructor",
      "__proto__[polluted]",
      "constructor.prototype.polluted",
    ];
    for (const name of names) {
      const query = `${encodeURIComponent(name)}=1`;
      const form = "Content-Type: application/x-www-form-urlencoded";
      const bytes = request(
        `POST /form?${query}`,
        [HOST, form, `Content-Length: ${query.length}`],
        query,
      );
      const { text } = await send(target.port, bytes, { waitMs: 8_000, answers: 1 });
      assertEquals(text.slice(9, 12), "200", text);
      assertEquals(Reflect.get({}, "polluted"), undefined);
    }
  });

  const tooMuch = "x".repeat(1_000_000);
  const SIZES = [
    { name: "declared", bytes: request("POST /echo", [HOST, "Content-Length: 1000000"], tooMuch) },
    {
      name: "in one chunk",
      bytes: request(
        "POST /echo",
        [HOST, "Transfer-Encoding: chunked"],
        `F4240\r\n${tooMuch}\r\n0\r\n\r\n`,
      ),
    },
    {
      name: "in chunks of 4 KB",
      bytes: request(
        "POST /pieces",
        [HOST, "Transfer-Encoding: chunked"],
        `1000\r\n${"x".repeat(4096)}\r\n`.repeat(250) + "0\r\n\r\n",
      ),
    },
  ];
  for (const { name, bytes } of SIZES) {
    Deno.test(`listener of kind ${kind} refuses 1 MB ${name}, with a limit of ${MAX_BYTES}`, async () => {
      await using target = await Target.start(kind);
      const { result } = await send(target.port, bytes, patienceFor("413 close"));
      assertEquals(result, "413 close");
      await target.assertAlive();
    });
  }

  Deno.test(`listener of kind ${kind} does not begin an upload of 1 GB that it refuses`, async () => {
    await using target = await Target.start(kind);
    const head = request("POST /echo", [
      HOST,
      "Expect: 100-continue",
      "Content-Length: 1000000000",
    ]);
    const { text } = await send(target.port, head, { waitMs: 8_000, answers: 1 });
    // Only where the handler is asked first can it say no before the client sends.
    assertEquals(text.startsWith("HTTP/1.1 100 "), kind !== "node");
    assert(text.includes("HTTP/1.1 413 "));
    await target.assertAlive();
  });
}

Deno.test("listener of kind node sends 100 Continue when a handler reads the body", async () => {
  await using target = await Target.start("node");
  const head = request("POST /echo", [HOST, "Expect: 100-continue", "Content-Length: 5"]);
  const { text } = await send(target.port, head, {
    waitMs: 200,
    drip: { parts: ["hello"], everyMs: 60 },
  });
  assert(text.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), text);
});

async function gzipBomb(): Promise<Uint8Array<ArrayBuffer>> {
  const zeros = new Blob([new Uint8Array(20_000_000)]).stream();
  const packed = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).bytes();
  const head = request("POST /echo", [
    HOST,
    "Content-Encoding: gzip",
    `Content-Length: ${packed.length}`,
  ]);
  return new Uint8Array([...encoded(head), ...packed]);
}
