/**
 * What a key costs, among ten and among a hundred thousand: everything that is kept by key against a bare
 * `Map` of as many, which is the least that any of it can cost. Run with
 * `deno run -A --config bench/deno.json bench/core/keyed.ts`.
 *
 * @module
 */

import { BreakerGroup } from "@zeno/zeno/core/breaker";
import { Cache, TimingWheel } from "@zeno/zeno/core/collection";
import { ConsistentHash } from "@zeno/zeno/core/hash";
import { FixedWindowLimiter, TokenBucketLimiter } from "@zeno/zeno/core/limit";
import { MetricRegistry } from "@zeno/zeno/core/metric";
import { compare } from "./compare.ts";

for (const count of [10, 1_000, 100_000]) {
  const keys = Array.from({ length: count }, (_, i) => `client ${i}`);
  const cycle = () => {
    let at = 0;
    return () => keys[at = (at + 1) % count]!;
  };

  const map = new Map(keys.map((key) => [key, { count: 0 }]));
  const wheel = new TimingWheel<string, number>({ tickMs: 1_000, execute: () => {} });
  const cache = new Cache<string, number>({ expiryMs: 600_000, limit: count });
  const buckets = new TokenBucketLimiter({ ratePerSecond: 1e6, burst: 1e12 });
  const windows = new FixedWindowLimiter({ periodMs: 600_000, quota: 1e15 });
  const breakers = new BreakerGroup();
  const registry = new MetricRegistry({ maxSeries: count });
  const counter = registry.counter({ name: "calls_total", labels: ["client"] });
  const nodes = new ConsistentHash<string>();
  for (let i = 0; i < 100; i++) nodes.add(`10.0.0.${i}:6379`);
  for (const key of keys) {
    wheel.set(key, 0, 60_000);
    cache.set(key, 0);
    buckets.take(key);
    windows.take(key);
    breakers.get(key);
    counter.labels(key);
  }

  const [a, b, c, d, e, f, g, h, i] = Array.from({ length: 9 }, cycle);
  await compare(`By key, ${count} keys`, {
    "a Map's get, alone": () => map.get(a!())!.count++,
    "zeno TimingWheel.set": () => wheel.set(b!(), 0, 60_000),
    "zeno Cache.get": () => cache.get(c!()),
    "zeno TokenBucketLimiter.tryTake": () => buckets.tryTake(d!()),
    "zeno FixedWindowLimiter.take": () => windows.take(e!()),
    "zeno BreakerGroup.get, allow, accept": () => breakers.get(f!()).allow().accept(),
    "zeno counter.labels, inc": () => counter.labels(g!()).inc(),
    "zeno ConsistentHash.get": () => nodes.get(h!()),
    // The limiters look at it once a call.
    "the clock and the keys alone": () => (i!(), performance.now()),
  }, { iterations: 200_000 });
  wheel[Symbol.dispose]();
  cache[Symbol.dispose]();
}
