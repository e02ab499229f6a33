/** Breakers through outages, on virtual time. The seeds are fixed, so that a run repeats. */
import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { OverloadedError } from "../load/errors.ts";
import { BreakerGroup } from "./breaker_group.ts";
import { CircuitOpenError } from "./errors.ts";
import { SreBreaker } from "./sre_breaker.ts";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Outcomes {
  calls: number;
  failed: number;
  refused: number;
}

/** Makes `rate` calls a second for `durationMs`, each of which succeeds as `isUp` says. */
async function drive(
  breaker: SreBreaker,
  clock: FakeClock,
  { rate, durationMs, isUp }: { rate: number; durationMs: number; isUp: () => boolean },
): Promise<Outcomes> {
  const outcomes = { calls: 0, failed: 0, refused: 0 };
  const call = () => isUp() ? Promise.resolve() : Promise.reject(new Error("connection refused"));
  for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs += 1000 / rate) {
    outcomes.calls++;
    await breaker.run(call).catch((error) => {
      if (error instanceof CircuitOpenError) outcomes.refused++;
      else outcomes.failed++;
    });
    clock.elapse(1000 / rate);
  }
  return outcomes;
}

const up = () => true;
const down = () => false;

for (const rate of [1, 10, 100, 1000]) {
  for (const outageMs of [2000, 10_000, 60_000]) {
    Deno.test(`SreBreaker at ${rate}/s serves 99% within 5 s after ${outageMs} ms of outage`, async () => {
      const clock = new FakeClock();
      const breaker = new SreBreaker({ clock, random: seeded(rate + outageMs) });
      const before = await drive(breaker, clock, { rate, durationMs: 30_000, isUp: up });
      assertEquals([before.failed, before.refused], [0, 0]);
      await drive(breaker, clock, { rate, durationMs: outageMs, isUp: down });
      await drive(breaker, clock, { rate, durationMs: 5000, isUp: up });
      const after = await drive(breaker, clock, { rate, durationMs: 10_000, isUp: up });
      const served = 1 - (after.failed + after.refused) / after.calls;
      assert(served >= 0.99, JSON.stringify(after));
    });
  }
}

Deno.test("SreBreaker serves 99% within 5 s after a callee has failed half of its calls", async () => {
  const clock = new FakeClock();
  const random = seeded(6);
  const breaker = new SreBreaker({ clock, random });
  const isUp = () => random() < 0.5;
  await drive(breaker, clock, { rate: 100, durationMs: 30_000, isUp });
  await drive(breaker, clock, { rate: 100, durationMs: 5000, isUp: up });
  const { refused } = await drive(breaker, clock, { rate: 100, durationMs: 10_000, isUp: up });
  assert(refused <= 10, `${refused} refused`);
});

Deno.test("SreBreaker lets about one probe a second reach a callee that is down", async () => {
  const clock = new FakeClock();
  const breaker = new SreBreaker({ clock, random: seeded(7) });
  await drive(breaker, clock, { rate: 200, durationMs: 10_000, isUp: down });
  const { failed } = await drive(breaker, clock, { rate: 200, durationMs: 60_000, isUp: down });
  assert(failed >= 30 && failed <= 90, `${failed} probes in a minute`);
});

Deno.test("SreBreaker does not give a callee that fails half of its calls all of them back", async () => {
  const clock = new FakeClock();
  const random = seeded(8);
  const breaker = new SreBreaker({ clock, random });
  const isUp = () => random() < 0.5;
  // Throttling closes in on such a callee: each window passes three quarters of what the last one did.
  await drive(breaker, clock, { rate: 100, durationMs: 150_000, isUp });
  const { calls, failed } = await drive(breaker, clock, { rate: 100, durationMs: 120_000, isUp });
  assert(failed < 0.05 * calls, `${failed} of ${calls} failed`);
});

Deno.test("SreBreaker keeps one bad instance of ten from failing more than 2% of the calls", async () => {
  const clock = new FakeClock();
  const random = seeded(9);
  const breakers = new BreakerGroup({ clock, random });
  const instances = Array.from({ length: 10 }, (_, index) => `10.0.0.${index}:80 Get`);
  let calls = 0;
  let failed = 0;
  /** A balancer that asks another instance when a circuit is open. */
  const call = async () => {
    calls++;
    const first = Math.floor(random() * 10);
    for (let i = 0; i < 10; i++) {
      const index = (first + i) % 10;
      const answer = () => index === 3 ? Promise.reject(new Error("500")) : Promise.resolve();
      const error = await breakers.run(instances[index]!, answer).catch((error: Error) => error);
      if (error instanceof CircuitOpenError) continue;
      if (error instanceof Error) failed++;
      return;
    }
    failed++;
  };
  for (let ms = 0; ms < 3000; ms += 5, clock.elapse(5)) await call();
  calls = failed = 0;
  for (let ms = 0; ms < 30_000; ms += 5, clock.elapse(5)) await call();
  assert(failed < 0.02 * calls, `${failed} of ${calls} failed`);
  const dropped = instances.map((name) => breakers.get(name).explain().dropped);
  assert(dropped[3]! > 0);
  assertEquals(dropped.toSpliced(3, 1), Array.from({ length: 9 }, () => 0));
});

Deno.test("SreBreaker stays closed while every call is shed or cancelled for 60 s", async () => {
  const clock = new FakeClock();
  const random = seeded(10);
  const breaker = new SreBreaker({ clock, random });
  await drive(breaker, clock, { rate: 100, durationMs: 5000, isUp: up });
  for (let ms = 0; ms < 60_000; ms += 10, clock.elapse(10)) {
    const error = random() < 0.5
      ? new OverloadedError("Cannot accept request: busy")
      : new DOMException("gone", "AbortError");
    const thrown = await breaker.run(() => Promise.reject(error)).catch((error) => error);
    assertEquals(thrown, error);
    assertEquals(breaker.explain().state, "closed");
  }
});
