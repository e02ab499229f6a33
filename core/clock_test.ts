import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "./clock.ts";

Deno.test("systemClock.setTimer() fires once and can be cancelled", async () => {
  const fired: string[] = [];
  using _cancelled = systemClock.setTimer(() => fired.push("cancelled"), 0);
  _cancelled.cancel();
  await new Promise<void>((resolve) => {
    systemClock.setTimer(() => resolve(), 1, { keepAlive: true });
  });
  assertEquals(fired, []);
});

Deno.test("systemClock.setInterval() fires until cancelled", async () => {
  let ticks = 0;
  await new Promise<void>((resolve) => {
    const timer = systemClock.setInterval(
      () => {
        if (++ticks === 3) {
          timer.cancel();
          resolve();
        }
      },
      1,
      { keepAlive: true },
    );
  });
  assertEquals(ticks, 3);
});

Deno.test("systemClock.sleep() rejects with the reason of its signal and leaves no timer", async () => {
  const controller = new AbortController();
  const slept = systemClock.sleep(60_000, { signal: controller.signal });
  controller.abort(new Error("gone"));
  await assertRejects(() => slept, Error, "gone");
  await assertRejects(
    () => systemClock.sleep(60_000, { signal: AbortSignal.abort(new Error("before")) }),
    Error,
    "before",
  );
});

Deno.test("systemClock.wallTime() is epoch milliseconds", () => {
  assert(systemClock.wallTime() > 1_700_000_000_000);
});
