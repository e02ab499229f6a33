import type { LimitDecision } from "./limiter.ts";
import { checkPositive } from "./_check_options.ts";

/** What all buckets of a limiter have in common. */
export interface BucketRules {
  /** Tokens that flow in a second, > 0. */
  readonly ratePerSecond: number;
  /** Most tokens that a bucket holds, > 0. */
  readonly burst: number;
  /** Step of the inflow in ms; 0 for a steady one. */
  readonly refillEveryMs: number;
}

/** Checks the rules of a bucket. */
export function bucketRules(
  options: { ratePerSecond: number; burst: number; refillEveryMs?: number | undefined },
): BucketRules {
  const { ratePerSecond, burst, refillEveryMs = 0 } = options;
  checkPositive("make token bucket", "ratePerSecond", ratePerSecond);
  checkPositive("make token bucket", "burst", burst);
  if (!(refillEveryMs >= 0 && refillEveryMs < Infinity)) {
    throw new RangeError(
      `Cannot make token bucket: need a finite refillEveryMs >= 0, got ${refillEveryMs}`,
    );
  }
  return { ratePerSecond, burst, refillEveryMs };
}

/** The state of one bucket: two numbers, so that a hundred thousand of them are small. */
export class Bucket {
  tokens: number;
  refilledAtMs: number;

  /** A full bucket. */
  constructor(rules: BucketRules, nowMs: number) {
    this.tokens = rules.burst;
    this.refilledAtMs = stepOf(rules, nowMs);
  }

  /** Lets in what has flowed since the last call. */
  refill(rules: BucketRules, nowMs: number): void {
    const step = stepOf(rules, nowMs);
    const elapsedMs = step - this.refilledAtMs;
    if (!(elapsedMs > 0)) return; // Time that stands still or runs back brings nothing.
    this.refilledAtMs = step;
    // Multiplied first: whole tokens in whole seconds stay exact.
    const tokens = this.tokens + elapsedMs * rules.ratePerSecond / 1000;
    this.tokens = tokens < rules.burst ? tokens : rules.burst;
  }

  /** Takes `cost` tokens or none. */
  tryTake(rules: BucketRules, nowMs: number, cost: number): boolean {
    this.refill(rules, nowMs);
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  /** Takes `cost` tokens or none, and says all about it. */
  take(rules: BucketRules, nowMs: number, cost: number): LimitDecision {
    const allowed = this.tryTake(rules, nowMs, cost);
    return {
      allowed,
      limit: rules.burst,
      remaining: Math.floor(this.tokens),
      resetMs: this.#waitMs(rules, nowMs, rules.burst),
      retryAfterMs: allowed ? 0 : cost > rules.burst ? Infinity : this.#waitMs(rules, nowMs, cost),
    };
  }

  /** Milliseconds until the bucket holds `tokens`. */
  #waitMs(rules: BucketRules, nowMs: number, tokens: number): number {
    const missing = tokens - this.tokens;
    if (missing <= 0) return 0;
    const flowMs = missing * 1000 / rules.ratePerSecond;
    const { refillEveryMs } = rules;
    if (refillEveryMs === 0) return flowMs;
    const steps = Math.ceil(flowMs / refillEveryMs);
    return Math.max(0, steps * refillEveryMs - (nowMs - this.refilledAtMs));
  }
}

function stepOf(rules: BucketRules, nowMs: number): number {
  const { refillEveryMs } = rules;
  return refillEveryMs === 0 ? nowMs : Math.floor(nowMs / refillEveryMs) * refillEveryMs;
}
