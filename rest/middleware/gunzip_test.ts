import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { BodyTooLargeError } from "../errors.ts";
import type { Handler } from "../handler.ts";
import { inflate } from "../request/inflate.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { gunzip, type GunzipOptions } from "./gunzip.ts";

type Bytes = Uint8Array<ArrayBuffer>;

async function packed(text: string | Bytes, format: CompressionFormat = "gzip"): Promise<Bytes> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A gzip body of `bytes` zeros; a thousandth of that itself. */
function bombOf(bytes: number): Promise<Bytes> {
  return packed(new Uint8Array(bytes));
}

const echo: Handler = async (request) => {
  const headers = ["content-encoding", "content-length"].map((name) => request.headers.get(name));
  return json({ text: await request.text(), headers });
};

async function post(
  body: Bytes | string,
  encoding: string | undefined,
  options: GunzipOptions = {},
  handler = echo,
): Promise<Response> {
  const config = { Name: "test", Port: 0, Middlewares: { Gunzip: false } };
  await using server = new Server(config, { log: new MemoryLog() });
  server.post("/", handler, { middleware: [gunzip(options)] });
  const headers = new Headers(encoding === undefined ? {} : { "content-encoding": encoding });
  headers.set("content-length", String(body.length));
  return await server.fetch(new Request("http://localhost/", { method: "POST", body, headers }));
}

const hello = await packed("hello");
const helloDeflate = await packed("hello", "deflate");
const half = hello.slice(0, hello.length - 6);
const badHeader = Uint8Array.of(0, 1, ...hello.slice(2));
const badSum = hello.with(hello.length - 6, hello.at(-6)! ^ 1) as Bytes;
const two = new Uint8Array(await new Blob([hello, hello]).arrayBuffer());

const accepted: [what: string, body: Bytes | string, encoding: string | undefined][] = [
  ["gzip", hello, "gzip"],
  ["GZIP, whatever its case", hello, " GZip "],
  ["x-gzip, its old name", hello, "x-gzip"],
  ["deflate", helloDeflate, "deflate"],
];

for (const [what, body, encoding] of accepted) {
  Deno.test(`gunzip() inflates ${what} and takes off the headers that no longer hold`, async () => {
    const response = await post(body, encoding);
    assertEquals(await response.json(), { text: "hello", headers: [null, null] });
  });
}

for (const encoding of [undefined, "identity", ""]) {
  Deno.test(`gunzip() passes on a body whose encoding is ${JSON.stringify(encoding)}`, async () => {
    const { text, headers } = await (await post("hello", encoding)).json();
    assertEquals([text, headers[1]], ["hello", "5"]);
  });
}

const refused: [what: string, body: Bytes | string, encoding: string, status: number][] = [
  ["an unknown encoding", "hello", "br", 415],
  ["several encodings", hello, "gzip, gzip", 415],
  ["a name of Object.prototype", hello, "constructor", 415],
  ["plain text that says gzip", "hello", "gzip", 400],
  ["a gzip header that is none", badHeader, "gzip", 400],
  ["a gzip body that breaks off", half, "gzip", 400],
  ["a wrong checksum", badSum, "gzip", 400],
  ["more after the end", two, "gzip", 400],
  ["gzip that says deflate", hello, "deflate", 400],
  ["nothing at all", "", "gzip", 400],
];

for (const [what, body, encoding, status] of refused) {
  Deno.test(`gunzip() answers ${status} to ${what}`, async () => {
    const response = await post(body, encoding);
    assertEquals(response.status, status);
    const accepts = response.headers.get("accept-encoding");
    assertEquals(accepts, status === 415 ? "gzip, deflate" : null);
    assertEquals((await response.json()).code, "invalid_argument");
  });
}

const bombs: [what: string, bytes: number, options: GunzipOptions, status: number][] = [
  ["a body of just the limit", 1000, { maxBytes: 1000, maxRatio: 1032 }, 200],
  ["a body of one byte more", 1001, { maxBytes: 1000, maxRatio: 1032 }, 413],
  ["a bomb", 200_000_000, { maxBytes: 1_000_000, maxRatio: 1032 }, 413],
  ["a bomb where only its ratio is limited", 200_000_000, { maxBytes: 0, maxRatio: 200 }, 413],
  ["high ratios up to a MiB", 1_048_576, { maxBytes: 0, maxRatio: 2 }, 200],
];

for (const [what, bytes, options, status] of bombs) {
  Deno.test(`gunzip() answers ${status} to ${what}`, async () => {
    const body = await bombOf(bytes);
    const response = await post(
      body,
      "gzip",
      options,
      async (request) => json((await request.arrayBuffer()).byteLength),
    );
    assertEquals(response.status, status);
    if (status === 200) assertEquals(await response.json(), bytes);
    else await response.body?.cancel();
  });
}

Deno.test("gunzip() costs nothing where the handler never reads", async () => {
  assertEquals(await (await post("not gzip", "gzip", {}, () => json("unread"))).json(), "unread");
});

for (const options of [{ maxBytes: -1 }, { maxBytes: 1.5 }, { maxBytes: NaN }, { maxRatio: 0.5 }]) {
  Deno.test(`gunzip() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => gunzip(options), RangeError, "Cannot limit inflation");
  });
}

for (const maxBytes of [100_000, 1_000_000, 10_000_000]) {
  Deno.test(`inflate() stops a bomb soon after ${maxBytes} bytes and lets go of the rest`, async () => {
    const bomb = await bombOf(100_000_000);
    let given = 0;
    let cancelled = false;
    const source = new ReadableStream<Bytes>({
      pull(controller) {
        controller.enqueue(bomb.slice(given, given += 1000));
      },
      cancel: () => void (cancelled = true),
    }, { highWaterMark: 0 });
    const limits = { maxBytes, maxRatio: 1032 };
    let inflated = 0;
    await assertRejects(async () => {
      for await (const chunk of inflate(source, "gzip", limits)) inflated += chunk.byteLength;
    }, BodyTooLargeError);
    assert(inflated <= maxBytes, `${inflated} bytes came out`);
    // Each given byte is 1032 of zeros: what is in flight may be inflated, and no more.
    assert(given * 1032 < maxBytes + 8_000_000, `${given} bytes went in`);
    assertEquals(cancelled, true);
  });
}

Deno.test("inflate() passes on why its source failed", async () => {
  const source = new ReadableStream<Bytes>({
    pull: () => Promise.reject(new BodyTooLargeError(7)),
  });
  const body = inflate(source, "gzip", { maxBytes: 10, maxRatio: 10 });
  await assertRejects(() => new Response(body).text(), BodyTooLargeError, "7 bytes");
});

Deno.test("inflate() lets go of its source when nobody reads on", async () => {
  let reason: unknown;
  const source = new ReadableStream<Bytes>({
    start: (controller) => controller.enqueue(hello.slice(0, 5)),
    cancel: (why) => void (reason = why),
  });
  const body = inflate(source, "gzip", { maxBytes: 10, maxRatio: 10 });
  await body.cancel("enough");
  assertEquals(reason, "enough");
});
