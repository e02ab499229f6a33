import { assertEquals, assertRejects } from "@std/assert";
import { type StreamEnd, watchStream } from "./watched_stream.ts";

async function* numbers(error?: unknown): AsyncGenerator<number> {
  yield 1;
  yield 2;
  if (error) throw error;
}

/** A stream, and what is told of it. */
function watched(begin: () => AsyncIterable<number>, replaced?: Error) {
  const ends: StreamEnd[] = [];
  const items: number[] = [];
  const stream = watchStream(begin, (end) => {
    ends.push(end);
    return replaced;
  }, (item) => items.push(item));
  return { stream, ends, items };
}

Deno.test("watchStream() tells of each item, and once of the end", async () => {
  const { stream, ends, items } = watched(() => numbers());
  const iterator = stream[Symbol.asyncIterator]();
  for (let i = 0; i < 4; i++) await iterator.next();
  await iterator.return?.();
  assertEquals(await iterator.next(), { done: true, value: undefined });
  assertEquals([ends, items], [[{ kind: "done" }], [1, 2]]);
});

Deno.test("watchStream() tells that its reader left, before whoever makes the items knows", async () => {
  const seen: string[] = [];
  const stream = watchStream(async function* () {
    try {
      yield* numbers();
    } finally {
      seen.push("made");
    }
  }, ({ kind }) => void seen.push(kind));
  for await (const _ of stream) break;
  assertEquals(seen, ["left", "made"]);
});

Deno.test("watchStream() tells of failures, of those at the beginning too, and throws what it is given for them", async () => {
  const error = new Error("no");
  const begins = [() => numbers(error), (): AsyncIterable<number> => {
    throw error;
  }];
  for (const begin of begins) {
    for (const replaced of [undefined, new Error("another")]) {
      const { stream, ends } = watched(begin, replaced);
      const thrown = await assertRejects(() => Array.fromAsync(stream));
      assertEquals([thrown, ends], [replaced ?? error, [{ kind: "failed", error }]]);
    }
  }
});

Deno.test("watchStream() does not begin before an item is asked for", async () => {
  let begun = 0;
  const { stream, ends } = watched(() => {
    begun++;
    return numbers();
  });
  await stream[Symbol.asyncIterator]().return?.();
  assertEquals([begun, ends], [0, [{ kind: "left" }]]);
});
