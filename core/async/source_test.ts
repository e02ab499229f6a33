import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { type Cursor, openSource, type Source } from "./source.ts";

const E = new Error("E");
const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };
const throwE = () => {
  throw E;
};
const never = () => new Promise<never>(() => {});
const turn = () => new FakeClock().advance(0);

/** What a receiver was told, as `read` tells it. */
function read<T>(cursor: Cursor<T>) {
  const told: unknown[] = [];
  cursor.read({
    resolve: (result) => void told.push(result.done ? "done" : result.value),
    reject: (error) => void told.push(error),
  });
  return told;
}

/** An iterator that gives 1 and then does as told; counts how often it was closed. */
function iteratorOf(next: () => unknown, onReturn: () => unknown = () => DONE) {
  let given = 0;
  const iterator = {
    closed: 0,
    next: () => given++ === 0 ? { done: false, value: 1 } : next(),
    return: () => (iterator.closed++, onReturn()),
  };
  return iterator;
}
// Sources of the wild answer with what they like; the types of these are made to fit.
const sync = (it: unknown) => ({ [Symbol.iterator]: () => it }) as Iterable<number>;
const async = (it: unknown) => ({ [Symbol.asyncIterator]: () => it }) as AsyncIterable<number>;

const kinds: Record<string, () => Source<number>> = {
  "an array": () => [1, 2],
  "an iterator": () => [1, 2].values(),
  "a set": () => new Set([1, 2]),
  "a generator": () =>
    (function* () {
      yield* [1, 2];
    })(),
  "an async generator": () =>
    (async function* () {
      yield* [1, 2];
    })(),
  "a web stream": () => ReadableStream.from([1, 2]),
  "an async iterable that answers without a promise": () => {
    const left = [1, 2];
    return async({ next: () => left.length ? { done: false, value: left.shift() } : DONE });
  },
  "a function": () => () => [1, 2],
};
for (const [name, source] of Object.entries(kinds)) {
  Deno.test(`openSource() reads ${name} by next() and by read(), and its end again and again`, async () => {
    const cursor = openSource(source());
    assertEquals(await cursor.next(), { done: false, value: 1 });
    const told = read(cursor);
    assertEquals(told, [], "read() tells nothing before it returns");
    await turn();
    assertEquals(told, [2]);
    for (let i = 0; i < 2; i++) {
      const end = read(cursor);
      await turn();
      assertEquals([end, await cursor.next(), await cursor.return()], [["done"], DONE, DONE]);
    }
  });

  Deno.test(`openSource() gives nothing of ${name} once closed before the first item`, async () => {
    const cursor = openSource(source());
    assertEquals([await cursor.return(), await cursor.next(), await cursor.return()], [
      DONE,
      DONE,
      DONE,
    ]);
  });

  Deno.test(`openSource() fails with the reason of a signal aborted between items of ${name}`, async () => {
    const controller = new AbortController();
    const cursor = openSource(source(), controller.signal);
    await cursor.next();
    controller.abort(E);
    await turn();
    await assertRejects(() => cursor.next(), Error, "E");
    assertEquals(await cursor.next(), DONE);
  });
}

for (const wrong of [7, null, undefined, {}, Symbol("s")]) {
  Deno.test(`openSource() fails with a TypeError for ${String(wrong)}`, async () => {
    const cursor = openSource((() => wrong) as () => Iterable<number>);
    const told = read(cursor);
    assertEquals(told, []);
    await turn();
    assert(told[0] instanceof TypeError);
    assertEquals(await cursor.next(), DONE);
  });
}

const faults: Record<string, () => Source<number>> = {
  "an iterator that throws": () => sync(iteratorOf(throwE)),
  "an async iterator that throws": () => async(iteratorOf(throwE)),
  "an async iterator that rejects": () => async(iteratorOf(() => Promise.reject(E))),
  "a web stream that errors": () => {
    let pulls = 0;
    return new ReadableStream<number>({
      pull: (controller) => pulls++ === 0 ? controller.enqueue(1) : controller.error(E),
    }, { highWaterMark: 0 });
  },
};
for (const [name, source] of Object.entries(faults)) {
  Deno.test(`Cursor passes on what ${name} fails with, once`, async () => {
    const cursor = openSource(source());
    assertEquals((await cursor.next()).value, 1);
    const told = read(cursor);
    assertEquals(told, [], "read() tells nothing before it returns");
    await turn();
    assert(told[0] instanceof Error);
    assertEquals([told.length, await cursor.next(), await cursor.return()], [1, DONE, DONE]);
  });
}

for (const kind of [sync, async]) {
  Deno.test(`Cursor.return() passes on what closing ${kind.name} items throws, and closes once`, async () => {
    const iterator = iteratorOf(never, throwE);
    const cursor = openSource(kind(iterator));
    await cursor.next();
    await assertRejects(() => cursor.return(), Error, "E");
    assertEquals([await cursor.return(), await cursor.next(), iterator.closed], [DONE, DONE, 1]);
  });
}

Deno.test("Cursor.return() tells pending reads at once, and drops what the iterator says later", async () => {
  for (const how of ["resolve", "reject"] as const) {
    const late = Promise.withResolvers<unknown>();
    const iterator = iteratorOf(() => late.promise, never);
    const cursor = openSource(async(iterator));
    await cursor.next();
    const told = read(cursor);
    assertEquals(await cursor.return(), DONE);
    assertEquals(told, ["done"]);
    late[how](E);
    await turn();
    assertEquals([told, await cursor.next(), iterator.closed], [["done"], DONE, 1]);
  }
});

Deno.test("Cursor.next() that did not wait for the one before is told of the end after a failure", async () => {
  const cursor = openSource(async(iteratorOf(() => Promise.reject(E))));
  await cursor.next();
  const outcomes = [cursor.next(), cursor.next(), cursor.next()];
  assertEquals((await Promise.allSettled(outcomes)).map(({ status }) => status), [
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
});

Deno.test("Cursor fails a pending read with the reason of its signal, and closes the source", async () => {
  const controller = new AbortController();
  const iterator = iteratorOf(never, () => Promise.reject(new Error("of closing")));
  const cursor = openSource(async(iterator), controller.signal);
  await cursor.next();
  const told = read(cursor);
  controller.abort(E);
  await turn();
  assertEquals([told, iterator.closed, await cursor.next()], [[E], 1, DONE]);
});
