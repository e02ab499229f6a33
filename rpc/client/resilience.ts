/**
 * Calling again.
 *
 * @module
 */

import type { Clock, Random } from "../../core/clock.ts";
import { markRetryFinal } from "../../core/retry/chain.ts";
import { RetryError } from "../../core/retry/errors.ts";
import { hedge } from "../../core/retry/hedge.ts";
import type { LatencyPercentile } from "../../core/retry/latency_percentile.ts";
import { retry } from "../../core/retry/retry.ts";
import type { RetryBudget } from "../../core/retry/retry_budget.ts";
import { isTransient } from "../../core/retry/transient.ts";
import { isIdempotent } from "../method.ts";
import type { ClientCall } from "./client_call.ts";

/** How a call is made again after a failure. */
export interface RetryChoice {
  /** Calls made in all, the first included. @default {3} */
  attempts?: number | undefined;
  /** Longest wait before the second, in ms; doubles with each. @default {100} */
  baseMs?: number | undefined;
  /** Longest wait of all, in ms. @default {10_000} */
  maxMs?: number | undefined;
  /** Which failures are retried, of a call that may be made twice. @default {isTransient} */
  retryable?: ((error: unknown) => boolean) | undefined;
}

/** How a second call is made when the first is slow. */
export interface HedgeChoice {
  /** How long to wait for the first, in ms; or what measures the time that most calls take. */
  delayMs: number | LatencyPercentile;
}

/** What the calls of a client share. */
export interface Resilience {
  /** How calls are made again; `false` for not at all. */
  readonly retry: RetryChoice | false | undefined;
  /** How slow calls are doubled; not at all unless told. */
  readonly hedge: HedgeChoice | false | undefined;
  /** What may be called again. */
  readonly retryBudget: RetryBudget;
  /** What second calls may add. */
  readonly hedgeBudget: RetryBudget;
  /** Time source. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: Random;
}

/** Makes one attempt; `signal` ends it when another was faster. */
export type AttemptOnce = (signal: AbortSignal | undefined) => Promise<unknown>;

/**
 * Makes a call, again if it fails, and twice if it is slow, as far as it may be and the budgets allow. A call that may not be
 * made twice is made once.
 */
export function callResiliently(
  once: AttemptOnce,
  call: ClientCall,
  shared: Resilience,
): Promise<unknown> {
  const { options, method } = call;
  const { idempotent = isIdempotent(method), signal } = options;
  const again = options.retry ?? shared.retry ?? {};
  const twice = options.hedge ?? shared.hedge ?? false;
  if (!idempotent || again === false && twice === false) return once(signal);
  const attempt = () => {
    if (!twice) return once(signal);
    const { hedgeBudget: budget, clock } = shared;
    const { delayMs } = twice;
    return hedge((one) => once(one.signal), { delayMs, budget, signal, clock });
  };
  return again === false ? attempt() : retryCall(attempt, call, again, shared);
}

async function retryCall(
  attempt: () => Promise<unknown>,
  { deadline, options: { signal } }: ClientCall,
  { retryable = isTransient, ...waits }: RetryChoice,
  { retryBudget: budget, clock, random }: Resilience,
): Promise<unknown> {
  try {
    return await retry(attempt, {
      ...waits,
      idempotent: true,
      retryable,
      budget,
      deadline,
      signal,
      clock,
      random,
    });
  } catch (error) {
    if (!(error instanceof RetryError)) throw error;
    const last = error.errors.at(-1);
    markRetryFinal(last);
    throw last;
  }
}
