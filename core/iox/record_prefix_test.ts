import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { recordPrefix } from "./record_prefix.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const streamOf = (...chunks: string[]) => ReadableStream.from(chunks.map(bytes));

const rows = [
  { chunks: ["hello world"], maxBytes: 4, prefix: "hell", truncated: true },
  { chunks: ["hello ", "world"], maxBytes: 8, prefix: "hello wo", truncated: true },
  { chunks: ["hello ", "world"], maxBytes: 11, prefix: "hello world", truncated: false },
  { chunks: ["hello"], maxBytes: Infinity, prefix: "hello", truncated: false },
  { chunks: ["hello"], maxBytes: 0, prefix: "", truncated: true },
  { chunks: [], maxBytes: 4, prefix: "", truncated: false },
];
for (const { chunks, maxBytes, prefix, truncated } of rows) {
  Deno.test(`recordPrefix() keeps ${maxBytes} bytes of ${JSON.stringify(chunks)}`, async () => {
    const recorded = recordPrefix(streamOf(...chunks), maxBytes);
    assertEquals(await new Response(recorded.stream).text(), chunks.join(""));
    assertEquals([text(recorded.prefix()), recorded.truncated], [prefix, truncated]);
  });
}

Deno.test("recordPrefix() reads nothing that its reader has not asked for", async () => {
  let pulled = 0;
  const source = new ReadableStream({
    pull: (controller) => controller.enqueue(bytes(`${pulled++}`)),
  }, { highWaterMark: 0 });
  const recorded = recordPrefix(source, 10);
  const reader = recorded.stream.getReader();
  assertEquals(text((await reader.read()).value!), "0");
  assertEquals(text(recorded.prefix()), "0");
  assertEquals(pulled <= 2, true); // One waits at the most.
  await reader.cancel();
});

Deno.test("recordPrefix() is not touched by what the reader does with its bytes", async () => {
  const recorded = recordPrefix(streamOf("abc"), 10);
  const reader = recorded.stream.getReader();
  const { value } = await reader.read();
  value!.fill(0);
  recorded.prefix().fill(0);
  assertEquals(text(recorded.prefix()), "abc");
  await reader.cancel();
});

Deno.test("recordPrefix() passes failures on in both directions", async () => {
  const E = new Error("E");
  const failing = recordPrefix(new ReadableStream({ pull: (it) => it.error(E) }), 1);
  await assertRejects(() => new Response(failing.stream).text(), Error, "E");
  const { promise: cancelled, resolve: cancel } = Promise.withResolvers<unknown>();
  const source = new ReadableStream({ pull: (it) => it.enqueue(bytes("a")), cancel });
  await recordPrefix(source, 1).stream.cancel(E);
  assertEquals(await cancelled, E);
});

for (const maxBytes of [-1, NaN]) {
  Deno.test(`recordPrefix() refuses maxBytes ${maxBytes}`, () => {
    assertThrows(() => recordPrefix(streamOf(), maxBytes), RangeError, `got ${maxBytes}`);
  });
}
