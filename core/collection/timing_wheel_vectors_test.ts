import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { BloomFilter } from "./bloom_filter.ts";
import { MemoryBitStore } from "./bit_store.ts";
import { TimingWheel } from "./timing_wheel.ts";

Deno.test("TimingWheel is not moved by a wrong delay nor by a key it does not know", async () => {
  const clock = new FakeClock();
  const fired: number[] = [];
  using wheel = new TimingWheel<string, number>({
    tickMs: 100,
    slots: 3,
    execute: () => void fired.push(clock.now() / 100),
    clock,
  });
  wheel.set("any", 1, 400);
  wheel.move("any", 700);
  assertThrows(() => wheel.move("any", -100), RangeError);
  assertEquals(wheel.move("unknown", 100), false);
  await clock.advance(500);
  assertEquals(fired, []);
  await clock.advance(4_500);
  assertEquals(fired, [7]);
});

for (const data of ["hello", "world", ""]) {
  Deno.test(`BloomFilter of 64 bits lays ${JSON.stringify(data)} as a bitmap of Redis does`, async () => {
    // Bit 0 is the highest of byte 0.
    const places: Record<string, number[]> = {
      hello: [51, 34, 19, 23, 2, 10, 0, 20, 32, 13, 25, 53],
      world: [7, 46, 5, 27, 22, 12, 19, 53, 30, 44, 25, 16, 28],
      "": [53, 22, 50, 25, 45, 56, 51, 23, 62, 37, 24, 39, 49, 38],
    };
    const store = new MemoryBitStore(64);
    await new BloomFilter(store, 64).add(data);
    const expected = new Uint8Array(8);
    for (const bit of places[data]!) expected[bit >> 3]! |= 128 >> (bit & 7);
    assertEquals(store.toBytes().toHex(), expected.toHex());
  });
}
