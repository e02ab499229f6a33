import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import type { WalkContext } from "./options.ts";
import { Stream } from "./stream.ts";

const E = new Error("E");
const never = () => new Promise<never>(() => {});
const of = (...items: number[]) => Stream.from(items);
const throwE = () => {
  throw E;
};

/** A source that gives 1 and 2 and then `end`s. */
function source(end: () => Promise<IteratorResult<number>>) {
  const seen = { closed: 0 };
  const left = [1, 2];
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => left.length > 0 ? Promise.resolve({ done: false, value: left.shift()! }) : end(),
      return: () => (seen.closed++, Promise.resolve({ done: true, value: undefined })),
    }),
  };
  return { items, seen };
}

const through: Record<string, (stream: Stream<number>) => Stream<unknown>> = {
  "nothing": (stream) => stream,
  "map()": (stream) => stream.map((n) => n),
  "an ordered map()": (stream) => stream.map((n) => n, { ordered: true }),
  "filter()": (stream) => stream.filter(() => true),
  "flatMap()": (stream) => stream.flatMap((n) => [n]),
  "distinct()": (stream) => stream.distinct(),
  "head()": (stream) => stream.head(9),
  "skip()": (stream) => stream.skip(1),
  "split()": (stream) => stream.split(3),
  "group()": (stream) => stream.group((n) => n),
  "reverse()": (stream) => stream.reverse(),
  "tail()": (stream) => stream.tail(1),
  "sort()": (stream) => stream.sort(() => 0),
  "merge()": (stream) => stream.merge(),
  "concat()": (stream) => Stream.concat(of(9), stream),
  "buffer()": (stream) => stream.buffer(1),
  "withSignal()": (stream) => stream.withSignal(new AbortController().signal),
};

for (const [name, step] of Object.entries(through)) {
  for (const [how, end] of Object.entries({ rejects: () => Promise.reject(E), throws: throwE })) {
    Deno.test(`Stream passes on through ${name} that the source ${how}`, async () => {
      await assertRejects(() => step(Stream.from(source(end).items)).done(), Error, "E");
    });
  }

  Deno.test(`Stream is released through ${name} by abort from a source that never settles`, async () => {
    const { items, seen } = source(never);
    const controller = new AbortController();
    const done = step(Stream.from(items, { signal: controller.signal })).done();
    await new FakeClock().advance(0);
    controller.abort(E);
    await assertRejects(() => done, Error, "E");
    assertEquals(seen.closed, 1);
  });

  Deno.test(`Stream is closed through ${name} while it waits for a source that never settles`, async () => {
    const { items, seen } = source(never);
    const stream = step(Stream.from(items));
    const done = stream.done();
    await new FakeClock().advance(0);
    await stream[Symbol.asyncDispose]();
    await done; // A pending read is told that the stream has ended.
    assertEquals(seen.closed, 1);
  });

  Deno.test(`Stream calls nothing through ${name} for a signal aborted before`, async () => {
    let called = 0;
    const options = { signal: AbortSignal.abort(E) };
    const stream = Stream.from(() => (called++, [1]), options);
    await assertRejects(() => step(stream).done(), Error, "E");
    assertEquals(called, 0);
  });
}

type Callback = (n: number) => never;
const callbacks: Record<string, (stream: Stream<number>, fn: Callback) => Promise<unknown>> = {
  "map()": (stream, fn) => stream.map(fn).done(),
  "an ordered map()": (stream, fn) => stream.map(fn, { ordered: true }).done(),
  "filter()": (stream, fn) => stream.filter(fn).done(),
  "walk()": (stream, fn) => stream.walk(fn).done(),
  "flatMap()": (stream, fn) => stream.flatMap(fn).done(),
  "onError": (stream, fn) => stream.map(throwE, { onError: (_, n) => fn(n) }).done(),
  "distinct()": (stream, fn) => stream.distinct(fn).done(),
  "group()": (stream, fn) => stream.group(fn).done(),
  "sort()": (stream, fn) => stream.sort(fn).done(),
  "forEach()": (stream, fn) => stream.forEach(fn),
  "parallel()": (stream, fn) => stream.parallel(fn),
  "anyMatch()": (stream, fn) => stream.anyMatch(fn),
  "allMatch()": (stream, fn) => stream.allMatch(fn),
  "noneMatch()": (stream, fn) => stream.noneMatch(fn),
  "max()": (stream, fn) => stream.max(fn),
  "min()": (stream, fn) => stream.min(fn),
  "reduce()": (stream, fn) => stream.reduce(() => fn(0)),
  "forAll()": (stream, fn) => stream.forAll(() => fn(0)),
};
for (const [name, run] of Object.entries(callbacks)) {
  Deno.test(`Stream throws what the callback of ${name} throws`, async () => {
    await assertRejects(() => run(of(1, 2, 3), throwE), Error, "E");
  });
}

for (const ordered of [false, true]) {
  const how = ordered ? "in order" : "in any order";
  Deno.test(`Stream.map() ${how} fails after the items that came before, and closes`, async () => {
    const { items, seen } = source(never);
    const got: number[] = [];
    const stream = Stream.from(items).map((n) => n === 2 ? Promise.reject(E) : n, { ordered });
    await assertRejects(() => stream.forEach((n) => void got.push(n)), Error, "E");
    assertEquals([got, seen.closed], [[1], 1]);
  });

  Deno.test(`Stream.map() ${how} is released by abort from callbacks that never settle`, async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const inner: AbortSignal[] = [];
    const stream = Stream.from([1, 2]).withSignal(signal).map((_, context) => {
      inner.push(context.signal);
      return never();
    }, { ordered }).withSignal(signal);
    const done = stream.done();
    await new FakeClock().advance(0);
    controller.abort(E);
    await assertRejects(() => done, Error, "E");
    assert(inner.length > 0 && inner.every((it) => it.aborted));
  });

  Deno.test(`Stream.map() ${how} ignores what rejects after it was closed`, async () => {
    const { promise, reject } = Promise.withResolvers<number>();
    const second = Promise.withResolvers<void>();
    const stream = of(1, 2).map((n) => {
      if (n === 1) return second.promise.then(() => n);
      second.resolve();
      return promise;
    }, { ordered });
    assertEquals(await stream.first(), 1);
    reject(new Error("late")); // Unhandled, it would fail the test.
    await new FakeClock().advance(0);
  });
}

Deno.test("Stream.walk() drops what is emitted after it was closed", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let late: unknown = "not called";
  let context: WalkContext | undefined;
  const stream = of(1).walk<number>(async (n, emit, it) => {
    context = it;
    await emit(n);
    await promise;
    late = emit(n);
  });
  assertEquals(await stream.first(), 1);
  resolve();
  await new FakeClock().advance(0);
  assertEquals([late, context?.signal.aborted], [undefined, true]);
});

Deno.test("Stream.generate() is released by abort, before and during", async () => {
  let called = 0;
  const before = Stream.generate(() => called++, { signal: AbortSignal.abort(E) });
  await assertRejects(() => before.done(), Error, "E");
  const controller = new AbortController();
  let inner: AbortSignal | undefined;
  const during = Stream.generate((_, { signal }) => (inner = signal, never()), {
    signal: controller.signal,
  });
  const done = during.done();
  controller.abort(E);
  await assertRejects(() => done, Error, "E");
  assertEquals([called, inner?.aborted], [0, true]);
});

Deno.test("Stream.withSignal() closes a web stream for a signal aborted before", async () => {
  let cancelled = false;
  const web = new ReadableStream({ cancel: () => void (cancelled = true) });
  const stream = Stream.from(web).withSignal(AbortSignal.abort(E));
  await assertRejects(() => stream.done(), Error, "E");
  assertEquals(cancelled, true);
});

Deno.test("Stream.from() cancels a web stream with the reason of its signal", async () => {
  const controller = new AbortController();
  let reason: unknown;
  const web = new ReadableStream({ cancel: (it) => void (reason = it) });
  const done = Stream.from(web, { signal: controller.signal }).done();
  await new FakeClock().advance(0);
  controller.abort(E);
  await assertRejects(() => done, Error, "E");
  assertEquals([reason, web.locked], [E, false]);
});

Deno.test("Stream[Symbol.asyncDispose]() cancels a web stream that nobody has read", async () => {
  let cancelled = 0;
  const web = new ReadableStream({ cancel: () => void cancelled++ });
  const stream = Stream.from(web);
  await stream[Symbol.asyncDispose]();
  await stream[Symbol.asyncDispose]();
  await assertRejects(() => stream.done(), TypeError);
  assertEquals(cancelled, 1);
});

Deno.test("Stream passes on an error of a web stream, and one of closing", async () => {
  const web = new ReadableStream({ start: (controller) => controller.error(E) });
  await assertRejects(() => Stream.from(web).done(), Error, "E");
  const closing = new ReadableStream<number>({
    start: (controller) => controller.enqueue(1),
    cancel: throwE,
  });
  await assertRejects(() => Stream.from(closing).first(), Error, "E");
});

Deno.test("Stream.concat() closes the others when one fails", async () => {
  const { items, seen } = source(never);
  const failing = Stream.generate(() => Promise.reject(E));
  await assertRejects(() => Stream.concat(Stream.from(items), failing).done(), Error, "E");
  assertEquals(seen.closed, 1);
});

Deno.test("Stream leaves no listener on a signal that outlives it", async () => {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: unknown[]) => {
    listeners.add(args[1]);
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners.delete(args[1]);
    Reflect.apply(removeEventListener, signal, args);
  };
  const sources = [
    () => Stream.from([1, 2], { signal }),
    () =>
      Stream.from(async function* () {
        yield await Promise.resolve(1);
      }, { signal }),
    () => Stream.from(ReadableStream.from([1, 2]), { signal }),
    () => Stream.generate((emit) => emit(1), { signal }),
    () => of(1, 2).withSignal(signal),
    () => Stream.from(source(() => Promise.reject(E)).items, { signal }),
  ];
  for (const make of sources) {
    await make().done().catch(() => {});
    await make().first();
  }
  await new FakeClock().advance(0);
  assertEquals(listeners.size, 0);
});

const unread: Record<string, (stream: Stream<number>) => Stream<unknown>> = {
  "split()": (stream) => stream.split(3),
  "merge()": (stream) => stream.merge(),
  "tail()": (stream) => stream.tail(3),
};
for (const [name, step] of Object.entries(unread)) {
  Deno.test(`Stream drops what ${name} has gathered when it is closed`, async () => {
    const { items } = source(never);
    const stream = step(Stream.from(items));
    const got = stream.toArray();
    await new FakeClock().advance(0);
    await stream[Symbol.asyncDispose]();
    assertEquals(await got, []);
  });
}

Deno.test("Stream.head() passes on an error of closing, after its items", async () => {
  const got: number[] = [];
  const items = (async function* () {
    try {
      yield* [1, 2, 3];
    } finally {
      await Promise.reject(E);
    }
  })();
  const stream = Stream.from(items).head(2);
  await assertRejects(() => stream.forEach((n) => void got.push(n)), Error, "E");
  assertEquals(got, [1, 2]);
});

Deno.test("Stream.distinct() throws what its key throws, not what closing does", async () => {
  const closed: string[] = [];
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: 1 }),
      return: () => (closed.push("yes"), Promise.reject(new Error("of closing"))),
    }),
  };
  const stream = Stream.from(items).distinct(throwE);
  const iterator = stream[Symbol.asyncIterator]();
  await assertRejects(() => iterator.next(), Error, "E");
  assertEquals(closed, ["yes"]);
  assertEquals(await iterator.next(), { done: true, value: undefined });
});
