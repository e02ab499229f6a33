/** A seeded source of chance for tests; the seed is printed so that a failure can be had again. */
export function seededRandom(seed: number = Date.now() >>> 0): () => number {
  console.log(`seed ${seed}`);
  let state = seed >>> 0;
  return () => {
    // mulberry32: short, and good enough to draw test cases with.
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
