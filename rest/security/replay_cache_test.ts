import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { ReplayCache } from "./replay_cache.ts";

Deno.test("ReplayCache.remember() takes an id once, until it expires", () => {
  const clock = new FakeClock();
  const cache = new ReplayCache({ clock });
  assertEquals([cache.remember("a", 1_000), cache.remember("a", 9_000)], [true, false]);
  clock.elapse(1_000);
  assertEquals(cache.remember("a", 1_000), false);
  clock.elapse(1);
  assertEquals(cache.remember("a", 2_000), true);
  assertEquals(cache.size, 1);
});

Deno.test("ReplayCache.remember() drops what has expired", () => {
  const clock = new FakeClock();
  const cache = new ReplayCache({ clock });
  for (let i = 0; i < 1_000; i++) cache.remember(`a${i}`, i);
  clock.elapse(500);
  cache.remember("b", 1_000);
  assertEquals(cache.size, 501);
});

for (const whenFull of ["forget", "refuse"] as const) {
  Deno.test(`ReplayCache.remember() keeps within its bound: ${whenFull}`, () => {
    const clock = new FakeClock();
    const told: number[] = [];
    const onFull = (entries: number) => told.push(entries);
    const cache = new ReplayCache({ clock, maxEntries: 10, whenFull, onFull });
    const taken = Array.from({ length: 1_000 }, (_, i) => cache.remember(`${i}`, 60_000));
    assertEquals(cache.size, 10);
    assertEquals(taken.filter(Boolean).length, whenFull === "forget" ? 1_000 : 10);
    assertEquals(told, [10]);
    clock.elapse(60_001);
    assertEquals(cache.remember("0", 90_000), true);
    assertEquals(cache.size, 1);
  });
}

Deno.test("ReplayCache refuses a bound that is none", () => {
  for (const maxEntries of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => new ReplayCache({ maxEntries }), RangeError, "maxEntries");
  }
});
