import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { CountedSignal } from "../timeout/_counted_signal_test.ts";
import { seededRandom } from "../limit/_seed_test.ts";
import { currentPreviousAttempts, runWithPreviousAttempts } from "./chain.ts";
import { RetryError } from "./errors.ts";
import { hedge, type HedgeAttempt } from "./hedge.ts";
import { LatencyPercentile } from "./latency_percentile.ts";
import { RetryBudget } from "./retry_budget.ts";

/** A budget that allows anything. */
const open = () => new RetryBudget({ ratio: 1, minPerSecond: 0 });

/** A call whose first and second take so long, and whose attempts are kept. */
function taking(clock: FakeClock, ...takesMs: number[]) {
  const attempts: HedgeAttempt[] = [];
  const fn = async (attempt: HedgeAttempt) => {
    attempts.push(attempt);
    await clock.sleep(takesMs[attempt.number - 1]!, { signal: attempt.signal });
    return attempt.number;
  };
  return { fn, attempts };
}

for (const delayMs of [-1, NaN, Infinity]) {
  Deno.test(`hedge() refuses a delay of ${delayMs}`, async () => {
    const outcome = hedge(() => 1, { delayMs, budget: open() });
    await assertRejects(() => outcome, RangeError, `delayMs >= 0, got ${delayMs}`);
  });
}

const races = [
  { name: "calls once if that is fast", takesMs: [19, 0], winner: 1, calls: 1, atMs: 19 },
  { name: "takes the second if that is faster", takesMs: [300, 10], winner: 2, calls: 2, atMs: 30 },
  { name: "takes the first if that is faster", takesMs: [25, 100], winner: 1, calls: 2, atMs: 25 },
];
for (const { name, takesMs, winner, calls, atMs } of races) {
  Deno.test(`hedge() ${name}, and aborts the loser`, async () => {
    const clock = new FakeClock();
    const { fn, attempts } = taking(clock, ...takesMs);
    const source = new CountedSignal();
    const options = { delayMs: 20, budget: open(), signal: source.signal, clock };
    let doneAtMs = -1;
    const outcome = hedge(fn, options).finally(() => doneAtMs = clock.now());
    await clock.advance(500);
    assertEquals([await outcome, attempts.length, doneAtMs], [winner, calls, atMs]);
    const losers = attempts.filter(({ number }) => number !== winner);
    assert(losers.every(({ signal }) => signal.aborted && signal.reason.name === "AbortError"));
    assertEquals(attempts[winner - 1]?.signal.aborted, false);
    assertEquals([source.count, clock.pendingTimers], [0, 0]);
  });
}

Deno.test("hedge() rejects at once when the first fails before the second is due", async () => {
  const clock = new FakeClock();
  const failure = new TypeError("reset");
  const rejecting = hedge(() => Promise.reject(failure), { delayMs: 20, budget: open(), clock });
  assertStrictEquals(await rejecting.catch((thrown) => thrown), failure);
  const throwing = hedge(() => {
    throw failure;
  }, { delayMs: 20, budget: open(), clock });
  assertStrictEquals(await throwing.catch((thrown) => thrown), failure);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("hedge() waits for the other call when one fails", async () => {
  for (const failing of [1, 2]) {
    const clock = new FakeClock();
    const outcome = hedge(async ({ number }) => {
      await clock.sleep(number === failing ? 30 : 60);
      if (number === failing) throw new TypeError("reset");
      return number;
    }, { delayMs: 10, budget: open(), clock });
    await clock.advance(100);
    assertEquals(await outcome, 3 - failing);
  }
});

Deno.test("hedge() rejects with both failures", async () => {
  const clock = new FakeClock();
  const outcome = hedge(async ({ number }) => {
    await clock.sleep(50);
    throw new TypeError(`call ${number}`);
  }, { delayMs: 10, budget: open(), clock });
  const failed = assertRejects(() => outcome, RetryError);
  await clock.advance(100);
  const { errors } = await failed;
  assertEquals(errors.map((error) => (error as Error).message), ["call 1", "call 2"]);
});

Deno.test("hedge() drops a rejection of the loser", async () => {
  const clock = new FakeClock();
  const outcome = hedge(async ({ number }) => {
    await clock.sleep(number === 1 ? 100 : 10);
    if (number === 1) throw new Error("late"); // Unhandled, it would fail the test.
    return number;
  }, { delayMs: 10, budget: open(), clock });
  await clock.advance(200);
  assertEquals(await outcome, 2);
});

Deno.test("hedge() ends both calls with the signal's reason", async () => {
  const clock = new FakeClock();
  const source = new CountedSignal();
  const signals: AbortSignal[] = [];
  const outcome = hedge(({ signal }) => {
    signals.push(signal);
    return new Promise<never>(() => {});
  }, { delayMs: 10, budget: open(), signal: source.signal, clock });
  await clock.advance(20);
  source.abort("gone");
  assertEquals(await outcome.catch((thrown) => thrown), "gone");
  assertEquals(signals.map(({ reason }) => reason), ["gone", "gone"]);
  assertEquals([source.count, clock.pendingTimers], [0, 0]);
  let calls = 0;
  const late = hedge(() => calls++, { delayMs: 10, budget: open(), signal: source.signal, clock });
  assertEquals([await late.catch((thrown) => thrown), calls], ["gone", 0]);
});

Deno.test("hedge() gives a signal that is aborted already to who asks too late", async () => {
  const clock = new FakeClock();
  let loser: HedgeAttempt | undefined;
  const outcome = hedge(async (attempt) => {
    if (attempt.number === 1) loser = attempt;
    await clock.sleep(attempt.number === 1 ? 100 : 10);
    return attempt.number;
  }, { delayMs: 10, budget: open(), clock });
  await clock.advance(30);
  assertEquals([await outcome, loser?.signal.aborted], [2, true]);
  await clock.advance(100);
});

Deno.test("hedge() makes no second call without a budget, or while it works for a retry", async () => {
  const clock = new FakeClock();
  const poor = new RetryBudget({ ratio: 0, minPerSecond: 0 });
  const first = taking(clock, 100, 0);
  const second = taking(clock, 100, 0);
  const outcomes = Promise.all([
    hedge(first.fn, { delayMs: 10, budget: poor, clock }),
    runWithPreviousAttempts(1, () => hedge(second.fn, { delayMs: 10, budget: open(), clock })),
  ]);
  await clock.advance(200);
  assertEquals(await outcomes, [1, 1]);
  assertEquals([first.attempts.length, second.attempts.length], [1, 1]);
});

Deno.test("hedge() marks the second call as one that nobody below retries", async () => {
  const clock = new FakeClock();
  const marks: number[] = [];
  const outcome = hedge(async ({ number, signal }) => {
    marks.push(currentPreviousAttempts());
    await clock.sleep(number === 1 ? 100 : 1, { signal });
  }, { delayMs: 10, budget: open(), clock });
  await clock.advance(20);
  await outcome;
  assertEquals(marks, [0, 1]);
});

/** Five replicas of which one takes 300 ms longer, behind a balancer as the one of RPC. */
class Replicas {
  readonly latenciesMs: number[] = [];
  calls = 0;
  readonly #clock: FakeClock;
  readonly #random: () => number;
  readonly #ewmaMs = [10, 10, 10, 10, 10];
  readonly #pickedAtMs = [0, 0, 0, 0, 0];

  constructor(clock: FakeClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A client's call; the second goes to another replica than the first. */
  async serve(options?: { delayMs: LatencyPercentile; budget: RetryBudget }): Promise<void> {
    const startedAtMs = this.#clock.now();
    const used: number[] = [];
    const call = (attempt?: HedgeAttempt) => this.#call(used, attempt?.signal);
    await (options ? hedge(call, { ...options, clock: this.#clock }) : call());
    this.latenciesMs.push(this.#clock.now() - startedAtMs);
  }

  percentile(share: number): number {
    const sorted = this.latenciesMs.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length * share)]!;
  }

  async #call(used: number[], signal: AbortSignal | undefined): Promise<void> {
    this.calls++;
    const replica = this.#pick(used);
    used.push(replica);
    const startedAtMs = this.#clock.now();
    const takesMs = 5 + 10 * this.#random() + (replica === 0 ? 300 : 0);
    await this.#clock.sleep(takesMs, { signal }).catch(() => {});
    const tookMs = this.#clock.now() - startedAtMs;
    this.#ewmaMs[replica] = this.#ewmaMs[replica]! * 0.7 + tookMs * 0.3;
  }

  /** The better of two, but one that was not asked for a second is asked: its latency may have changed. */
  #pick(used: readonly number[]): number {
    const others = [0, 1, 2, 3, 4].filter((it) => !used.includes(it));
    const draw = () => others.splice(Math.floor(this.#random() * others.length), 1)[0]!;
    const [first, second] = [draw(), draw()];
    const [better, worse] = this.#ewmaMs[first]! <= this.#ewmaMs[second]!
      ? [first, second]
      : [second, first];
    const nowMs = this.#clock.now();
    const picked = nowMs - this.#pickedAtMs[worse]! > 1_000 ? worse : better;
    this.#pickedAtMs[picked] = nowMs;
    return picked;
  }
}

async function simulate(random: () => number, hedged: boolean): Promise<Replicas> {
  const clock = new FakeClock();
  const replicas = new Replicas(clock, random);
  const budget = new RetryBudget({ ratio: 0.05, minPerSecond: 0, clock });
  const options = hedged
    ? { delayMs: new LatencyPercentile({ initialMs: 50 }), budget }
    : undefined;
  const all: Promise<void>[] = [];
  for (let call = 0; call < 3_000; call++) {
    all.push(replicas.serve(options));
    await clock.advance(-Math.log(1 - random()) * 25);
  }
  await clock.advance(1_000);
  await Promise.all(all);
  return replicas;
}

Deno.test("hedge() halves the p99 with at most 5% more calls when one replica of five is slow", async () => {
  const random = seededRandom();
  const plain = await simulate(random, false);
  const hedged = await simulate(random, true);
  const [before, after] = [plain.percentile(0.99), hedged.percentile(0.99)];
  const extra = hedged.calls / 3_000 - 1;
  console.log(
    `p99 ${before.toFixed(0)} -> ${after.toFixed(0)} ms, ${(extra * 100).toFixed(1)}% more`,
  );
  assert(after <= before * 0.5, `p99 ${before} -> ${after} ms`);
  assert(extra <= 0.05, `${extra} more calls`);
});
