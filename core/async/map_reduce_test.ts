import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { CancelWithoutReasonError, ReduceNoOutputError } from "./errors.ts";
import {
  mapReduce,
  type MapReduceOptions,
  mapReduceStream,
  mapReduceVoid,
  type ReduceContext,
} from "./map_reduce.ts";

type Parts = Partial<MapReduceOptions<number, number, number>>;

const E = new Error("E");
const ITEMS = [1, 2, 3, 4];
const never = () => new Promise<never>(() => {});
const square: MapReduceOptions<number, number, number>["map"] = (item, { write }) =>
  write(item * item);

async function sum(items: AsyncIterable<number>, { write }: { write(sum: number): void }) {
  let sum = 0;
  for await (const item of items) sum += item;
  write(sum);
}

function run(parts: Parts = {}, items: Iterable<number> | AsyncIterable<number> = ITEMS) {
  return mapReduce<number, number, number>(items, { map: square, reduce: sum, ...parts });
}

const cancelOnThree = (error?: Error): Parts => ({
  map(item, context) {
    if (item % 3 === 0) context.cancel(error);
    return square(item, context);
  },
});

const cancelAboveTen: Parts = {
  async reduce(items, { write, cancel }) {
    let sum = 0;
    for await (const item of items) if ((sum += item) > 10) cancel(E);
    write(sum);
  },
};

const readOnly: Parts = {
  async reduce(items) {
    for await (const _item of items);
  },
};

const rows: {
  name: string;
  parts: Parts;
  value?: number;
  error?: new () => Error;
  says?: string;
}[] = [
  { name: "sums squares", parts: {}, value: 30 },
  { name: "raises workers -1 to 1", parts: { workers: -1 }, value: 30 },
  { name: "takes workers 0", parts: { workers: 0 }, value: 30 },
  { name: "takes unlimited workers", parts: { workers: Infinity }, value: 30 },
  { name: "throws what a mapper cancels with", parts: cancelOnThree(E), says: "E" },
  {
    name: "throws when a mapper cancels without an error",
    parts: cancelOnThree(),
    error: CancelWithoutReasonError,
  },
  { name: "throws what the reducer cancels with", parts: cancelAboveTen, says: "E" },
  { name: "throws when nothing was written", parts: readOnly, error: ReduceNoOutputError },
];

for (const { name, parts, value, error, says } of rows) {
  Deno.test(`mapReduce() ${name}`, async () => {
    if (value !== undefined) assertEquals(await run(parts), value);
    else await assertRejects(() => run(parts), error ?? Error, says ?? "");
  });
}

Deno.test("mapReduce() throws when the reducer writes twice", async () => {
  const reduce = async (items: AsyncIterable<number>, context: ReduceContext<number>) => {
    await sum(items, context);
    context.write(0);
  };
  await assertRejects(() => run({ reduce }), TypeError, "has written one already");
});

Deno.test("mapReduceVoid() sums squares", async () => {
  let total = 0;
  await mapReduceVoid<number, number>(ITEMS, {
    map: square,
    async reduce(items) {
      for await (const item of items) total += item;
    },
  });
  assertEquals(total, 30);
});

Deno.test("mapReduceVoid() throws what a mapper and what the reducer cancels with", async () => {
  const reduce = async (items: AsyncIterable<number>) => {
    for await (const _item of items);
  };
  const { map } = cancelOnThree(E);
  await assertRejects(() => mapReduceVoid(ITEMS, { map: map!, reduce }), Error, "E");
  await assertRejects(
    () => mapReduceVoid<number, number>(ITEMS, { map: square, reduce: (_, it) => it.cancel() }),
    CancelWithoutReasonError,
  );
});

Deno.test("mapReduce() gives values in the order of writing", async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const result = mapReduceVoid<number, number>([0, 1], {
    async map(item, { write }) {
      if (item === 0) await clock.sleep(50);
      await write(item);
    },
    async reduce(items) {
      for await (const item of items) seen.push(item);
    },
  });
  await clock.advance(50);
  await result;
  assertEquals(seen, [1, 0]);
});

Deno.test("mapReduce() closes the source when cancelled", async () => {
  let closed = false;
  let generated = 0;
  function* source() {
    try {
      for (; generated < 32; generated++) yield generated;
    } finally {
      closed = true;
    }
  }
  const map: Parts["map"] = (item, { cancel }) => item === 8 ? cancel(E) : undefined;
  await assertRejects(() => run({ map }, source()), Error, "E");
  assertEquals([closed, generated], [true, 8]);
});

Deno.test("mapReduce() throws the reason of a signal that a mapper aborts", async () => {
  const controller = new AbortController();
  const map: Parts["map"] = (item) => item === 8 ? controller.abort(E) : undefined;
  const items = Array.from({ length: 32 }, (_, i) => i);
  await assertRejects(() => run({ map, signal: controller.signal }, items), Error, "E");
});

Deno.test("mapReduce() calls nothing for a signal aborted before", async () => {
  let touched = 0;
  const source = () => (touched++, ITEMS);
  const parts = { map: () => void touched++, reduce: () => void touched++ };
  const signal = AbortSignal.abort(new DOMException("late", "TimeoutError"));
  const error = await assertRejects(() => mapReduce(source, { ...parts, signal }), DOMException);
  assertEquals([error.name, touched], ["TimeoutError", 0]);
});

for (const stuck of ["source", "mapper", "reducer"]) {
  Deno.test(`mapReduce() is released by abort from a ${stuck} that never settles`, async () => {
    const controller = new AbortController();
    let closed = 0;
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => stuck === "source" ? never() : Promise.resolve({ done: false, value: 1 }),
        return: () => (closed++, Promise.resolve({ done: true, value: undefined })),
      }),
    };
    const result = run({
      ...(stuck === "mapper" ? { map: never } : {}),
      ...(stuck === "reducer" ? { reduce: never } : {}),
      signal: controller.signal,
    }, source);
    await Promise.resolve();
    controller.abort(E);
    await assertRejects(() => result, Error, "E");
    assertEquals(closed, 1);
  });
}

Deno.test("mapReduce() tells mappers through their signal that it was cancelled", async () => {
  const seen: unknown[] = [];
  await assertRejects(() =>
    run({
      workers: 2,
      map(item, { cancel, signal }) {
        signal.addEventListener("abort", () => seen.push([item, signal.reason]));
        if (item === 2) cancel(E);
        return never();
      },
    })
  );
  assertEquals(seen, [[1, E], [2, E]]);
});

const throwing: Record<string, Parts["map"]> = {
  "a rejection": () => Promise.reject(E),
  "a synchronous throw": () => {
    throw E;
  },
};
for (const [name, map] of Object.entries(throwing)) {
  Deno.test(`mapReduce() stops at ${name} of a mapper`, async () => {
    let mapped = 0;
    const items = Array.from({ length: 1_000 }, (_, i) => i);
    const counting: Parts["map"] = (item, context) => (mapped++, map!(item, context));
    await assertRejects(() => run({ map: counting }, items), Error, "E");
    assertLess(mapped, 500);
  });
}

Deno.test("mapReduce() surfaces a throw once mappers in flight and the reducer are done", async () => {
  const clock = new FakeClock();
  const seen: string[] = [];
  const result = run({
    async map(item, { write }) {
      if (item === 4) throw E;
      await clock.sleep(10);
      await write(item);
    },
    async reduce(items) {
      for await (const item of items) seen.push(`got ${item}`);
      await clock.sleep(5);
      seen.push("reduced");
    },
  }).catch((error) => void seen.push(error.message));
  await clock.advance(14);
  assertEquals(seen, ["got 1", "got 2", "got 3"]);
  await clock.advance(1);
  await result;
  assertEquals(seen.slice(3), ["reduced", "E"]);
});

Deno.test("mapReduce() maps all items before a throw of the reducer surfaces", async () => {
  let mapped = 0;
  const items = Array.from({ length: 100 }, (_, i) => i);
  const map: Parts["map"] = (item, { write }) => (mapped++, write(item));
  const reduce = () => Promise.reject(E);
  await assertRejects(() => run({ map, reduce }, items), Error, "E");
  assertEquals(mapped, 100);
});

Deno.test("mapReduce() maps all items although the reducer returns early", async () => {
  let mapped = 0;
  const items = Array.from({ length: 100 }, (_, i) => i);
  const result = await run({
    map: (item, { write }) => (mapped++, write(item)),
    async reduce(items, { write }) {
      for await (const item of items) return write(item);
    },
  }, items);
  assertEquals([result, mapped], [0, 100]);
});

Deno.test("mapReduce() throws what the source throws, after what came before it", async () => {
  const seen: number[] = [];
  function* source() {
    yield 1;
    throw E;
  }
  const map: Parts["map"] = (item) => void seen.push(item);
  await assertRejects(() => run({ map }, source()), Error, "E");
  assertEquals(seen, [1]);
  const failing = (): number[] => {
    throw E;
  };
  await assertRejects(() => mapReduce(failing, { map, reduce: sum }), Error, "E");
});

Deno.test("mapReduce() prefers the error it was cancelled with to a result", async () => {
  const reduce = (_: unknown, { write, cancel }: ReduceContext<number>) => {
    write(1);
    cancel(E);
  };
  await assertRejects(() => run({ reduce }), Error, "E");
});

Deno.test("mapReduce() counts the first of two cancels", async () => {
  const map: Parts["map"] = (_, { cancel }) => {
    cancel(E);
    cancel(new Error("second"));
  };
  await assertRejects(() => run({ map }), Error, "E");
});

Deno.test("mapReduce() holds back mappers, and through them the source", async () => {
  let taken = 0;
  function* source() {
    for (; taken < 1_000; taken++) yield taken;
  }
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const result = run({
    workers: 4,
    map: (item, { write }) => write(item),
    async reduce(items, context) {
      await gate;
      await sum(items, context);
    },
  }, source());
  await new FakeClock().advance(1);
  // Four wait in the pipe, four workers are blocked, and one item has not been taken.
  assertEquals(taken, 7);
  open();
  assertEquals(await result, 499_500);
});

Deno.test("mapReduce() refuses a write that was not awaited and comes too late", async () => {
  const late = Promise.withResolvers<void>();
  let write: ((value: number) => unknown) | undefined;
  let refused: unknown;
  const result = await run({
    map(_, context) {
      write = context.write;
      return;
    },
    async reduce(items, context) {
      await sum(items, context);
      try {
        write!(1);
      } catch (error) {
        refused = error;
      }
      late.resolve();
    },
  });
  await late.promise;
  assertEquals(result, 0);
  assert(refused instanceof TypeError);
});

Deno.test("mapReduceStream() reads a web stream and cancels it when cancelled", async () => {
  const options = { map: square, reduce: sum };
  assertEquals(await mapReduceStream(ReadableStream.from(ITEMS), options), 30);
  let cancelled = false;
  const endless = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(1),
    cancel: () => void (cancelled = true),
  });
  const map: Parts["map"] = (_, { cancel }) => cancel(E);
  await assertRejects(() => mapReduceStream(endless, { map, reduce: sum }), Error, "E");
  assertEquals(cancelled, true);
});

for (const workers of [1.5, NaN]) {
  Deno.test(`mapReduce() refuses workers ${workers}`, async () => {
    await assertRejects(() => run({ workers }), RangeError, "workers");
  });
}

Deno.test("mapReduce() refuses a source that cannot be iterated", async () => {
  const source = (() => 5) as unknown as () => number[]; // What a caller without types could pass.
  await assertRejects(() => mapReduce(source, { map: square, reduce: sum }), TypeError, "iterable");
});
