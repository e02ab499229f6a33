import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { Queue } from "./queue.ts";

const growth = [
  // deno-fmt-ignore
  [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 832, 1232, 1732, 2357, 3138, 4114],
  [1024, 1472],
];
for (const capacities of growth) {
  Deno.test(`Queue of ${capacities[0]} grows to ${capacities.at(-1)}`, () => {
    const queue = new Queue<number>(capacities[0]!);
    const seen = [queue.capacity];
    while (seen.length < capacities.length) {
      queue.put(0);
      if (queue.capacity !== seen.at(-1)) seen.push(queue.capacity);
    }
    assertEquals(seen, capacities);
  });
}

Deno.test("Queue keeps its order when it grows around the end", () => {
  const queue = new Queue<number>(4);
  for (const value of [1, 2, 3, 4]) queue.put(value);
  assertEquals(queue.take(), 1);
  queue.put(5);
  queue.put(6);
  assertEquals(queue.capacity, 8);
  assertEquals(Array.from({ length: 6 }, () => queue.take()), [2, 3, 4, 5, 6, undefined]);
  assertEquals(queue.size, 0);
});

for (const capacity of [0, -1, 1.5, NaN]) {
  Deno.test(`Queue refuses capacity ${capacity}`, () => {
    assertThrows(() => new Queue(capacity), RangeError, `capacity >= 1, got ${capacity}`);
  });
}

Deno.test("Queue agrees with an array", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const step = fc.option(fc.integer(), { nil: "take" as const });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { maxLength: 200 }),
      (capacity, steps) => {
        const queue = new Queue<number>(capacity);
        const naive: number[] = [];
        for (const step of steps) {
          if (step === "take") {
            assertEquals(queue.take(), naive.shift());
          } else {
            queue.put(step);
            naive.push(step);
          }
          assertEquals(queue.size, naive.length);
        }
      },
    ),
    { seed },
  );
});
