import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { AlertReporter } from "../stat/alert_reporter.ts";
import { SreBreaker } from "./sre_breaker.ts";

const down = () => Promise.reject(new Error("down"));

Deno.test("SreBreaker passes at least 75 of 100 calls after 10 000 errors declared acceptable", async () => {
  const breaker = new SreBreaker({ clock: new FakeClock() });
  const options = { isFailure: () => false };
  for (let i = 0; i < 10_000; i++) await breaker.run(down, options).catch(() => {});
  let passed = 0;
  for (let i = 0; i < 100; i++) {
    await breaker.run(() => {
      passed++;
      return down();
    }, options).catch(() => {});
  }
  assert(passed >= 75, `${passed} passed`);
});

Deno.test("SreBreaker counts a signal aborted by a deadline told by code, and no other abort", async () => {
  const breaker = new SreBreaker({ clock: new FakeClock() });
  const run = async (reason: unknown) => {
    const controller = new AbortController();
    const call = breaker.run(() => {
      controller.abort(reason);
      throw new Error("socket closed");
    }, { signal: controller.signal });
    await assertRejects(() => call, Error, "socket closed");
    return breaker.explain().failed;
  };
  assertEquals(await run(new ServiceError("canceled", "Cannot go on: the user left")), 0);
  assertEquals(await run(new ServiceError("deadline_exceeded", "Cannot go on: time is up")), 1);
});

Deno.test("SreBreaker does not alert for a breaker further down, nor for sheds", async () => {
  const clock = new FakeClock();
  const texts: string[] = [];
  const alerts = new AlertReporter({ deliver: (text) => texts.push(text), clock });
  const inner = new SreBreaker({ name: "inner", clock, random: () => 0.5 });
  const outer = new SreBreaker({ name: "outer", clock, random: () => 0.5, alerts });
  for (let i = 0; i < 20; i++) await inner.run(down).catch(() => {});
  for (let i = 0; i < 100; i++) await outer.run(() => inner.run(() => 1)).catch(() => {});
  assertEquals([texts, outer.explain().state], [[], "closed"]);
});
