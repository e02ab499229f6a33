import { assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { LagWatch } from "./_lag_watch.ts";

/** A clock whose timers are late by what is said, as they are when something holds the loop. */
class LateClock extends FakeClock {
  lateMs = 0;

  override now(): number {
    return super.now() + this.lateMs;
  }
}

Deno.test("LagWatch.state() tells of stalls of the last second", async () => {
  const clock = new LateClock();
  using watch = new LagWatch(clock);
  assertEquals(watch.state(), { worstMs: 0, meanMs: 0 });
  await clock.advance(500);
  assertEquals(watch.state(), { worstMs: 0, meanMs: 0 });
  clock.lateMs = 50;
  await clock.advance(20);
  const { worstMs, meanMs } = watch.state();
  assertEquals(worstMs, 50);
  assertEquals(Math.round(meanMs * 10) / 10, 1.9); // Of 26 samples.
  await clock.advance(1100);
  assertEquals(watch.state().worstMs, 0);
});

Deno.test("LagWatch rests when nobody has asked for a while, and begins anew", async () => {
  const clock = new FakeClock();
  using watch = new LagWatch(clock);
  assertEquals(clock.pendingTimers, 0);
  watch.state();
  await clock.advance(5000);
  assertEquals(clock.pendingTimers, 1);
  await clock.advance(100);
  assertEquals(clock.pendingTimers, 0);
  await clock.advance(60_000);
  assertEquals(watch.state(), { worstMs: 0, meanMs: 0 }); // The pause is no lag.
  await clock.advance(20);
  assertEquals(watch.state(), { worstMs: 0, meanMs: 0 });
});
