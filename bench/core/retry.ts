/**
 * What a retry costs that is not needed, as nearly all are, and one that is.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { hedge, LatencyPercentile, retry, RetryBudget } from "@zeno/zeno/core/retry";
import { handleAll, retry as cockatielRetry } from "npm:cockatiel@4.0.0";
import pRetry from "npm:p-retry@9.0.0";
import { compare } from "./compare.ts";

const work = () => Promise.resolve(7);
const budget = new RetryBudget({ ratio: 1, maxBalance: 1e9 });
const options = { idempotent: true, budget };
const policy = cockatielRetry(handleAll, { maxAttempts: 2 });
const delayMs = new LatencyPercentile();

await compare("Retry of a call that succeeds", {
  "zeno retry": () => retry(work, options),
  "zeno retry, attempt timeout": () => retry(work, { ...options, attemptTimeoutMs: 3_000 }),
  "cockatiel retry": () => policy.execute(work),
  "p-retry": () => pRetry(work, { retries: 2 }),
  "zeno hedge": () => hedge(work, { delayMs, budget }),
  "bare call": () => work(),
}, { iterations: 30_000 });

/** Fails the first time, then succeeds. */
function flaky(): () => Promise<number> {
  let calls = 0;
  return () => calls++ === 0 ? Promise.reject(new Error("reset")) : work();
}

await compare("Retry of a call that fails once, no wait between", {
  "zeno retry": () => retry(flaky(), { ...options, baseMs: 0 }),
  "cockatiel retry": () => policy.execute(flaky()),
  "p-retry": () => pRetry(flaky(), { retries: 2, minTimeout: 0 }),
}, { iterations: 300 });
Deno.exit(0); // The timers that a peer may have left are not waited for.
