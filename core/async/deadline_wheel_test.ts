import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { DeadlineWheel } from "./deadline_wheel.ts";

Deno.test("DeadlineWheel.schedule() never fires early and at most one tick late", async () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  let state = seed;
  const random = () => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  const clock = new FakeClock();
  using wheel = new DeadlineWheel({ clock, tickMs: 10, slots: 16 });
  const late: number[] = [];
  for (let i = 0; i < 500; i++) {
    const due = clock.now() + random() * 1_000;
    wheel.schedule(due - clock.now(), () => late.push(clock.now() - due));
    if (i % 10 === 0) await clock.advance(random() * 30);
  }
  await clock.advance(1_100);
  assertEquals(late.length, 500);
  assertEquals(late.filter((ms) => ms < -1e-6 || ms > 20), []);
});

Deno.test("DeadlineWheel fires what fell due during a stall of many turns", async () => {
  const clock = new FakeClock();
  using wheel = new DeadlineWheel({ clock, slots: 4 });
  let fired = 0;
  for (let ms = 10; ms <= 400; ms += 10) wheel.schedule(ms, () => fired++);
  await clock.advance(10_000);
  assertEquals([fired, wheel.size], [40, 0]);
});

Deno.test("DeadlineWheel stops its timer once empty and starts again", async () => {
  const clock = new FakeClock();
  using wheel = new DeadlineWheel({ clock });
  const timer = wheel.schedule(1_000, () => {});
  assertEquals(clock.pendingTimers, 1);
  timer.cancel();
  timer.cancel();
  assertEquals(wheel.size, 0);
  await clock.advance(20);
  assertEquals(clock.pendingTimers, 0);
  let fired = false;
  wheel.schedule(30, () => fired = true);
  await clock.advance(40);
  assertEquals(fired, true);
});

Deno.test("DeadlineWheel lets a callback cancel another deadline of its tick", async () => {
  const clock = new FakeClock();
  using wheel = new DeadlineWheel({ clock });
  const fired: string[] = [];
  wheel.schedule(15, () => {
    fired.push("first");
    second.cancel();
  });
  const second = wheel.schedule(15, () => fired.push("second"));
  await clock.advance(100);
  assertEquals(fired, ["first"]);
});

Deno.test("DeadlineWheel[Symbol.dispose]() cancels all and leaves no timer", async () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel({ clock });
  let fired = 0;
  for (let i = 0; i < 5; i++) wheel.schedule(10 * i, () => fired++);
  wheel[Symbol.dispose]();
  await clock.advance(1_000);
  assertEquals([fired, wheel.size, clock.pendingTimers], [0, 0, 0]);
});

for (const options of [{ tickMs: 0 }, { tickMs: NaN }, { slots: 0 }, { slots: 1.5 }]) {
  Deno.test(`DeadlineWheel refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => new DeadlineWheel(options), RangeError, "Cannot make deadline wheel");
  });
}

for (const delayMs of [NaN, Infinity]) {
  Deno.test(`DeadlineWheel.schedule() refuses a delay of ${delayMs}`, () => {
    const clock = new FakeClock();
    using wheel = new DeadlineWheel({ clock });
    assertThrows(
      () => wheel.schedule(delayMs, () => {}),
      RangeError,
      `finite delayMs, got ${delayMs}`,
    );
    assertEquals([wheel.size, clock.pendingTimers], [0, 0]);
  });
}

Deno.test("DeadlineWheel.now() is the time of its clock", () => {
  const clock = new FakeClock();
  const wheel = new DeadlineWheel({ clock });
  clock.elapse(1_234);
  assertEquals(wheel.now(), 1_234);
});

Deno.test("DeadlineWheel.scheduleAt() fires at an instant, and at the next tick for one that is past", async () => {
  const clock = new FakeClock();
  clock.elapse(1_000);
  using wheel = new DeadlineWheel({ clock });
  const fired: [string, number][] = [];
  clock.elapse(500);
  wheel.scheduleAt(1_540, () => fired.push(["ahead", clock.now()]));
  wheel.scheduleAt(200, () => fired.push(["past", clock.now()]));
  await clock.advance(100);
  assertEquals(fired, [["past", 1_510], ["ahead", 1_540]]);
});
