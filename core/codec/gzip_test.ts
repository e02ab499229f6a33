import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { CodecError } from "./errors.ts";
import { gunzip, gunzipStream, gzip } from "./gzip.ts";

Deno.test("gunzip() undoes gzip()", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), async (data) => {
      const bytes = new Uint8Array(data);
      assertEquals(await gunzip(await gzip(bytes)), bytes);
    }),
    { seed, numRuns: 30 },
  );
});

Deno.test("gunzip() takes exactly maxBytes and not one more", async () => {
  const zipped = await gzip(new Uint8Array(5000));
  assertEquals((await gunzip(zipped, { maxBytes: 5000 })).length, 5000);
  const error = await assertRejects(
    () => gunzip(zipped, { maxBytes: 4999 }),
    CodecError,
    "more than 4999",
  );
  assertEquals([error.code, error.httpStatus], ["resource_exhausted", 413]);
  assertEquals((await gunzip(await gzip(new Uint8Array(0)), { maxBytes: 0 })).length, 0);
});

Deno.test("gunzip() of a bomb never holds much more than its bound", async () => {
  const zipped = await gzip(new Uint8Array(64 * 1024 * 1024));
  assert(zipped.length < 70_000);
  const maxBytes = 1_000_000;
  await assertRejects(() => gunzip(zipped, { maxBytes }), CodecError, "more than 1000000");
  let largest = 0;
  const stream = ReadableStream.from([zipped]).pipeThrough(gunzipStream());
  for await (const chunk of stream) largest = Math.max(largest, chunk.length);
  assert(largest <= 4.5 * 1024 * 1024, `a chunk of ${largest} bytes`);
});

const bad: { name: string; data: (zipped: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> }[] =
  [
    { name: "what is no gzip", data: () => new TextEncoder().encode("hello, world") },
    { name: "nothing", data: () => new Uint8Array(0) },
    { name: "a cut off end", data: (zipped) => zipped.slice(0, -3) },
    { name: "half", data: (zipped) => zipped.slice(0, zipped.length >> 1) },
    {
      name: "a wrong checksum",
      data: (zipped) => zipped.map((byte, i) => i === zipped.length - 6 ? ~byte : byte),
    },
  ];
for (const { name, data } of bad) {
  Deno.test(`gunzip() refuses ${name}`, async () => {
    const zipped = await gzip(crypto.getRandomValues(new Uint8Array(9000)));
    const error = await assertRejects(
      () => gunzip(data(zipped)),
      CodecError,
      "is no gzip or is cut off",
    );
    assertEquals(error.code, "invalid_argument");
  });
}

Deno.test("gunzipStream() passes on what its source throws, and stops the source when it fails itself", async () => {
  const failing = new ReadableStream({
    pull: (controller) => controller.error(new Error("source down")),
  });
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>, maxBytes: number) => {
    for await (const _ of stream.pipeThrough(gunzipStream({ maxBytes })));
  };
  await assertRejects(() => read(failing, 10), Error, "source down");

  const zipped = await gzip(new Uint8Array(100_000));
  let stopped = false;
  let sent = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      if (!sent) controller.enqueue(zipped);
      sent = true;
    },
    cancel: () => void (stopped = true),
  });
  await assertRejects(() => read(endless, 10), CodecError, "more than 10");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert(stopped);
});

for (const maxBytes of [-1, 1.5, NaN, Infinity]) {
  Deno.test(`gunzip() refuses maxBytes ${maxBytes}`, async () => {
    assertThrows(() => gunzipStream({ maxBytes }), RangeError, `maxBytes >= 0, got ${maxBytes}`);
    await assertRejects(() => gunzip(new Uint8Array(1), { maxBytes }), RangeError);
  });
}
