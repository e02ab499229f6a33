import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../core/testing/seeded_random.ts";
import { randomSubset, stableSubset } from "./subset.ts";

const addresses = (count: number) => Array.from({ length: count }, (_, i) => `10.0.0.${i}:80`);

Deno.test("randomSubset() shuffles as others do", () => {
  const draws = [0, 2, 1, 0];
  const bounds = [5, 4, 3, 2];
  const scripted = () => {
    let next = 0;
    return () => (draws[next]! + 0.5) / bounds[next++]!;
  };
  const list = ["a", "b", "c", "d", "e"];
  assertEquals(randomSubset(list, { size: 5, random: scripted() }), ["d", "e", "b", "c", "a"]);
  assertEquals(randomSubset(list, { size: 3, random: scripted() }), ["d", "e", "b"]);
  assertEquals(list, ["a", "b", "c", "d", "e"]);
});

/** Entropy of how often each was chosen, 1 when all were alike. */
function entropyOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bits = counts.map((count) => {
    const p = Math.max(count / total, 1e-6);
    return -p * Math.log2(p);
  });
  return bits.reduce((sum, bit) => sum + bit, 0) / Math.log2(counts.length);
}

const seed = 11;
const choosers = {
  randomSubset: (list: readonly string[], size: number, random: () => number) =>
    randomSubset(list, { size, random }),
  stableSubset: (list: readonly string[], size: number, random: () => number) =>
    stableSubset(list, { size, clientId: `client ${random()}` }),
};
for (const [name, choose] of Object.entries(choosers)) {
  for (const size of [36, 200]) {
    Deno.test(`${name}() of 100 spreads ${size} evenly over clients`, () => {
      const random = seededRandom(seed);
      const list = addresses(100);
      const counts = new Map(list.map((address) => [address, 0]));
      for (let round = 0; round < 1_000; round++) {
        const chosen = choose(list, size, random);
        assertEquals(chosen.length, Math.min(size, 100));
        assertEquals(new Set(chosen).size, chosen.length);
        for (const address of chosen) counts.set(address, counts.get(address)! + 1);
      }
      const entropy = entropyOf([...counts.values()]);
      assert(entropy > 0.95, `seed ${seed}: entropy ${entropy}`);
    });
  }
}

Deno.test("stableSubset() exchanges one address at most when one comes or goes", () => {
  const options = { size: 32, clientId: "client 1" };
  const before = new Set(stableSubset(addresses(100), options));
  for (let i = 0; i < 100; i++) {
    const left = addresses(100).filter((_, at) => at !== i);
    const after = stableSubset(left, options);
    assert(after.filter((address) => !before.has(address)).length <= 1);
  }
  const more = stableSubset(addresses(101), options);
  assert(more.filter((address) => !before.has(address)).length <= 1);
});

Deno.test("stableSubset() gives all of few, in their order", () => {
  assertEquals(stableSubset(["b", "a"], { size: 32, clientId: "c" }), ["b", "a"]);
});

for (const size of [0, 1.5, NaN]) {
  Deno.test(`subsets of ${size} addresses are refused`, () => {
    assertThrows(() => stableSubset(["a"], { size, clientId: "c" }), RangeError, "size >= 1");
    assertThrows(() => randomSubset(["a"], { size }), RangeError, "size >= 1");
  });
}
