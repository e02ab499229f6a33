import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { backoffMs } from "./backoff.ts";

const wrong = [
  { retry: 0, options: {}, says: "retry >= 1, got 0" },
  { retry: NaN, options: {}, says: "retry >= 1, got NaN" },
  { retry: 1, options: { baseMs: -1 }, says: "got baseMs -1" },
  { retry: 1, options: { maxMs: Infinity }, says: "maxMs Infinity" },
];
for (const { retry, options, says } of wrong) {
  Deno.test(`backoffMs() refuses ${says}`, () => {
    assertThrows(() => backoffMs(retry, options), RangeError, says);
  });
}

Deno.test("backoffMs() stays within its bounds, for any retry", () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(1_000), fc.nat(20_000), chance, (
      retry,
      baseMs,
      maxMs,
      drawn,
    ) => {
      const waitMs = backoffMs(retry, { baseMs, maxMs, random: () => drawn });
      assert(waitMs >= 0 && waitMs <= maxMs && waitMs <= baseMs * 2 ** Math.min(retry - 1, 1000));
    }),
  );
  assertEquals(backoffMs(4_000, { random: () => 0.5 }), 5_000);
});
