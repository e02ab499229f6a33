import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { type BitStore, MemoryBitStore } from "./bit_store.ts";
import { BloomFilter, bloomOffsets } from "./bloom_filter.ts";

// deno-fmt-ignore
const placed: readonly (readonly [string | Uint8Array, number, readonly number[]])[] = [
  ["hello", 64, [51, 34, 34, 19, 23, 2, 10, 0, 20, 32, 13, 25, 51, 53]],
  ["hello", 1024, [307, 802, 866, 915, 983, 770, 138, 576, 596, 224, 781, 153, 819, 373]],
  ["hello", 20000, [14195, 7778, 19938, 2931, 6359, 11362, 18058, 10240, 12212, 1248, 5389, 7865, 10195, 6485]],
  ["world", 64, [7, 46, 46, 5, 27, 22, 12, 19, 53, 30, 44, 25, 16, 28]],
  ["world", 1024, [967, 878, 174, 197, 411, 470, 972, 979, 1013, 670, 236, 473, 720, 604]],
  [Uint8Array.of(0, 1, 2), 64, [24, 15, 46, 16, 6, 47, 15, 55, 42, 16, 50, 36, 55, 54]],
  [Uint8Array.of(0, 1, 2), 1024, [280, 655, 174, 784, 390, 815, 975, 1015, 234, 976, 306, 676, 183, 886]],
  ["", 64, [53, 22, 50, 25, 45, 56, 51, 23, 62, 37, 24, 39, 49, 38]],
];
for (const [data, bits, offsets] of placed) {
  Deno.test(`bloomOffsets() places ${JSON.stringify(data)} in ${bits} bits`, () => {
    assertEquals(bloomOffsets(data, bits), offsets);
  });
}

Deno.test("BloomFilter.add() sets the bits that the reference sets", async () => {
  const store = new MemoryBitStore(64);
  const filter = new BloomFilter(store, 64);
  await filter.add("hello");
  assertEquals(store.toBytes().toHex(), "a0241940a0001400");
  await filter.add("world");
  for (const text of ["hello", "world"]) assertEquals(await filter.has(text), true);
  for (const text of ["foo", "bar", "baz", "hell", "hello!"]) {
    assertEquals(await filter.has(text), false, text);
  }
});

Deno.test("BloomFilter.has() never denies what was added", async () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const bits = fc.integer({ min: 1, max: 5000 });
  await fc.assert(
    fc.asyncProperty(bits, fc.array(fc.uint8Array({ maxLength: 40 })), async (bits, values) => {
      const filter = new BloomFilter(new MemoryBitStore(bits), bits);
      for (const value of values) await filter.add(value);
      for (const value of values) assert(await filter.has(value));
    }),
    { seed },
  );
});

Deno.test("BloomFilter.has() is rarely wrong with twenty bits a value", async () => {
  const filter = new BloomFilter(new MemoryBitStore(20_000), 20_000);
  for (let i = 0; i < 1_000; i++) await filter.add(`in ${i}`);
  let wrong = 0;
  for (let i = 0; i < 20_000; i++) if (await filter.has(`out ${i}`)) wrong++;
  assert(wrong < 10, `${wrong} wrong, expected 1 or 2`);
});

Deno.test("BloomFilter takes a store that answers later, and passes its errors on", async () => {
  const calls: unknown[] = [];
  const signal = new AbortController().signal;
  const store: BitStore = {
    set: (offsets, options) => {
      calls.push(offsets.length, options?.signal);
      return Promise.resolve();
    },
    check: () => Promise.reject(new Error("store down")),
  };
  const filter = new BloomFilter(store, 100);
  await filter.add("a", { signal });
  assertEquals(calls, [14, signal]);
  await assertRejects(() => filter.has("a"), Error, "store down");
});

Deno.test("BloomFilter does not ask its store once aborted", async () => {
  const filter = new BloomFilter(new MemoryBitStore(8), 8);
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(() => filter.add("a", { signal }), Error, "gone");
  await assertRejects(() => filter.has("a", { signal }), Error, "gone");
  assertEquals(await filter.has("a"), false);
});

for (const bits of [0, -1, 1.5, 2 ** 32 + 1, NaN]) {
  Deno.test(`BloomFilter refuses ${bits} bits`, () => {
    assertThrows(
      () => new BloomFilter(new MemoryBitStore(8), bits),
      RangeError,
      "bits from 1 to 2^32",
    );
    assertThrows(() => new MemoryBitStore(bits), RangeError, `bits from 1 to 2^32, got ${bits}`);
  });
}

for (const offset of [-1, 64, 0.5, NaN]) {
  Deno.test(`MemoryBitStore refuses offset ${offset} of 64`, () => {
    const store = new MemoryBitStore(64);
    assertThrows(() => store.set([3, offset]), RangeError, `from 0 to 63, got ${offset}`);
    assertThrows(() => store.check([offset]), RangeError, `from 0 to 63, got ${offset}`);
    assertEquals(store.check([3]), false);
  });
}
