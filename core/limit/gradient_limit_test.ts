import { assert, assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { ConcurrencyLimiter } from "./concurrency_limiter.ts";
import { GradientLimit } from "./gradient_limit.ts";
import { seededRandom } from "./_seed_test.ts";

const wrong = [
  { options: { minLimit: 0 }, says: "minLimit >= 1, got 0" },
  { options: { minLimit: 5, maxLimit: 4 }, says: "maxLimit >= minLimit, got 4" },
  { options: { initialLimit: 2 }, says: "initialLimit from 3 to 1000, got 2" },
  { options: { tolerance: 1 }, says: "tolerance > 1, got 1" },
  { options: { windowMs: 0 }, says: "windowMs > 0, got 0" },
  { options: { minSamples: 0 }, says: "minSamples >= 1, got 0" },
  { options: { probeEveryMs: -1 }, says: "probeEveryMs > 0, got -1" },
];
for (const { options, says } of wrong) {
  Deno.test(`GradientLimit refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => new GradientLimit(options), RangeError, says);
  });
}

/** A callee with `workers` workers and an endless queue, under calls that come by chance. */
class Simulation {
  readonly clock = new FakeClock();
  readonly limit: GradientLimit;
  readonly limiter: ConcurrencyLimiter;
  workers = 20;
  serviceMs = 20;
  done = 0;
  refused = 0;
  #free: number[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    this.limit = new GradientLimit({ random });
    this.limiter = new ConcurrencyLimiter(this.limit, { clock: this.clock });
  }

  /** Offers calls for so long; a load of 1 is all that the workers can do. */
  run(durationMs: number, load: number): void {
    this.done = 0;
    this.refused = 0;
    const { clock } = this;
    const endsAtMs = clock.now() + durationMs;
    const gapMs = this.serviceMs / this.workers / load;
    while (clock.now() < endsAtMs) {
      clock.elapse(-Math.log(1 - this.#random()) * gapMs);
      const slot = this.limiter.tryAcquire();
      if (!slot) {
        this.refused++;
        continue;
      }
      clock.setTimer(() => {
        this.done++;
        slot.end("success");
      }, this.#answerAtMs() - clock.now());
    }
  }

  #answerAtMs(): number {
    const nowMs = this.clock.now();
    this.#free = this.#free.filter((atMs) => atMs > nowMs).sort((a, b) => a - b);
    const startsAtMs = this.#free.length < this.workers
      ? nowMs
      : this.#free[this.#free.length - this.workers]!;
    const answerAtMs = startsAtMs + this.serviceMs * (0.8 + 0.4 * this.#random());
    this.#free.push(answerAtMs);
    return answerAtMs;
  }
}

Deno.test("GradientLimit finds what the callee can do, under twice the load, and loses nothing of it", () => {
  const simulation = new Simulation(seededRandom());
  simulation.run(5_000, 0.5);
  simulation.run(10_000, 2);
  const { limit } = simulation.limiter;
  assert(limit >= 15 && limit <= 45, `limit ${limit} for 20 workers`);
  simulation.run(20_000, 2);
  const goodput = simulation.done / (20_000 / 20 * 20);
  assert(goodput >= 0.9, `goodput ${goodput}`);
});

Deno.test("GradientLimit refuses nothing at 0.7 of what the callee can do", () => {
  const simulation = new Simulation(seededRandom());
  simulation.run(10_000, 0.7);
  simulation.run(60_000, 0.7);
  assert(simulation.refused / simulation.done < 0.01, `${simulation.refused} refused`);
});

Deno.test("GradientLimit follows a callee that loses half of its workers, and comes back", () => {
  const simulation = new Simulation(seededRandom());
  simulation.run(15_000, 1.5);
  const before = simulation.limiter.limit;
  simulation.workers = 10;
  simulation.run(20_000, 1.5);
  const halved = simulation.limiter.limit;
  assert(halved < before * 0.8, `${before} before, ${halved} with half of the workers`);
  simulation.workers = 20;
  simulation.run(40_000, 1.5);
  assert(simulation.done / 40_000 >= 0.85, `${simulation.done} done in 40 s of 1 a ms`);
});

Deno.test("GradientLimit comes down by a tenth when calls are refused, to minLimit at least", () => {
  const limit = new GradientLimit({ initialLimit: 20, minLimit: 5, windowMs: 1, minSamples: 1 });
  const observe = (startedAtMs: number, outcome: "success" | "overload" | "ignore") =>
    limit.observe({ startedAtMs, endedAtMs: startedAtMs + 10, inFlight: 20, outcome });
  observe(0, "success");
  observe(2, "success");
  assertEquals([limit.baselineMs, limit.limit], [10, 20]);
  for (let ms = 4; ms < 8; ms++) observe(ms, "ignore");
  assertEquals(limit.limit, 20);
  observe(10, "overload");
  observe(12, "overload");
  assertEquals(limit.limit, 18);
  for (let ms = 20; ms < 200; ms++) observe(ms, "overload");
  assertEquals(limit.limit, 5);
});

Deno.test("GradientLimit does not grow while it is not used up", () => {
  const limit = new GradientLimit({ initialLimit: 20, windowMs: 1, minSamples: 1 });
  for (let ms = 0; ms < 1_000; ms++) {
    limit.observe({ startedAtMs: ms, endedAtMs: ms + 5, inFlight: 3, outcome: "success" });
  }
  assertEquals(limit.limit, 20);
});
