import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { Barrier } from "./barrier.ts";
import { Cond } from "./cond.ts";
import { LockedCalls } from "./locked_calls.ts";
import { Mutex } from "./mutex.ts";
import { once } from "./once.ts";
import { OnceGuard } from "./once_guard.ts";
import { OneShot } from "./one_shot.ts";

const E = new Error("E");
const never = () => new Promise<never>(() => {});

Deno.test("Mutex.run() lets callers in one at a time, in order", async () => {
  const mutex = new Mutex();
  const seen: number[] = [];
  let inside = 0;
  await Promise.all(Array.from({ length: 20 }, (_, index) =>
    mutex.run(async () => {
      assertEquals(++inside, 1);
      for (let i = index % 3; i > 0; i--) await Promise.resolve();
      seen.push(index);
      inside--;
    })));
  assertEquals(seen, Array.from({ length: 20 }, (_, index) => index));
  assertEquals([mutex.locked, mutex.waiting], [false, 0]);
});

Deno.test("Mutex.run() unlocks when the function throws, at once or later", async () => {
  const mutex = new Mutex();
  const fns = [() => Promise.reject(E), () => {
    throw E;
  }];
  for (const fn of fns) await assertRejects(() => mutex.run(fn), Error, "E");
  assertEquals(mutex.locked, false);
});

Deno.test("Mutex.lock() lets one that waits give up", async () => {
  const mutex = new Mutex();
  const held = await mutex.lock();
  const controller = new AbortController();
  const second = mutex.lock({ signal: controller.signal });
  const third = mutex.lock();
  controller.abort(E);
  await assertRejects(() => second, Error, "E");
  await assertRejects(() => mutex.lock({ signal: AbortSignal.abort(E) }), Error, "E");
  assertEquals(mutex.waiting, 1);
  held.release();
  held.release(); // The second time must not let anybody else in.
  const lock = await third;
  assertEquals([mutex.locked, mutex.tryLock()], [true, undefined]);
  lock.release();
  using again = mutex.tryLock();
  assertEquals(again !== undefined, true);
});

Deno.test("Barrier.guard() keeps others out of a section", async () => {
  const barrier = new Barrier();
  const seen: string[] = [];
  await Promise.all(["a", "b"].map((name) =>
    barrier.guard(async () => {
      seen.push(name);
      await Promise.resolve();
      seen.push(name);
    })
  ));
  assertEquals(seen.join(""), "aabb");
  void barrier.guard(never);
  const signal = AbortSignal.abort(E);
  await assertRejects(() => barrier.guard(() => {}, { signal }), Error, "E");
});

Deno.test("LockedCalls.do() runs calls of a key alone, each with its own result", async () => {
  const calls = new LockedCalls<string>();
  let active = 0;
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      calls.do("key", async () => {
        assertEquals(++active, 1);
        await Promise.resolve();
        active--;
        return index;
      })),
  );
  assertEquals(results, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(calls.size, 0);
});

Deno.test("LockedCalls.do() runs keys side by side and forgets those that failed", async () => {
  const calls = new LockedCalls<string>();
  void calls.do("stuck", never);
  assertEquals(await calls.do("other", () => 1), 1);
  await assertRejects(() => calls.do("other", () => Promise.reject(E)), Error, "E");
  assertEquals(calls.size, 1);
  const controller = new AbortController();
  const waiting = calls.do("stuck", () => 1, { signal: controller.signal });
  controller.abort(E);
  await assertRejects(() => waiting, Error, "E");
  await assertRejects(() => calls.do("other", () => 1, { signal: controller.signal }), Error, "E");
});

Deno.test("once() runs once and repeats the value", () => {
  let calls = 0;
  const fn = once(() => ++calls);
  assertEquals([fn(), fn(), calls], [1, 1, 1]);
});

Deno.test("once() repeats what was thrown, and refuses to call itself", () => {
  let calls = 0;
  const failing = once(() => {
    calls++;
    throw E;
  });
  for (let i = 0; i < 2; i++) assertThrows(failing, Error, "E");
  assertEquals(calls, 1);
  const recursive: () => number = once(() => recursive());
  assertThrows(recursive, TypeError, "very call");
});

Deno.test("OnceGuard.take() is true the first time only", () => {
  const guard = new OnceGuard();
  assertEquals([guard.taken, guard.take(), guard.take(), guard.taken], [false, true, false, true]);
});

Deno.test("OneShot.fire() happens once for all who wait and look", async () => {
  const shot = new OneShot();
  const { signal } = shot;
  assertEquals([shot.fired, signal.aborted], [false, false]);
  assertEquals([shot.fire(), shot.fire()], [true, false]);
  await shot.done;
  assertEquals([shot.fired, signal.aborted], [true, true]);
});

Deno.test("OneShot.signal is aborted for those who come late, and disposing fires", async () => {
  const shot = new OneShot();
  shot[Symbol.dispose]();
  shot[Symbol.dispose]();
  assertEquals(shot.signal.aborted, true);
  await shot.done;
});

Deno.test("Cond.notify() wakes the one that waits longest and is lost otherwise", async () => {
  const cond = new Cond();
  assertEquals(cond.notify(), false);
  const seen: string[] = [];
  const waiting = ["a", "b", "c"].map((name) => cond.wait().then(() => seen.push(name)));
  assertEquals(cond.waiting, 3);
  assertEquals(cond.notify(), true);
  await waiting[0];
  assertEquals(seen, ["a"]);
  assertEquals(cond.notifyAll(), 2);
  await Promise.all(waiting);
  assertEquals(seen, ["a", "b", "c"]);
});

Deno.test("Cond.waitWithTimeout() answers what is left of the time", async () => {
  const clock = new FakeClock();
  const cond = new Cond({ clock });
  const woken = cond.waitWithTimeout(100);
  await clock.advance(30);
  cond.notify();
  assertEquals(await woken, 70);
  const late = cond.waitWithTimeout(100);
  await clock.advance(100);
  assertEquals([await late, cond.waiting, clock.pendingTimers], [undefined, 0, 0]);
  const forever = cond.waitWithTimeout(Infinity);
  assertEquals(clock.pendingTimers, 0);
  cond.notify();
  assertEquals(await forever, Infinity);
});

Deno.test("Cond waits end with their signal and leave no timer", async () => {
  const clock = new FakeClock();
  const cond = new Cond({ clock });
  const controller = new AbortController();
  const { signal } = controller;
  const waits = [cond.wait({ signal }), cond.waitWithTimeout(100, { signal })];
  controller.abort(E);
  for (const wait of waits) await assertRejects(() => wait, Error, "E");
  await assertRejects(() => cond.waitWithTimeout(100, { signal }), Error, "E");
  assertEquals([cond.waiting, clock.pendingTimers], [0, 0]);
  await assertRejects(() => cond.waitWithTimeout(-1), RangeError, "timeoutMs >= 0");
});
