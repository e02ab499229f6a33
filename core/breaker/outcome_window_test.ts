import { assertEquals } from "@std/assert";
import * as fc from "npm:fast-check@^3";
import { BUCKETS } from "./drop_ratio.ts";
import { OutcomeWindow } from "./_outcome_window.ts";

type Outcome = "S" | "F" | "D";

function add(window: OutcomeWindow, outcome: Outcome): void {
  if (outcome === "S") window.addSuccess();
  else if (outcome === "F") window.addFailure();
  else window.addDrop();
}

const streaks = [
  { buckets: "F F S F", failing: 1, working: 0 },
  { buckets: "S S - S", failing: 0, working: 3 },
  { buckets: "F D F", failing: 2, working: 0 },
  { buckets: "SF S", failing: 0, working: 1 },
  { buckets: "FS S", failing: 0, working: 1 },
  { buckets: "F S", failing: 0, working: 1 },
  { buckets: "S F", failing: 1, working: 0 },
];

for (const { buckets, failing, working } of streaks) {
  Deno.test(`OutcomeWindow counts the streaks of ${buckets}`, () => {
    const window = new OutcomeWindow(0);
    buckets.split(" ").forEach((outcomes, index) => {
      window.advance(index);
      for (const outcome of outcomes.replace("-", "")) add(window, outcome as Outcome);
    });
    assertEquals([window.failingBuckets, window.workingBuckets], [failing, working]);
  });
}

Deno.test("OutcomeWindow forgets a bucket after forty, and all of them after a pause", () => {
  const window = new OutcomeWindow(0);
  window.addFailure();
  window.advance(1);
  window.addDrop();
  window.advance(39);
  assertEquals([window.failed, window.dropped, window.failingBuckets], [1, 1, 1]);
  window.advance(40);
  assertEquals([window.failed, window.dropped, window.failingBuckets], [0, 1, 0]);
  window.advance(20); // Time does not run backwards; what is late counts now.
  window.addSuccess();
  window.advance(79);
  assertEquals([window.total, window.workingBuckets], [1, 1]);
  window.advance(80);
  assertEquals([window.total, window.workingBuckets], [0, 0]);
  window.addSuccess();
  window.advance(1_000_000);
  assertEquals([window.total, window.workingBuckets, window.lastBucket], [0, 0, 80]);
});

/** What the window says, computed by folding its buckets, oldest first. */
function fold(events: readonly { bucket: number; outcome: Outcome }[], now: number) {
  const sums = { accepted: 0, failed: 0, dropped: 0, workingBuckets: 0, failingBuckets: 0 };
  for (let bucket = now - BUCKETS + 1; bucket <= now; bucket++) {
    const outcomes = events.filter((event) => event.bucket === bucket).map(({ outcome }) =>
      outcome
    );
    const count = (kind: Outcome) => outcomes.filter((outcome) => outcome === kind).length;
    sums.accepted += count("S");
    sums.failed += count("F");
    sums.dropped += count("D");
    if (count("F") > 0) sums.workingBuckets = 0;
    else if (count("S") > 0) sums.workingBuckets++;
    if (count("S") > 0) sums.failingBuckets = 0;
    else if (count("F") > 0) sums.failingBuckets++;
  }
  return sums;
}

Deno.test("OutcomeWindow keeps sums and streaks equal to a fold over its buckets", () => {
  const step = fc.record({
    pause: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
    outcome: fc.constantFrom<Outcome>("S", "S", "F", "D"),
  });
  // fast-check prints the seed of a failure.
  fc.assert(fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
    const window = new OutcomeWindow(7);
    const events: { bucket: number; outcome: Outcome }[] = [];
    let bucket = 7;
    for (const { pause, outcome } of steps) {
      bucket += pause;
      window.advance(bucket);
      add(window, outcome);
      events.push({ bucket, outcome });
      const { accepted, failed, dropped, workingBuckets, failingBuckets } = window;
      assertEquals(
        { accepted, failed, dropped, workingBuckets, failingBuckets },
        fold(events, bucket),
      );
    }
  }));
});
