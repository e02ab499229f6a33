/**
 * What a retry costs that is not needed, as nearly all are, and one that is.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { hedge, LatencyPercentile, retry, RetryBudget } from "@zeno/zeno/core/retry";
import {
  handleAll,
  retry as cockatielRetry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "npm:cockatiel@4.0.0";
import pRetry from "npm:p-retry@9.0.0";
import { compare } from "./compare.ts";

const work = () => Promise.resolve(7);
const budget = new RetryBudget({ ratio: 1, maxBalance: 1e9 });
const options = { idempotent: true, budget };
const policy = cockatielRetry(handleAll, { maxAttempts: 2 });
const delayMs = new LatencyPercentile();

// As in a service some call is always under way. If none were while the engine collects garbage, it would
// forget the shapes of all objects, and throw away the code that was compiled for them.
const never = () => new Promise<never>(() => {});
void retry(never, { ...options, attemptTimeoutMs: 86_400_000 });
void retry(never, options);
void hedge(never, { delayMs: 86_400_000, budget });
void policy.execute(never);
void pRetry(never, { retries: 2 });

await compare("Retry, the first call succeeds", {
  "bare call": () => work(),
  "zeno retry": () => retry(work, options),
  "cockatiel retry": () => policy.execute(work),
  "p-retry": () => pRetry(work, { retries: 2 }),
}, { iterations: 30_000 });

const limited = wrap(policy, timeout(3_000, TimeoutStrategy.Aggressive));
await compare("Retry with a time limit for each attempt, the first succeeds", {
  "bare call": () => work(),
  "zeno retry": () => retry(work, { ...options, attemptTimeoutMs: 3_000 }),
  "cockatiel wrap(retry, timeout)": () => limited.execute(work),
}, { iterations: 30_000 });

// A hedge needs a timer as fine as its delay, hence one of the platform.
function withTimer(): Promise<number> {
  const timer = setTimeout(() => {}, 100);
  return work().finally(() => clearTimeout(timer));
}

await compare("Hedge, the first call succeeds", {
  "bare call": () => work(),
  "zeno hedge": () => hedge(work, { delayMs, budget }),
  "setTimeout by hand": () => withTimer(),
}, { iterations: 30_000 });

/** Fails the first time, then succeeds. */
function flaky(): () => Promise<number> {
  let calls = 0;
  return () => calls++ === 0 ? Promise.reject(new Error("reset")) : work();
}

async function again(fn: () => Promise<number>): Promise<number> {
  try {
    return await fn();
  } catch {
    return await fn();
  }
}

// Cockatiel is not in it: it waits for a timer even if told to wait for 0 ms.
await compare("Retry, one failure, no wait between", {
  "bare catch": () => again(flaky()),
  "zeno retry": () => retry(flaky(), { ...options, baseMs: 0 }),
  "p-retry": () => pRetry(flaky(), { retries: 2, minTimeout: 0 }),
}, { iterations: 5_000 });
Deno.exit(0); // The timers that a peer may have left are not waited for.
