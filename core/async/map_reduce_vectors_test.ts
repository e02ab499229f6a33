/** The table of map-reduce once more, in both forms, where `map_reduce_test.ts` has no row of it. */
import { assertEquals, assertRejects } from "@std/assert";
import { CancelWithoutReasonError } from "./errors.ts";
import { finish, finishVoid } from "./finish.ts";
import { mapReduce, type MapReduceOptions, mapReduceVoid } from "./map_reduce.ts";

type Map = MapReduceOptions<number, number, number>["map"];

const E = new Error("E");
const square: Map = (item, { write }) => write(item * item);

const cancelling = (error?: Error): Map => (item, context) => {
  if (item % 3 === 0) context.cancel(error);
  return square(item, context);
};

interface Row {
  name: string;
  map: Map;
  cancelAbove?: number;
  sum?: number;
  error?: new () => Error;
}

const rows: readonly Row[] = [
  { name: "sums squares", map: square, sum: 30 },
  { name: "throws what a mapper cancels with", map: cancelling(E), error: Error },
  {
    name: "throws for a cancel without a reason",
    map: cancelling(),
    error: CancelWithoutReasonError,
  },
  { name: "throws what the reducer cancels with", map: square, cancelAbove: 10, error: Error },
  { name: "needs no output", map: square, sum: 30 },
];

for (const { name, map, cancelAbove = Infinity, sum, error } of rows) {
  Deno.test(`mapReduceVoid() ${name}`, async () => {
    let seen = 0;
    const run = mapReduceVoid<number, number>([1, 2, 3, 4], {
      map,
      async reduce(items, { cancel }) {
        for await (const item of items) if ((seen += item) > cancelAbove) cancel(E);
      },
    });
    if (error) await assertRejects(() => run, error);
    else await run;
    if (sum !== undefined) assertEquals(seen, sum);
  });
}

for (const count of [0, 1, 2, 10, 100, 1000]) {
  const expected = (count - 1) * count * (2 * count - 1) / 6;
  Deno.test(`mapReduce() sums the squares of ${count} items to ${Math.abs(expected)}`, async () => {
    const items = Array.from({ length: count }, (_, index) => index);
    const sum = await mapReduce<number, number, number>(items, {
      map: square,
      async reduce(squares, { write }) {
        let sum = 0;
        for await (const item of squares) sum += item;
        write(sum);
      },
    });
    assertEquals(sum, Math.abs(expected)); // -0 for no items.
  });
}

const failures: readonly { name: string; fns: (() => unknown)[] }[] = [
  { name: "one of three fails", fns: [() => 2, () => Promise.reject(E), () => 5] },
  {
    name: "two fail",
    fns: [() => Promise.reject(E), () => Promise.reject(new Error("second")), () => 5],
  },
];
for (const { name, fns } of failures) {
  Deno.test(`finish() and finishVoid() throw the first error when ${name}`, async () => {
    for (const run of [finish, finishVoid]) {
      const thrown = await run(fns).catch((error: unknown) => error);
      assertEquals(thrown, E);
    }
  });
}
