import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import type { WorkOptions } from "./options.ts";
import { Stream } from "./stream.ts";

const E = new Error("E");
const ascending = (a: number, b: number) => a - b;
const of = (...items: number[]) => Stream.from(items);
const sum = (stream: Stream<number>) =>
  stream.reduce(async (items) => {
    let sum = 0;
    for await (const item of items) sum += item;
    return sum;
  });

/** Items from 0 on, and whether the source was closed. */
function endless() {
  const seen = { taken: 0, closed: 0 };
  const source = async function* (): AsyncGenerator<number, void, undefined> {
    try {
      for (;; seen.taken++) yield await Promise.resolve(seen.taken);
    } finally {
      seen.closed++;
    }
  };
  return { source, seen };
}

const evenThrows = (n: number) => {
  if (n % 2 === 0) throw E;
  return n * n;
};
const dropped: WorkOptions<number> = { onError: () => {} };

const rows: { name: string; run: () => Promise<unknown>; gives: unknown }[] = [
  { name: "map() squares", run: () => sum(of(1, 2, 3, 4).map((n) => n * n)), gives: 30 },
  {
    name: "map() sets even ones to zero",
    run: () => sum(of(1, 2, 3, 4).map((n) => n % 2 === 0 ? 0 : n * n)),
    gives: 10,
  },
  {
    name: "map() drops what throws where told to",
    run: () => sum(of(1, 2, 3, 4).map(evenThrows, dropped)),
    gives: 10,
  },
  {
    name: "map() drops what throws with workers 0",
    run: () => sum(of(1, 2, 3, 4).map(evenThrows, { ...dropped, workers: 0 })),
    gives: 10,
  },
  {
    name: "map() drops what rejects, in order, unlimited",
    run: () =>
      of(1, 2, 3, 4).map(async (n) => evenThrows(await Promise.resolve(n)), {
        ...dropped,
        ordered: true,
        workers: Infinity,
      }).toArray(),
    gives: [1, 9],
  },
  {
    name: "filter() keeps even",
    run: () => sum(of(1, 2, 3, 4).filter((n) => n % 2 === 0)),
    gives: 6,
  },
  {
    name: "filter() takes a promise",
    run: () => sum(of(1, 2, 3, 4).filter((n) => Promise.resolve(n % 2 === 0))),
    gives: 6,
  },
  {
    name: "distinct() keeps the first of each",
    run: () => of(4, 1, 3, 2, 3, 4).distinct().toArray(),
    gives: [4, 1, 3, 2],
  },
  {
    name: "distinct() takes a key",
    run: () => of(10, 11, 20).distinct((n) => Math.floor(n / 10)).toArray(),
    gives: [10, 20],
  },
  { name: "head(2) gives two", run: () => sum(of(1, 2, 3, 4).head(2)), gives: 3 },
  { name: "head(6) gives all", run: () => sum(of(1, 2, 3, 4).head(6)), gives: 10 },
  { name: "tail(2) gives two", run: () => of(1, 2, 3, 4).tail(2).toArray(), gives: [3, 4] },
  {
    name: "tail(3) keeps the order",
    run: () => of(1, 2, 3, 4, 5).tail(3).toArray(),
    gives: [3, 4, 5],
  },
  { name: "tail(6) gives all", run: () => of(1, 2, 3, 4).tail(6).toArray(), gives: [1, 2, 3, 4] },
  { name: "skip(3) leaves one", run: () => of(1, 2, 3, 4).skip(3).toArray(), gives: [4] },
  { name: "skip(1) leaves three", run: () => of(1, 2, 3, 4).skip(1).count(), gives: 3 },
  { name: "skip(0) leaves all", run: () => of(1, 2).skip(0).toArray(), gives: [1, 2] },
  {
    name: "split(4) makes lists",
    run: () => of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).split(4).toArray(),
    gives: [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]],
  },
  { name: "split(2) of none makes none", run: () => of().split(2).toArray(), gives: [] },
  {
    name: "group() makes a list for each key",
    run: () => of(10, 20, 11, 21).group((n) => Math.floor(n / 10)).toArray(),
    gives: [[10, 11], [20, 21]],
  },
  { name: "merge() makes one list", run: () => of(1, 2).merge().toArray(), gives: [[1, 2]] },
  { name: "merge() of none makes one list", run: () => of().merge().toArray(), gives: [[]] },
  { name: "reverse() turns around", run: () => of(1, 2, 3).reverse().toArray(), gives: [3, 2, 1] },
  { name: "sort() sorts", run: () => of(3, 1, 2).sort(ascending).toArray(), gives: [1, 2, 3] },
  { name: "max() gives the greatest", run: () => of(1, 2, 9, 5, 8).max(ascending), gives: 9 },
  { name: "min() gives the least", run: () => of(-1, 1, 2, 9, 5, 8).min(ascending), gives: -1 },
  { name: "max() of none gives none", run: () => of().max(ascending), gives: undefined },
  {
    name: "max() and min() give the first of equals",
    run: async () => {
      const pairs = [[1, "a"], [1, "b"], [0, "c"], [0, "d"]] as const;
      const compare = (a: typeof pairs[number], b: typeof pairs[number]) => a[0] - b[0];
      const max = await Stream.from<typeof pairs[number]>(pairs).max(compare);
      const min = await Stream.from<typeof pairs[number]>(pairs).min(compare);
      return [max?.[1], min?.[1]];
    },
    gives: ["a", "c"],
  },
  {
    name: "walk() emits the odd",
    run: () => sum(of(1, 2, 3, 4, 5).walk<number>((n, emit) => n % 2 ? emit(n) : undefined)),
    gives: 9,
  },
  {
    name: "walk() keeps what was emitted before a throw",
    run: () =>
      of(1, 2).walk<number>(async (n, emit) => {
        await emit(n);
        throw E;
      }, dropped).sort(ascending).toArray(),
    gives: [1, 2],
  },
  {
    name: "flatMap() takes lists, generators and promises of them",
    run: () =>
      of(1, 2, 3).flatMap(
        (n): number[] | Promise<number[]> | (() => Iterable<number>) =>
          n === 1 ? [n, n] : n === 2 ? Promise.resolve([n]) : function* () {
            yield n;
            yield n;
          },
        { ordered: true },
      ).toArray(),
    gives: [1, 1, 2, 3, 3],
  },
  { name: "allMatch() of none", run: () => of().allMatch(() => false), gives: true },
  { name: "anyMatch() of none", run: () => of().anyMatch(() => true), gives: false },
  { name: "noneMatch() of none", run: () => of().noneMatch(() => true), gives: true },
  { name: "allMatch() of some", run: () => of(1, 2).allMatch((n) => n > 1), gives: false },
  { name: "anyMatch() of some", run: () => of(1, 2).anyMatch((n) => n > 1), gives: true },
  { name: "noneMatch() of some", run: () => of(1, 2).noneMatch((n) => n > 2), gives: true },
  { name: "first() gives the first", run: () => of(1, 2, 3).first(), gives: 1 },
  { name: "last() gives the last", run: () => of(1, 2, 3).last(), gives: 3 },
  {
    name: "first() and last() of none",
    run: () => Promise.all([of().first(), of().last()]),
    gives: [undefined, undefined],
  },
  { name: "just() gives its items", run: () => Stream.just(1, 2).toArray(), gives: [1, 2] },
  { name: "range() reads a string", run: () => Stream.range("ab").toArray(), gives: ["a", "b"] },
  {
    name: "concat() reads one that is given twice once",
    run: () => {
      const one = Stream.just(1);
      return one.concat(one).toArray();
    },
    gives: [1],
  },
  {
    name: "concat() reads all",
    run: () => of(1, 2).concat(of(3), of()).sort(ascending).toArray(),
    gives: [1, 2, 3],
  },
  { name: "concat() of nothing gives nothing", run: () => Stream.concat().toArray(), gives: [] },
  {
    name: "toReadableStream() gives a web stream",
    run: () => Array.fromAsync(of(1, 2).toReadableStream()),
    gives: [1, 2],
  },
  {
    name: "from() reads a web stream",
    run: () => Stream.from(ReadableStream.from([1, 2])).toArray(),
    gives: [1, 2],
  },
  { name: "buffer() passes all on", run: () => of(1, 2, 3).buffer(-1).toArray(), gives: [1, 2, 3] },
  { name: "done() answers nothing", run: () => of(1).done(), gives: undefined },
];

for (const { name, run, gives } of rows) {
  Deno.test(`Stream ${name}`, async () => assertEquals(await run(), gives));
}

Deno.test("Stream.forEach() waits for each, parallel() for several, forAll() hands over", async () => {
  const clock = new FakeClock({ autoAdvance: true });
  const seen: number[] = [];
  await of(3, 2, 1).forEach(async (ms) => {
    await clock.sleep(ms);
    seen.push(ms);
  });
  assertEquals(seen, [3, 2, 1]);
  let active = 0;
  let most = 0;
  const { source } = endless();
  await Stream.from(source).head(20).parallel(async () => {
    most = Math.max(most, ++active);
    for (let i = 0; i < 50; i++) await Promise.resolve();
    active--;
  }, { workers: 3 });
  assertEquals(most, 3);
  let handed = 0;
  await of(1, 2).forAll(async (items) => {
    for await (const item of items) handed += item;
  });
  assertEquals(handed, 3);
});

Deno.test("Stream.parallel() throws, or drops where told to", async () => {
  await assertRejects(() => of(1, 2).parallel(evenThrows), Error, "E");
  const errors: [unknown, number][] = [];
  await of(1, 2).parallel(evenThrows, { onError: (error, item) => errors.push([error, item]) });
  assertEquals(errors, [[E, 2]]);
});

Deno.test("Stream.map() keeps the order when told to, whatever takes how long", async () => {
  const clock = new FakeClock();
  const items = [30, 10, 20, 0, 5];
  const slow = (ms: number) => clock.sleep(ms).then(() => ms);
  const inOrder = of(...items).map(slow, { ordered: true }).toArray();
  const asTheyCome = of(...items).map(slow).toArray();
  await clock.advance(30);
  assertEquals([await inOrder, await asTheyCome], [items, [0, 5, 10, 20, 30]]);
});

Deno.test("Stream.generate() gives what is emitted, holds back, and is told when closed", async () => {
  const emitted: number[] = [];
  let signal: AbortSignal | undefined;
  const stream = Stream.generate<number>(async (emit, context) => {
    signal = context.signal;
    for (let i = 0; !context.signal.aborted; i++) {
      emitted.push(i);
      await emit(i);
    }
  });
  assertEquals(emitted, []); // Nothing runs before somebody reads.
  assertEquals(await stream.head(2).toArray(), [0, 1]);
  assertEquals(signal?.aborted, true);
  assertEquals(emitted.length <= 3, true);
});

Deno.test("Stream.generate() fails with what is thrown, after what came before", async () => {
  const seen: number[] = [];
  const stream = Stream.generate<number>(async (emit) => {
    await emit(1);
    throw E;
  });
  await assertRejects(() => stream.forEach((item) => void seen.push(item)), Error, "E");
  const sync = Stream.generate(() => {
    throw E;
  });
  await assertRejects(() => sync.done(), Error, "E");
  assertEquals(seen, [1]);
});

Deno.test("Stream.buffer() lets the producer be n + 1 ahead, once somebody reads", async () => {
  const { source, seen } = endless();
  const stream = Stream.from(source).buffer(5);
  const iterator = stream[Symbol.asyncIterator]();
  await new FakeClock().advance(0);
  assertEquals(seen.taken, 0);
  assertEquals(await iterator.next(), { done: false, value: 0 });
  await new FakeClock().advance(0);
  // One was read, five wait, one is in hand: six ahead. Item 6 was yielded and not asked past.
  assertEquals(seen.taken, 6);
  await iterator.return!();
  assertEquals(seen.closed, 1);
});

Deno.test("Stream.walk() takes no more than its workers while nobody reads", async () => {
  const { source, seen } = endless();
  const stream = Stream.from(source).map((n) => n, { workers: 4 });
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  await new FakeClock().advance(0);
  // One was read, four wait, four workers are held back.
  assertEquals(seen.taken, 8);
  await iterator.return!();
});

Deno.test("Stream is read once", async () => {
  const stream = of(1);
  await stream.done();
  await assertRejects(() => stream.done(), TypeError, "it has been read");
  assertThrows(() => stream[Symbol.asyncIterator](), TypeError);
});

for (const count of [0, -1, 1.5, NaN]) {
  Deno.test(`Stream refuses head, tail and split of ${count}`, () => {
    assertThrows(() => of().head(count), RangeError, "count >= 1");
    assertThrows(() => of().tail(count), RangeError, "count >= 1");
    assertThrows(() => of().split(count), RangeError, "size >= 1");
    if (count !== 0) assertThrows(() => of().skip(count), RangeError, "count >= 0");
  });
}

Deno.test("Stream refuses workers and a buffer that are no integers", () => {
  assertThrows(() => of().map(() => 1, { workers: 1.5 }), RangeError, "workers");
  assertThrows(() => of().buffer(NaN), RangeError, "size");
});

Deno.test("Stream.toReadableStream() closes the source when cancelled", async () => {
  const { source, seen } = endless();
  const reader = Stream.from(source).toReadableStream().getReader();
  assertEquals(await reader.read(), { done: false, value: 0 });
  await reader.cancel();
  assertEquals(seen.closed, 1);
  assertInstanceOf(reader, ReadableStreamDefaultReader);
});

const stops: Record<string, (stream: Stream<number>) => Promise<unknown>> = {
  "first()": (stream) => stream.first(),
  "head()": (stream) => stream.head(3).toArray(),
  "anyMatch()": (stream) => stream.anyMatch((n) => n === 2),
  "allMatch()": (stream) => stream.allMatch((n) => n < 2),
  "noneMatch()": (stream) => stream.noneMatch((n) => n === 2),
  "reduce() that leaves items": (stream) => stream.reduce(() => 1),
  "reduce() that throws": (stream) => stream.reduce(() => Promise.reject(E)).catch(() => {}),
  "a callback that throws": (stream) => stream.forEach(() => Promise.reject(E)).catch(() => {}),
  "disposal": (stream) => stream.skip(1)[Symbol.asyncDispose](),
};
const shapes: Record<string, (stream: Stream<number>) => Stream<number>> = {
  "the source": (stream) => stream,
  "map()": (stream) => stream.map((n) => n),
  "an ordered walk()": (stream) => stream.walk<number>((n, emit) => emit(n), { ordered: true }),
  "concat()": (stream) => stream.concat(of(1)),
  "buffer()": (stream) => stream.buffer(2),
  "steps": (stream) => stream.distinct().skip(0).split(1).map(([n]) => n!),
  "withSignal()": (stream) => stream.withSignal(new AbortController().signal),
};
for (const [stop, run] of Object.entries(stops)) {
  for (const [shape, through] of Object.entries(shapes)) {
    Deno.test(`Stream closes the source behind ${shape} at ${stop}`, async () => {
      const { source, seen } = endless();
      // Opened by a first read, so that there is something to close also when disposed.
      const iterator = source();
      await iterator.next();
      await run(through(Stream.from(() => iterator)));
      const opened = stop !== "disposal" && stop !== "reduce() that leaves items" &&
        stop !== "reduce() that throws";
      // What nobody has read from has not been opened, and is the caller's.
      assertEquals(seen.closed, opened ? 1 : 0);
      await iterator.return();
    });
  }
}

const long = Array.from({ length: 100_000 }, (_, i) => i);
const chains: Record<string, { stream: () => Stream<unknown>; count: number }> = {
  "a list that is nearly all dropped": {
    stream: () => Stream.from(long).distinct((n) => n % 2).skip(1),
    count: 1,
  },
  "a sorted list that is nearly all dropped": {
    stream: () => Stream.from(long).reverse().sort((a, b) => a - b).skip(99_998).split(9),
    count: 1,
  },
  "generated items behind several steps": {
    stream: () =>
      Stream.generate<number>(async (emit) => {
        for (const n of long) await emit(n);
      }).map((n) => n).filter((n) => n % 2 === 0).split(2).skip(10),
    count: 24_990,
  },
  "items buffered without limit": {
    stream: () => Stream.from(long).buffer(Infinity).skip(99_999),
    count: 1,
  },
};
for (const [name, { stream, count }] of Object.entries(chains)) {
  Deno.test(`Stream reads on through ${name} without piling up calls`, async () => {
    assertEquals(await stream().count(), count);
  });
}

Deno.test("Stream answers requests that do not wait for each other, in order", async () => {
  const streams: Stream<number>[] = [
    Stream.from(async function* () {
      for (const n of [1, 2, 3]) yield await Promise.resolve(n);
    }),
    Stream.from([1, 2, 3]).skip(0),
    Stream.from([3, 2, 1]).reverse(),
  ];
  for (const stream of streams) {
    const iterator = stream[Symbol.asyncIterator]();
    const answers = await Promise.all(Array.from({ length: 5 }, () => iterator.next()));
    assertEquals(answers.map(({ value }) => value), [1, 2, 3, undefined, undefined]);
  }
});
