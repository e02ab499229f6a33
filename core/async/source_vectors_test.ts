/** Sources that misbehave: cursors over them close once, and a fault reaches whoever reads. */
import { assertEquals, assertRejects } from "@std/assert";
import { AsyncCursor, StreamCursor, SyncCursor } from "./_cursors.ts";
import { LinkedList } from "./_linked_list.ts";
import { Waiters } from "./_waiters.ts";

const E = new Error("E");
const DONE = { done: true, value: undefined } as const;
const throwE = () => {
  throw E;
};

Deno.test("SyncCursor answers done once closed, and does not close twice", async () => {
  let closed = 0;
  const iterator = {
    next: () => ({ done: false, value: 1 }),
    return: () => (closed++, { done: true as const, value: undefined }),
  };
  const cursor = new SyncCursor(iterator, undefined);
  assertEquals(await cursor.next(), { done: false, value: 1 });
  for (let i = 0; i < 2; i++) assertEquals(await cursor.return(), DONE);
  assertEquals([await cursor.next(), closed], [DONE, 1]);
});

Deno.test("SyncCursor passes on what closing and reading throw", async () => {
  const closing = new SyncCursor({ next: throwE, return: throwE }, undefined);
  await assertRejects(() => closing.return(), Error, "E");
  const reading = new SyncCursor({ next: throwE, return: throwE }, undefined);
  await assertRejects(() => reading.next(), Error, "E");
  assertEquals([await reading.next(), await reading.return()], [DONE, DONE]);
});

Deno.test("AsyncCursor passes on what next() throws before it answers", async () => {
  const cursor = new AsyncCursor<number>({ next: throwE }, undefined);
  await assertRejects(() => cursor.next(), Error, "E");
  assertEquals([await cursor.next(), await cursor.return()], [DONE, DONE]);
});

Deno.test("AsyncCursor answers reads that were not awaited in their order", async () => {
  let given = 0;
  const cursor = new AsyncCursor<number>({
    next: () => Promise.resolve({ done: false, value: ++given }),
  }, undefined);
  const results = await Promise.all([cursor.next(), cursor.next(), cursor.next()]);
  assertEquals(results.map(({ value }) => value), [1, 2, 3]);
});

Deno.test("AsyncCursor tells of an abort that came between two reads, once", async () => {
  const controller = new AbortController();
  let closed = 0;
  const cursor = new AsyncCursor<number>({
    next: () => Promise.resolve({ done: false, value: 1 }),
    return: () => (closed++, Promise.reject(E)), // A fault in closing has nobody to go to.
  }, controller.signal);
  await cursor.next();
  controller.abort(new Error("gone"));
  await assertRejects(() => cursor.next(), Error, "gone");
  assertEquals([await cursor.next(), closed], [DONE, 1]);
});

Deno.test("AsyncCursor forgets what a source says after it was closed", async () => {
  const late = Promise.withResolvers<IteratorResult<number>>();
  const cursor = new AsyncCursor<number>({ next: () => late.promise }, undefined);
  const pending = cursor.next();
  await cursor.return();
  assertEquals(await pending, DONE);
  late.reject(E);
  await late.promise.catch(() => {});
  assertEquals(await cursor.next(), DONE);
});

Deno.test("StreamCursor passes on what the stream fails with, and is closed then", async () => {
  const stream = new ReadableStream<number>({ pull: (controller) => controller.error(E) });
  const cursor = new StreamCursor(stream);
  await assertRejects(() => cursor.next(), Error, "E");
  assertEquals([await cursor.next(), await cursor.return()], [DONE, DONE]);
});

Deno.test("Waiters turn away those with a signal and those without, and leave no listener", async () => {
  const controller = new AbortController();
  const waiters = new Waiters<number>();
  const waits = [waiters.wait(controller.signal), waiters.wait(), waiters.wait(controller.signal)];
  const rejected = waits.map((wait) => assertRejects(() => wait, Error, "E"));
  waiters.rejectAll(E);
  await Promise.all(rejected);
  controller.abort(new Error("too late to matter"));
  assertEquals(waiters.size, 0);
  await assertRejects(() => waiters.wait(controller.signal), Error, "too late to matter");
});

Deno.test("Waiters pass over one that gave up in the middle", async () => {
  const controller = new AbortController();
  const waiters = new Waiters<number>();
  const [first, second, third] = [
    waiters.wait(),
    waiters.wait(controller.signal),
    waiters.wait(),
  ];
  const left = assertRejects(() => second!, Error, "E");
  controller.abort(E);
  await left;
  assertEquals([waiters.size, waiters.resolveAll(7)], [2, 2]);
  assertEquals(await Promise.all([first, third]), [7, 7]);
});

Deno.test("LinkedList lets members leave from the front, the middle and the end, each once", () => {
  const list = new LinkedList<number>();
  const links = [0, 1, 2, 3, 4].map((value) => list.push(value));
  for (const index of [2, 0, 4]) {
    assertEquals([list.remove(links[index]!), list.remove(links[index]!)], [true, false]);
  }
  assertEquals(list.size, 2);
  assertEquals([list.shift()?.value, list.shift()?.value, list.shift()], [1, 3, undefined]);
});
