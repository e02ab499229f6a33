import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { murmur3, murmur3Hex } from "./murmur3.ts";
import { murmur3Words, remainderOf } from "./murmur3_words.ts";

const halves: readonly (readonly [string | Uint8Array, string])[] = [
  ["", "0000000000000000"],
  ["a", "85555565f6597889"],
  ["ab", "938b11ea16ed1b2e"],
  ["abc", "b4963f3f3fad7867"],
  ["hello", "cbd8a7b341bd9b02"],
  ["hello, world", "342fac623a5ebc8e"],
  ["hello, world!\n", "646bbacbcae4aace"],
  ["19 Jan 2038 at 3:14:07 AM", "b89e5988b737affc"],
  ["The quick brown fox jumps over the lazy dog.", "cd99481f9ee902c9"],
  ["consistent-hash-test", "5c9aa76ef9c9ff8a"],
  ["0123456789abcde", "a62dd5f6c0bf2351"],
  ["0123456789abcdef", "4be06d94cf4ad1a7"],
  ["0123456789abcdefg", "8e32612daa45f9de"],
  ["一二三", "25292fb793a8b1e1"],
  [Uint8Array.of(0, 1, 2), "b872a12fef53e6be"],
  ["localhost:199", "9817f184af4bbfdc"],
];

for (const [input, hex] of halves) {
  Deno.test(`murmur3() hashes ${JSON.stringify(input)}`, () => {
    assertEquals(murmur3(input).toString(16).padStart(16, "0"), hex);
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    assertEquals(murmur3(bytes), murmur3(input));
  });
}

Deno.test("murmur3Hex() passes the verification of SMHasher", () => {
  // Hashes of 0, 1 ... 255 bytes with seeds 256, 255 ... are hashed once more; see VerificationTest in
  // https://github.com/aappleby/smhasher/blob/master/src/KeysetTest.cpp, and 0x6384BA69 in main.cpp.
  const key = Uint8Array.from({ length: 256 }, (_, i) => i);
  const hashes = new Uint8Array(256 * 16);
  for (let i = 0; i < 256; i++) hashes.set(littleEndian(key.subarray(0, i), 256 - i), i * 16);
  const [a, b, c, d] = littleEndian(hashes, 0);
  assertEquals((d! << 24 | c! << 16 | b! << 8 | a!) >>> 0, 0x6384ba69);
});

/** The hash as the reference lays it in memory. */
function littleEndian(data: Uint8Array, seed: number): Uint8Array {
  const bytes = Uint8Array.fromHex(murmur3Hex(data, { seed }));
  return Uint8Array.of(...bytes.slice(0, 8).reverse(), ...bytes.slice(8).reverse());
}

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, bits: bigint) => (x << bits | x >> (64n - bits)) & MASK;

function mixed(k: bigint): bigint {
  let x = k;
  x = ((x ^ x >> 33n) * 0xff51afd7ed558ccdn) & MASK;
  x = ((x ^ x >> 33n) * 0xc4ceb9fe1a85ec53n) & MASK;
  return x ^ x >> 33n;
}

/** The definition, word for word, on `BigInt`. */
function naive(data: Uint8Array, seed: number): string {
  const C1 = 0x87c37b91114253d5n;
  const C2 = 0x4cf5ad432745937fn;
  let h1 = BigInt(seed);
  let h2 = BigInt(seed);
  const at = (from: number, count: number) => {
    let k = 0n;
    for (let i = count - 1; i >= 0; i--) k = k << 8n | BigInt(data[from + i] ?? 0);
    return k;
  };
  const mix1 = (k: bigint) => h1 ^ (rotate((k * C1) & MASK, 31n) * C2) & MASK;
  const mix2 = (k: bigint) => h2 ^ (rotate((k * C2) & MASK, 33n) * C1) & MASK;
  let i = 0;
  for (; i + 16 <= data.length; i += 16) {
    h1 = ((rotate(mix1(at(i, 8)), 27n) + h2) * 5n + 0x52dce729n) & MASK;
    h2 = ((rotate(mix2(at(i + 8, 8)), 31n) + h1) * 5n + 0x38495ab5n) & MASK;
  }
  h2 = mix2(at(i + 8, 8));
  h1 = mix1(at(i, 8));
  h1 ^= BigInt(data.length);
  h2 ^= BigInt(data.length);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = (mixed(h1) + mixed(h2)) & MASK;
  const second = (mixed(h2) + h1) & MASK;
  return h1.toString(16).padStart(16, "0") + second.toString(16).padStart(16, "0");
}

Deno.test("murmur3Hex() agrees with the definition on BigInt", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const anySeed = fc.integer({ min: 0, max: 0xffffffff });
  const bytes = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(bytes, anySeed, (data, hashSeed) => {
      assertEquals(murmur3Hex(data, { seed: hashSeed }), naive(data, hashSeed));
    }),
    { seed, numRuns: 500 },
  );
});

Deno.test("murmur3Hex() hashes text as its UTF-8 bytes, whatever its length", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  const text = fc.oneof(fc.string({ maxLength: 200 }), fc.fullUnicodeString({ maxLength: 40 }));
  fc.assert(
    fc.property(text, (value) => {
      assertEquals(murmur3Hex(value), naive(new TextEncoder().encode(value), 0));
    }),
    { seed, numRuns: 500 },
  );
});

Deno.test("remainderOf() agrees with BigInt", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (text, divisor) => {
      const expected = Number(murmur3(text) % BigInt(divisor));
      assertEquals(remainderOf(murmur3Words(text, 0), divisor), expected);
    }),
    { seed },
  );
});

for (const seed of [-1, 0.5, 2 ** 32, NaN]) {
  Deno.test(`murmur3() refuses seed ${seed}`, () => {
    assertThrows(() => murmur3("", { seed }), RangeError, "seed from 0 to 2^32 - 1");
    assertThrows(() => murmur3Hex("", { seed }), RangeError, "seed from 0 to 2^32 - 1");
  });
}
