import { type Clock, type Random, systemClock, systemRandom } from "../clock.ts";
import type { AlertReporter } from "../stat/alert_reporter.ts";
import type { AllowOptions, Breaker, BreakerReport, BreakerToken, RunOptions } from "./breaker.ts";
import { type BucketClock, bucketClockOf } from "./_bucket_clock.ts";
import { CallToken } from "./_call_token.ts";
import { CircuitOpenError } from "./errors.ts";
import { FailureLog } from "./_failure_log.ts";
import { isCalleeFailure, isNeutral } from "./outcome.ts";
import { BUCKETS, dropRatio, type DropTuning, excessRatio } from "./drop_ratio.ts";
import { openAlert } from "./_open_alert.ts";
import { requirePositive, tuningOf } from "./_tuning.ts";
import { OutcomeWindow } from "./_outcome_window.ts";
import { Recovery } from "./_recovery.ts";

/** Options for {@link SreBreaker}. */
export interface SreBreakerOptions extends Partial<DropTuning> {
  /** Name in reports and errors. @default {eight random letters and digits} */
  name?: string | undefined;
  /** How far back outcomes count, in ms, > 0. @default {10_000} */
  windowMs?: number | undefined;
  /** Time without a call after which an open breaker lets one through, in ms, > 0. @default {1000} */
  probeMs?: number | undefined;
  /** Told when calls are refused; it limits its own rate. */
  alerts?: AlertReporter | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Decides which calls are refused, and names breakers without a name. @default {systemRandom} */
  random?: Random | undefined;
}

/** What becomes of a call that asks. A probe is let through although the callee is behind. */
type Admission = "refused" | "allowed" | "probe";

const NO_OPTIONS: Readonly<Record<string, never>> = {};

/**
 * An adaptive circuit breaker. There is no threshold to configure and no state machine: every call
 * is refused with a probability that grows with the part of the last ten seconds' calls that the
 * callee did not do its work for. A callee that answers two thirds of its calls is never cut off.
 *
 * Sheds of the callee, cancels, and signals that were aborted before the call never count; see
 * {@link isNeutral}. Once the callee is back, probes that succeed come twice as fast each time, and
 * after eight in a row the past is forgotten, so calls pass again within seconds.
 *
 * Deciding and recording cost the same whatever the window holds. No timer is held.
 *
 * @example
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * import { CircuitOpenError } from "./errors.ts";
 * const breaker = new SreBreaker({ name: "orders", clock: new FakeClock(), random: () => 0.5 });
 * const down = () => Promise.reject(new Error("connection refused"));
 * for (let call = 0; call < 12; call++) await breaker.run(down).catch(() => {});
 * await assertRejects(() => breaker.run(down), CircuitOpenError);
 * assertEquals(await breaker.run(() => 1, { fallback: () => 0 }), 0);
 * assertEquals(breaker.explain().lastFailures[0]?.message, "connection refused");
 * ```
 * @see Beyer et al., Site Reliability Engineering, 2016, ch. 21, Client-Side Throttling.
 */
export class SreBreaker implements Breaker {
  /** Name of the breaker. */
  readonly name: string;
  readonly #tuning: DropTuning;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #alerts: AlertReporter | undefined;
  readonly #window: OutcomeWindow;
  readonly #bucketClock: BucketClock;
  readonly #recovery: Recovery;
  /** Made with the first failure: most breakers never need it. */
  #failures: FailureLog | undefined;
  #settleToken: ((failed: boolean, isProbe: boolean, reason: unknown) => void) | undefined;

  /**
   * Makes a closed breaker.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: SreBreakerOptions = {}) {
    const { windowMs = 10_000, probeMs = 1000, clock = systemClock } = options;
    this.#tuning = tuningOf(options);
    requirePositive("windowMs", windowMs);
    requirePositive("probeMs", probeMs);
    this.#clock = clock;
    this.#random = options.random ?? systemRandom;
    this.#alerts = options.alerts;
    this.name = options.name ?? randomName(this.#random);
    this.#bucketClock = bucketClockOf(clock, windowMs / BUCKETS);
    this.#window = new OutcomeWindow(this.#bucketClock.bucketOf(clock.now()));
    this.#recovery = new Recovery(probeMs);
  }

  /** Whether nothing has been recorded for a whole window, so that this is as good as a new breaker. */
  get isIdle(): boolean {
    const bucket = this.#bucketClock.bucketOf(this.#clock.now());
    return bucket - this.#window.lastBucket >= BUCKETS;
  }

  /**
   * Runs `fn` unless the circuit is open, and records its outcome once it has settled. What `fn`
   * returns or throws comes back unchanged.
   *
   * @throws {CircuitOpenError} If the circuit is open and there is no `fallback`.
   */
  async run<T>(
    fn: () => T | PromiseLike<T>,
    options: RunOptions<T> = NO_OPTIONS,
  ): Promise<T> {
    if (options.signal?.aborted) throw options.signal.reason;
    const admission = this.#admit();
    if (admission === "refused") return await this.#refuse(options);
    const isProbe = admission === "probe";
    let value: T;
    try {
      value = await fn();
    } catch (error) {
      this.#settleError(error, isProbe, options);
      throw error;
    }
    if (options.isFailedResult === undefined) this.#succeed(isProbe);
    else this.#settleValue(value, isProbe, options.isFailedResult);
    return value;
  }

  /**
   * Allows a call whose outcome is told later.
   *
   * @throws {CircuitOpenError} If the circuit is open.
   */
  allow(options: AllowOptions = NO_OPTIONS): BreakerToken {
    if (options.signal?.aborted) throw options.signal.reason;
    const admission = this.#admit();
    if (admission === "refused") throw this.#drop();
    this.#settleToken ??= (failed, isProbe, reason) => {
      if (!failed) this.#succeed(isProbe);
      else if (!isNeutral(reason)) this.#fail(reason);
    };
    return new CallToken(this.#settleToken, admission === "probe");
  }

  /** What the breaker knows now, and the probability that the next call is refused. */
  explain(): BreakerReport {
    const nowMs = this.#clock.now();
    this.#window.advance(this.#bucketClock.bucketOf(nowMs));
    const { total, accepted, failed, dropped, workingBuckets, failingBuckets } = this.#window;
    const isBehind = excessRatio(this.#window, this.#tuning) > 0;
    return {
      name: this.name,
      state: !isBehind ? "closed" : this.#recovery.begun ? "half_open" : "open",
      total,
      accepted,
      failed,
      dropped,
      dropRatio: dropRatio(this.#window, this.#tuning),
      workingBuckets,
      failingBuckets,
      retryAfterMs: isBehind ? this.#recovery.dueInMs(nowMs) : 0,
      lastFailures: this.#failures?.list() ?? [],
    };
  }

  #admit(): Admission {
    const window = this.#window;
    // So few cannot outweigh the protection, whatever has left the window: the clock can rest.
    if (window.failed + window.dropped <= this.#tuning.protection) return "allowed";
    const nowMs = this.#clock.now();
    window.advance(this.#bucketClock.bucketOf(nowMs));
    if (excessRatio(window, this.#tuning) <= 0) return "allowed";
    const passes = this.#recovery.isProbeDue(nowMs) ||
      this.#random() >= dropRatio(window, this.#tuning);
    if (!passes) return "refused";
    this.#recovery.passed(nowMs);
    return "probe";
  }

  #succeed(isProbe: boolean): void {
    this.#window.advance(this.#bucketClock.recent());
    this.#window.addSuccess();
    if (isProbe && this.#recovery.succeeded(this.#window)) {
      this.#window.clear();
      this.#recovery.reset();
    }
  }

  #fail(reason: unknown): void {
    this.#window.advance(this.#bucketClock.bucketOf(this.#clock.now()));
    this.#window.addFailure();
    this.#recovery.failed();
    if (reason === undefined) return;
    this.#failures ??= new FailureLog();
    this.#failures.add(reason, this.#clock.wallTime());
  }

  #settleValue<T>(value: T, isProbe: boolean, isFailedResult: (value: T) => boolean): void {
    let failed = true; // A predicate that throws is a failure, and its error the caller's.
    try {
      failed = isFailedResult(value);
    } finally {
      if (failed) this.#fail(undefined);
      else this.#succeed(isProbe);
    }
  }

  #settleError<T>(error: unknown, isProbe: boolean, options: RunOptions<T>): void {
    if (isNeutral(error, options.signal)) return;
    const { isFailure = isCalleeFailure } = options;
    let failed = true;
    try {
      failed = isFailure(error);
    } finally {
      if (failed) this.#fail(error);
      else this.#succeed(isProbe);
    }
  }

  #refuse<T>({ fallback }: RunOptions<T>): T | PromiseLike<T> {
    const error = this.#drop();
    if (!fallback) throw error;
    return fallback(error);
  }

  #drop(): CircuitOpenError {
    this.#window.addDrop(); // In the bucket of now: the decision has just moved the window.
    const report = this.explain();
    this.#alerts?.report(() => openAlert(report));
    return new CircuitOpenError(this.name, { retryAfterMs: report.retryAfterMs, report });
  }
}

const NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function randomName(random: Random): string {
  const pick = () => NAME_CHARACTERS[Math.floor(random() * NAME_CHARACTERS.length)];
  return Array.from({ length: 8 }, pick).join("");
}
