import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Handler } from "../handler.ts";
import { json } from "../response/json.ts";
import { sse } from "../response/sse.ts";
import { Server } from "../server.ts";
import { compress, type CompressOptions } from "./compress.ts";

const items = new Array(500).fill("item");
const long = JSON.stringify(items);

async function ask(
  handler: Handler,
  accept: string | undefined,
  options: CompressOptions = {},
  method = "GET",
): Promise<Response> {
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog() });
  server.get("/", handler, { middleware: [compress(options)] });
  const headers = new Headers(accept === undefined ? {} : { "accept-encoding": accept });
  return await server.fetch(new Request("http://localhost/", { method, headers }));
}

async function unpacked(response: Response): Promise<string> {
  const encoding = response.headers.get("content-encoding");
  const format = encoding === "br" ? "brotli" as CompressionFormat : encoding as CompressionFormat;
  return await new Response(response.body!.pipeThrough(new DecompressionStream(format))).text();
}

for (const encoding of ["gzip", "deflate", "br"]) {
  Deno.test(`compress() answers in ${encoding}`, async () => {
    const response = await ask(() => json(items), encoding);
    assertEquals(response.headers.get("content-encoding"), encoding);
    assertEquals(response.headers.get("vary"), "Accept-Encoding");
    assertEquals(response.headers.get("content-type"), "application/json");
    assertEquals(await unpacked(response), long);
  });
}

const plain: [what: string, handler: Handler, accept?: string][] = [
  ["an answer nobody wants compressed", () => json(items), "identity"],
  ["an answer whose client names nothing", () => json(items), ""],
  ["an answer under the threshold", () => json(new Array(100).fill("item"))],
  ["a declared length under the threshold", () =>
    new Response("x".repeat(100), {
      headers: { "content-length": "100", "content-type": "text/plain" },
    })],
  ["a picture", () => new Response(long, { headers: { "content-type": "image/png" } })],
  ["an answer of no type", () => new Response(new TextEncoder().encode(long))],
  [
    "what is encoded already",
    () =>
      new Response(long, { headers: { "content-type": "text/plain", "content-encoding": "x" } }),
  ],
  ["no-transform", () =>
    new Response(long, {
      headers: { "content-type": "text/plain", "cache-control": "public, no-transform" },
    })],
  ["a part of a file", () =>
    new Response(long, {
      status: 206,
      headers: { "content-type": "text/plain", "content-range": "bytes 0-9/99" },
    })],
  ["no body", () => new Response(null, { headers: { "content-type": "text/plain" } })],
  ["a 304", () => new Response(null, { status: 304, headers: { "content-type": "text/plain" } })],
  ["a stream of events", (_request, context) => sse(context, [long])],
];

for (const [what, handler, accept = "gzip"] of plain) {
  Deno.test(`compress() leaves alone ${what}`, async () => {
    const response = await ask(handler, accept);
    const encoding = response.headers.get("content-encoding");
    assert(encoding === null || encoding === "x", `encoded in ${encoding}`);
    await response.body?.cancel();
  });
}

Deno.test("compress() says Vary where another client would get other bytes, and only there", async () => {
  const vary = async (handler: Handler) => (await ask(handler, "identity")).headers.get("vary");
  assertEquals(await vary(() => json(items)), "Accept-Encoding");
  assertEquals(
    await vary(() => new Response(long, { headers: { "content-type": "image/png" } })),
    null,
  );
});

for (const thresholdBytes of [0, long.length]) {
  Deno.test(`compress() compresses from ${thresholdBytes} bytes on, and not below`, async () => {
    const response = await ask(() => json(items), "gzip", { thresholdBytes });
    assertEquals(response.headers.get("content-encoding"), "gzip");
    assertEquals(await unpacked(response), long);
    const below = await ask(() => json(items), "gzip", { thresholdBytes: thresholdBytes + 3506 });
    assertEquals([below.headers.get("content-encoding"), await below.text()], [null, long]);
  });
}

Deno.test("compress() weakens a strong etag, keeps a weak one and drops what no longer holds", async () => {
  const answer = async (etag: string) => {
    const headers = {
      etag,
      "content-type": "text/plain",
      "content-length": String(long.length),
      "accept-ranges": "bytes",
    };
    const response = await ask(() => new Response(long, { headers }), "gzip");
    await response.body?.cancel();
    return ["etag", "content-length", "accept-ranges"].map((name) => response.headers.get(name));
  };
  assertEquals(await answer('"a"'), ['W/"a"', null, null]);
  assertEquals(await answer('W/"a"'), ['W/"a"', null, null]);
});

Deno.test("compress() joins chunks, whatever their size, and keeps status and headers", async () => {
  const chunks = () =>
    ReadableStream.from(Array.from(long, (letter) => new TextEncoder().encode(letter)));
  const response = await ask(
    () =>
      new Response(chunks(), { status: 201, headers: { "content-type": "text/x", "x-a": "b" } }),
    "gzip",
  );
  assertEquals([response.status, response.headers.get("x-a")], [201, "b"]);
  assertEquals(await unpacked(response), long);
  const short = await ask(
    () => new Response(chunks(), { headers: { "content-type": "text/x" } }),
    "gzip",
    { thresholdBytes: 1_000_000 },
  );
  assertEquals([short.headers.get("content-encoding"), await short.text()], [null, long]);
});

Deno.test("compress() takes an answer with sealed headers", async () => {
  const sealed = () => fetch(`data:text/plain,${"x".repeat(2000)}`);
  const response = await ask(sealed, "gzip");
  assertEquals(await unpacked(response), "x".repeat(2000));
});

Deno.test("compress() lets go of its source when the client goes away", async () => {
  const cancelled = Promise.withResolvers<void>();
  const body = () =>
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(5000)),
      cancel: () => cancelled.resolve(),
    });
  const response = await ask(
    () => new Response(body(), { headers: { "content-type": "text/plain" } }),
    "gzip",
  );
  await response.body!.cancel("gone");
  await cancelled.promise;
});

Deno.test("compress() answers 500 when the body fails before its first bytes", async () => {
  const response = await ask(
    () =>
      new Response(ReadableStream.from(failing()), { headers: { "content-type": "text/plain" } }),
    "gzip",
  );
  assertEquals(response.status, 500);
  await response.body?.cancel();
});

// deno-lint-ignore require-yield -- It fails before it would.
async function* failing(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  await Promise.reject(new Error("broken source"));
}

Deno.test("compress() offers only what it is told to, the first to those who take any", async () => {
  const encodings = ["deflate", "gzip"] as const;
  const chosen = async (accept: string) => {
    const response = await ask(() => json(items), accept, { encodings });
    await response.body?.cancel();
    return response.headers.get("content-encoding");
  };
  assertEquals(await chosen("*"), "deflate");
  assertEquals(await chosen("br"), null);
});

Deno.test("compress() refuses options that make no sense", () => {
  assertThrows(() => compress({ thresholdBytes: -1 }), RangeError, "thresholdBytes >= 0, got -1");
  assertThrows(() => compress({ encodings: ["zip" as "gzip"] }), RangeError, "got zip");
});
