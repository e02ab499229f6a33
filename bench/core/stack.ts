/**
 * All protections around one call, one after the other and together, against the same of cockatiel and
 * prom-client.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { SreBreaker } from "@zeno/zeno/core/breaker";
import { systemClock } from "@zeno/zeno/core/clock";
import { ConcurrencyLimiter, TokenBucket } from "@zeno/zeno/core/limit";
import { AdaptiveShedder } from "@zeno/zeno/core/load";
import { MetricRegistry } from "@zeno/zeno/core/metric";
import { withTimeout } from "@zeno/zeno/core/timeout";
import {
  bulkhead,
  circuitBreaker,
  handleAll,
  SamplingBreaker,
  timeout,
  TimeoutStrategy,
  wrap,
} from "npm:cockatiel@4.0.0";
import client from "npm:prom-client@15.1.3";
import { compare } from "./compare.ts";

const LABELS = ["method", "path", "code"] as const;
const BUCKETS = [5, 10, 25, 50, 100, 250, 500, 750, 1000];
// Without breath the shedder would rightly find that the event loop has stalled.
const options = { iterations: 20_000, breatheEvery: 200 };
const TIMEOUT_MS = 60_000;
const answer = () => Promise.resolve(7);
const never = () => new Promise<number>(() => {});
let callee = never;
const work = () => callee();

const bucket = new TokenBucket({ ratePerSecond: 1e9, burst: 1e9 });
const limiter = new ConcurrencyLimiter(1_000);
const breaker = new SreBreaker();
const shedder = new AdaptiveShedder();
const registry = new MetricRegistry();
const requests = registry.counter({ name: "requests_total", labels: LABELS });
const durations = registry.histogram({ name: "duration_ms", labels: LABELS, buckets: BUCKETS });

function record(startedMs: number, code: string): void {
  requests.labels("GET", "/users/:id", code).inc();
  durations.labels("GET", "/users/:id", code).observe(systemClock.now() - startedMs);
}

const limited = () => withTimeout(work, TIMEOUT_MS);
const guarded = () => breaker.run(limited);

async function zeno(): Promise<number> {
  if (!bucket.tryTake()) throw new Error("too many calls");
  const token = shedder.allow();
  const startedMs = systemClock.now();
  try {
    const value = await limiter.run(guarded);
    token.pass();
    record(startedMs, "200");
    return value;
  } catch (error) {
    token.fail();
    record(startedMs, "500");
    throw error;
  }
}

const policy = wrap(
  bulkhead(1_000),
  timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive),
  circuitBreaker(handleAll, {
    halfOpenAfter: 1_000,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
  }),
);
const peerOptions = { help: "help", labelNames: [...LABELS], registers: [new client.Registry()] };
const peerRequests = new client.Counter({ name: "requests_total", ...peerOptions });
const peerDurations = new client.Histogram({
  name: "duration_ms",
  buckets: BUCKETS,
  ...peerOptions,
});

function peerRecord(startedMs: number, code: string): void {
  peerRequests.labels("GET", "/users/:id", code).inc();
  peerDurations.labels("GET", "/users/:id", code).observe(performance.now() - startedMs);
}

async function peer(): Promise<number> {
  const startedMs = performance.now();
  try {
    const value = await policy.execute(work);
    peerRecord(startedMs, "200");
    return value;
  } catch (error) {
    peerRecord(startedMs, "500");
    throw error;
  }
}

async function shed(): Promise<number> {
  const token = shedder.allow();
  try {
    const value = await work();
    token.pass();
    return value;
  } catch (error) {
    token.fail();
    throw error;
  }
}

async function measured(): Promise<number> {
  const startedMs = systemClock.now();
  const value = await work();
  record(startedMs, "200");
  return value;
}

// As in a service some call is always under way. If none were while the engine collects garbage, it would
// forget the shapes of all objects, and throw away the code that was compiled for them.
for (const call of [zeno, peer, shed, measured]) call().catch(() => {});
callee = answer;

await compare("The whole stack: token bucket, shedder, concurrency, breaker, deadline, metrics", {
  "bare call": work,
  "zeno": zeno,
  "cockatiel (no bucket, no shedder), prom-client": peer,
}, options);

await compare("Shedder around a call", { "bare call": work, "zeno": shed }, options);

await compare("The other parts of the stack, each around a call", {
  "bare call": work,
  "zeno, token bucket": async () => bucket.tryTake() ? await work() : 0,
  "zeno, concurrency limiter": () => limiter.run(work),
  "zeno, breaker": () => breaker.run(work),
  "zeno, deadline": () => withTimeout(work, TIMEOUT_MS),
  "zeno, counter and histogram": measured,
}, { iterations: 50_000 });
Deno.exit(0); // The timers that a peer may have left are not waited for.
