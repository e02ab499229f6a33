import { hedge } from "./hedge.ts";
import { LatencyPercentile } from "./latency_percentile.ts";
import { retry } from "./retry.ts";
import { RetryBudget } from "./retry_budget.ts";

const work = () => Promise.resolve(7);
const budget = new RetryBudget();
const delayMs = new LatencyPercentile();

Deno.bench({ name: "bare call", group: "first call succeeds", baseline: true }, async () => {
  await work();
});
Deno.bench({ name: "retry()", group: "first call succeeds" }, async () => {
  await retry(work, { idempotent: true });
});
Deno.bench(
  { name: "retry(), budget and attempt timeout", group: "first call succeeds" },
  async () => {
    await retry(work, { idempotent: true, budget, attemptTimeoutMs: 3_000 });
  },
);
Deno.bench({ name: "hedge()", group: "first call succeeds" }, async () => {
  await hedge(work, { delayMs, budget });
});
