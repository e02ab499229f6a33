import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { LoopLag } from "../stat/loop_lag.ts";
import { SimulatedLoop } from "./_simulated_loop_test.ts";
import { QueueWait } from "./_queue_wait.ts";

/** Lets requests come evenly, each of so much work, and notes what each waited and what was said of it. */
function run(options: { perMs: number; workMs: number; durationMs: number }) {
  const loop = new SimulatedLoop();
  const wait = new QueueWait(new LoopLag({ clock: loop }));
  const seen: { saidMs: number; waitedMs: number }[] = [];
  const next = (dueMs: number) =>
    loop.at(dueMs, () => {
      if (dueMs < options.durationMs) next(dueMs + 1 / options.perMs);
      wait.arrive();
      const saidMs = wait.waitMs(loop.now());
      seen.push({ saidMs, waitedMs: loop.now() - dueMs });
      loop.work(options.workMs);
    });
  next(0);
  loop.runUntil(options.durationMs);
  return { seen, wait, loop };
}

Deno.test("QueueWait.waitMs() follows a queue that grows, request by request", () => {
  // Ten a millisecond of 0.15 ms: each millisecond leaves half a millisecond of work undone.
  const { seen, wait } = run({ perMs: 10, workMs: 0.15, durationMs: 300 });
  assertAlmostEquals(wait.ratePerMs, 1 / 0.15, 0.5); // As many as the loop can take.
  const last = seen.slice(-500);
  assert(last[0]!.waitedMs > 50, `${last[0]!.waitedMs} ms`);
  for (const { saidMs, waitedMs } of last) {
    // A queue that grows hides a part of how many come.
    assert(saidMs > 0.75 * waitedMs && saidMs < waitedMs + 2, `${saidMs} of ${waitedMs} ms`);
  }
});

Deno.test("QueueWait.waitMs() says little of a loop that keeps up", () => {
  const { seen } = run({ perMs: 4, workMs: 0.1, durationMs: 300 });
  for (const { saidMs, waitedMs } of seen) {
    assertEquals(waitedMs < 0.01, true);
    assert(saidMs < 2.5, `${saidMs} ms`);
  }
});

Deno.test("QueueWait.waitMs() is the lag of the loop where few requests come", () => {
  const loop = new SimulatedLoop();
  using lag = new LoopLag({ clock: loop });
  const wait = new QueueWait(lag);
  for (let i = 0; i < 20; i++) {
    wait.arrive();
    loop.runUntil(loop.now() + 50);
    loop.work(7);
    assertEquals(wait.waitMs(loop.now()), lag.lagMs(loop.now()));
  }
});

Deno.test("QueueWait.waitMs() is at least what the next timer is late already", () => {
  const { wait, loop } = run({ perMs: 10, workMs: 0.05, durationMs: 200 });
  loop.work(40);
  // Far more have come than the rate says, so by their number none should have waited.
  for (let i = 0; i < 10_000; i++) wait.arrive();
  assert(wait.waitMs(loop.now()) >= 36);
});

Deno.test("QueueWait begins anew after the loop was not looked at", () => {
  const { wait, loop } = run({ perMs: 10, workMs: 0.05, durationMs: 200 });
  assert(wait.ratePerMs > 5);
  // The sampler rests after a second in which nobody asks.
  loop.runUntil(loop.now() + 5000);
  wait.arrive();
  assertEquals(wait.waitMs(loop.now()), 0);
  assertEquals(wait.ratePerMs, 0);
});
