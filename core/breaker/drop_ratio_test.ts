import { assert, assertAlmostEquals } from "@std/assert";
import { BUCKETS, dropRatio, excessRatio } from "./drop_ratio.ts";

// Columns: accepted, total, failing, working, excess before the working streak, probability (0: accept).
const rows: readonly (readonly number[])[] = [
  [0, 4, 1, 0, -0.2, 0],
  [0, 5, 1, 0, 0, 0],
  [0, 6, 1, 0, 0.142857, 0.142857],
  [0, 10, 1, 0, 0.454545, 0.454545],
  [0, 100, 1, 0, 0.940594, 0.940594],
  [0, 10_000, 1, 0, 0.999400, 0.999400],
  [50, 100, 0, 0, 0.198020, 0.198020],
  [50, 100, 0, 10, 0.198020, 0.148515],
  [100, 155, 0, 0, 0, 0],
  [100, 156, 0, 0, 0.006369, 0.006369],
  [100, 160, 20, 0, 0.155280, 0.155280],
  [100, 160, 40, 0, 0.279503, 0.279503],
  [1000, 2000, 0, 10, 0.247376, 0.185532],
  [1000, 2000, 0, 40, 0.247376, 0],
];

for (const row of rows) {
  const [accepted, total, failingBuckets, workingBuckets, excess, probability] = row as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const inputs = { accepted, total, failingBuckets, workingBuckets };
  Deno.test(`dropRatio() is ${probability} for ${JSON.stringify(inputs)}`, () => {
    assertAlmostEquals(excessRatio(inputs), excess, 1e-6);
    assertAlmostEquals(dropRatio(inputs), probability, 1e-6);
  });
}

Deno.test("dropRatio() is a probability, and falls with each accepted call", () => {
  for (let total = 0; total <= 200; total += 7) {
    let last = 1;
    for (let accepted = 0; accepted <= total; accepted++) {
      const ratio = dropRatio({ total, accepted, failingBuckets: BUCKETS, workingBuckets: 0 });
      assert(ratio >= 0 && ratio < 1 && ratio <= last, `${accepted} of ${total}: ${ratio}`);
      last = ratio;
    }
  }
});
