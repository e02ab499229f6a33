import { ConcurrencyLimiter } from "./concurrency_limiter.ts";
import { FixedWindowLimiter } from "./fixed_window_limiter.ts";
import { GradientLimit } from "./gradient_limit.ts";
import { Semaphore } from "./semaphore.ts";
import { TokenBucket } from "./token_bucket.ts";
import { TokenBucketLimiter } from "./token_bucket_limiter.ts";

const bucket = new TokenBucket({ ratePerSecond: 1e9, burst: 1e9 });
Deno.bench({ name: "clock alone", group: "token bucket", baseline: true }, () => {
  performance.now();
});
Deno.bench({ name: "TokenBucket.tryTake()", group: "token bucket" }, () => {
  bucket.tryTake();
});
Deno.bench({ name: "TokenBucket.take()", group: "token bucket" }, () => {
  bucket.take();
});

for (const count of [10, 1_000, 100_000]) {
  const keys = Array.from({ length: count }, (_, i) => `client ${i}`);
  const buckets = new TokenBucketLimiter({ ratePerSecond: 1e6, burst: 1e9 });
  const windows = new FixedWindowLimiter({ periodMs: 3_600_000, quota: 1e9 });
  for (const key of keys) {
    buckets.tryTake(key);
    windows.take(key);
  }
  let next = 0;
  const key = () => keys[next = next + 1 < count ? next + 1 : 0]!;
  Deno.bench({ name: `TokenBucketLimiter, ${count} keys`, group: "keys" }, () => {
    buckets.tryTake(key());
  });
  Deno.bench({ name: `FixedWindowLimiter, ${count} keys`, group: "keys" }, () => {
    windows.take(key());
  });
}

const semaphore = new Semaphore(10);
const fixed = new ConcurrencyLimiter(10);
const adaptive = new ConcurrencyLimiter(new GradientLimit());
Deno.bench({ name: "Semaphore.tryAcquire(), release", group: "at once", baseline: true }, () => {
  semaphore.tryAcquire()?.release();
});
Deno.bench({ name: "Semaphore.acquire(), release", group: "at once" }, async () => {
  (await semaphore.acquire()).release();
});
Deno.bench({ name: "ConcurrencyLimiter, fixed", group: "at once" }, () => {
  fixed.tryAcquire()?.end("success");
});
Deno.bench({ name: "ConcurrencyLimiter, adaptive", group: "at once" }, () => {
  adaptive.tryAcquire()?.end("success");
});
