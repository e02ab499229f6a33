import { assertEquals } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { Stream } from "./stream.ts";

const seed = Date.now() | 0;
console.log(`stream_property_test seed ${seed}`);

/** A step of a stream and the same step over an array. */
interface Step {
  readonly name: string;
  stream(stream: Stream<number>): Stream<number>;
  array(items: number[]): number[];
}

async function pass<T>(value: T, turns: number): Promise<T> {
  for (; turns > 0; turns--) await Promise.resolve();
  return value;
}

const small = fc.integer({ min: 1, max: 6 });
const workers = fc.integer({ min: 1, max: 5 });
const order = (a: number, b: number) => a - b;
const unique = (items: number[], key: (n: number) => number) =>
  items.filter((n, index) => items.findIndex((it) => key(it) === key(n)) === index);
const chunks = (items: number[], size: number) =>
  Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );

const steps: fc.Arbitrary<Step>[] = [
  small.map((n) => ({
    name: `head(${n})`,
    stream: (it) => it.head(n),
    array: (it) => it.slice(0, n),
  })),
  small.map((n) => ({
    name: `tail(${n})`,
    stream: (it) => it.tail(n),
    array: (it) => it.slice(-n),
  })),
  small.map((n) => ({
    name: `skip(${n})`,
    stream: (it) => it.skip(n),
    array: (it) => it.slice(n),
  })),
  small.map((n) => ({
    name: `distinct(% ${n})`,
    stream: (it) => it.distinct((item) => item % n),
    array: (it) => unique(it, (item) => item % n),
  })),
  small.map((n) => ({
    name: `split(${n})`,
    stream: (it) => it.split(n).map((list) => list.reduce((a, b) => a + b), { ordered: true }),
    array: (it) => chunks(it, n).map((list) => list.reduce((a, b) => a + b)),
  })),
  fc.constant({
    name: "reverse()",
    stream: (it: Stream<number>) => it.reverse(),
    array: (it: number[]) => it.toReversed(),
  }),
  fc.constant({
    name: "sort()",
    stream: (it: Stream<number>) => it.sort(order),
    array: (it: number[]) => it.toSorted(order),
  }),
  small.map((n) => ({
    name: `group(% ${n})`,
    stream: (it) => it.group((item) => item % n).flatMap((list) => list, { ordered: true }),
    array: (it) => [...Map.groupBy(it, (item) => item % n).values()].flat(),
  })),
  workers.map((count) => ({
    name: `map(workers ${count})`,
    stream: (it) => it.map((n) => pass(n + 1, Math.abs(n) % 5), { workers: count, ordered: true }),
    array: (it) => it.map((n) => n + 1),
  })),
  workers.map((count) => ({
    name: `filter(workers ${count})`,
    stream: (it) =>
      it.filter((n) => n % 2 === 0 ? true : pass(n % 3 === 0, 2), {
        workers: count,
        ordered: true,
      }),
    array: (it) => it.filter((n) => n % 2 === 0 || n % 3 === 0),
  })),
  workers.map((count) => ({
    name: `flatMap(workers ${count})`,
    stream: (it) =>
      it.flatMap((n) => Array(Math.abs(n) % 3).fill(n), { workers: count, ordered: true }),
    array: (it) => it.flatMap((n) => Array<number>(Math.abs(n) % 3).fill(n)),
  })),
  fc.nat(4).map((size) => ({
    name: `buffer(${size})`,
    stream: (it) => it.buffer(size),
    array: (it) => it,
  })),
];

const items = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 30 });
const pipeline = fc.array(fc.oneof(...steps), { maxLength: 5 });

Deno.test("Stream does through any pipeline what arrays do", async () => {
  await fc.assert(
    fc.asyncProperty(items, pipeline, async (input, chosen) => {
      const stream = chosen.reduce((it, step) => step.stream(it), Stream.from(input));
      const array = chosen.reduce((it, step) => step.array(it), input);
      assertEquals(await stream.toArray(), array, chosen.map(({ name }) => name).join("."));
    }),
    { seed, numRuns: 300 },
  );
});

Deno.test("Stream without order gives the same items, through any number of workers", async () => {
  await fc.assert(
    fc.asyncProperty(items, workers, async (input, workers) => {
      const stream = Stream.from(input)
        .map((n) => pass(n * 2, Math.abs(n) % 7), { workers })
        .filter((n) => n % 3 !== 0, { workers })
        .flatMap((n) => [n, n], { workers });
      const expected = input.map((n) => n * 2).filter((n) => n % 3 !== 0).flatMap((n) => [n, n]);
      assertEquals((await stream.toArray()).sort(order), expected.sort(order));
    }),
    { seed, numRuns: 150 },
  );
});

Deno.test("Stream closes its source once, wherever the consumer stops", async () => {
  await fc.assert(
    fc.asyncProperty(items, pipeline, fc.nat(10), async (input, chosen, stopAfter) => {
      let [opened, closed] = [0, 0];
      const source = async function* () {
        opened++;
        try {
          for (const item of input) yield await pass(item, 1);
        } finally {
          closed++;
        }
      };
      const stream = chosen.reduce((it, step) => step.stream(it), Stream.from(source));
      let left = stopAfter;
      for await (const _item of stream) if (left-- === 0) break;
      // A source that was just asked for an item closes when it has answered; nobody waits for that.
      await new FakeClock().advance(0);
      assertEquals([opened, closed], [1, 1]);
    }),
    { seed, numRuns: 150 },
  );
});

Deno.test("Stream.concat() gives all items and keeps the order within each stream", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(items, { maxLength: 4 }), async (inputs) => {
      const streams = inputs.map((input, index) =>
        Stream.from(input).map((n) => pass({ index, n }, Math.abs(n) % 4), { ordered: true })
      );
      const got = await Stream.concat(...streams).toArray();
      const split = inputs.map((_, index) =>
        got.filter((it) => it.index === index).map(({ n }) => n)
      );
      assertEquals(split, inputs);
    }),
    { seed, numRuns: 100 },
  );
});
