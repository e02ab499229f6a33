import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { Ring } from "./ring.ts";

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const rows = [
  { name: "nothing", add: [], kept: [] },
  { name: "fewer than it holds", add: range(0, 2), kept: [0, 1, 2] },
  { name: "as many as it holds", add: range(0, 4), kept: [0, 1, 2, 3, 4] },
  { name: "more than it holds", add: range(0, 10), kept: [6, 7, 8, 9, 10] },
];
for (const { name, add, kept } of rows) {
  Deno.test(`Ring keeps the last of ${name}`, () => {
    const ring = new Ring<number>(5);
    for (const value of add) ring.add(value);
    assertEquals(ring.toArray(), kept);
    assertEquals([...ring], kept);
    assertEquals(ring.size, kept.length);
  });
}

for (const capacity of [0, -1, 1.5, NaN]) {
  Deno.test(`Ring refuses capacity ${capacity}`, () => {
    assertThrows(() => new Ring(capacity), RangeError, `capacity >= 1, got ${capacity}`);
  });
}

Deno.test("Ring agrees with the end of an array", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer()), (capacity, values) => {
      const ring = new Ring<number>(capacity);
      for (const value of values) ring.add(value);
      assertEquals([...ring], values.slice(-capacity));
    }),
    { seed },
  );
});
