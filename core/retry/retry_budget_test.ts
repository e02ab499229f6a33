import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { FakeClock } from "../testing/fake_clock.ts";
import { RetryBudget } from "./retry_budget.ts";

const wrong = [
  { options: { ratio: -0.1 }, says: "ratio from 0 to 1, got -0.1" },
  { options: { ratio: 1.1 }, says: "ratio from 0 to 1, got 1.1" },
  { options: { minPerSecond: NaN }, says: "minPerSecond >= 0, got NaN" },
  { options: { maxBalance: 0 }, says: "maxBalance >= 1, got 0" },
];
for (const { options, says } of wrong) {
  Deno.test(`RetryBudget refuses ${Object.keys(options)}: ${says}`, () => {
    assertThrows(() => new RetryBudget(options), RangeError, says);
  });
}

Deno.test("RetryBudget gives a tenth of the calls", () => {
  const budget = new RetryBudget({ minPerSecond: 0 });
  const given: number[] = [];
  for (let call = 1; call <= 40; call++) {
    budget.recordCall();
    if (budget.tryRetry()) given.push(call);
  }
  assertEquals(given, [10, 20, 30, 40]);
});

Deno.test("RetryBudget gives three a second to those who call little", () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ clock });
  const given = () => [1, 2, 3, 4, 5].filter(() => budget.tryRetry()).length;
  assertEquals([given(), given()], [3, 0]);
  clock.elapse(1_000);
  assertEquals(given(), 3);
  clock.elapse(3_600_000);
  assertEquals(given(), 3, "an hour of quiet was saved up");
});

Deno.test("RetryBudget gives a floor below one a second too", () => {
  const clock = new FakeClock();
  const budget = new RetryBudget({ minPerSecond: 0.5, clock });
  const given = Array.from({ length: 8 }, () => {
    clock.elapse(500);
    return budget.tryRetry();
  });
  assertEquals(given.filter(Boolean).length, 2);
});

Deno.test("RetryBudget keeps no more than maxBalance", () => {
  const budget = new RetryBudget({ minPerSecond: 0, maxBalance: 5 });
  for (let call = 0; call < 1_000; call++) budget.recordCall();
  assertEquals(Math.round(budget.balance), 5);
  assertEquals(Array.from({ length: 9 }, () => budget.tryRetry()).filter(Boolean).length, 5);
});

Deno.test("RetryBudget never gives more than it says, for any order of calls and retries", () => {
  const step = fc.record({ waitMs: fc.nat(400), call: fc.boolean() });
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(10),
      fc.array(step, { maxLength: 300 }),
      (ratio, minPerSecond, steps) => {
        const clock = new FakeClock();
        const budget = new RetryBudget({ ratio, minPerSecond, clock });
        let calls = 0;
        let retries = 0;
        for (const { waitMs, call } of steps) {
          clock.elapse(waitMs);
          if (call) {
            budget.recordCall();
            calls++;
          } else if (budget.tryRetry()) retries++;
          const floor = minPerSecond * clock.now() / 1000 + Math.max(minPerSecond, 0);
          assert(retries <= ratio * calls + floor + 1e-6);
        }
      },
    ),
  );
});
