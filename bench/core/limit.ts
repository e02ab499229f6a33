/**
 * Limits against the packages that most services on npm use.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import {
  ConcurrencyLimiter,
  Semaphore,
  TokenBucket,
  TokenBucketLimiter,
} from "@zeno/zeno/core/limit";
import { Sema } from "npm:async-sema@3.1.1";
import { TokenBucket as PeerBucket } from "npm:limiter@4.1.0";
import pLimit from "npm:p-limit@7.3.3";
import { RateLimiterMemory } from "npm:rate-limiter-flexible@11.4.0";
import { compare } from "./compare.ts";

const ours = new TokenBucket({ ratePerSecond: 1e6, burst: 1e9 });
const peer = new PeerBucket({ bucketSize: 1e9, tokensPerInterval: 1e6, interval: "second" });
peer.content = 1e9;
await compare("Token bucket, one", {
  "zeno TokenBucket.tryTake": () => ours.tryTake(),
  "limiter tryRemoveTokens": () => peer.tryRemoveTokens(1),
  "the clock alone": () => performance.now(),
}, { iterations: 300_000 });

for (const count of [10, 100_000]) {
  const keys = Array.from({ length: count }, (_, i) => `client ${i}`);
  const buckets = new TokenBucketLimiter({ ratePerSecond: 1e6, burst: 1e9 });
  const memory = new RateLimiterMemory({ points: 1e9, duration: 3600 });
  // What any store by key costs: the memory of a hundred thousand keys is not in the cache.
  const map = new Map(keys.map((key) => [key, { tokens: 0 }]));
  for (const key of keys) {
    buckets.take(key);
    await memory.consume(key);
  }
  let [a, b, c] = [0, 0, 0];
  await compare(`By key, ${count} keys`, {
    "zeno TokenBucketLimiter.take": () => buckets.take(keys[a = (a + 1) % count]!),
    "rate-limiter-flexible consume": () => memory.consume(keys[b = (b + 1) % count]!),
    "a Map alone": () => map.get(keys[c = (c + 1) % count]!)!.tokens++,
  }, { iterations: 200_000 });
  for (const key of keys) await memory.delete(key); // It holds a timer for each key.
}

const work = () => Promise.resolve(7);
const semaphore = new Semaphore(10);
const sema = new Sema(10);
const limit = pLimit(10);
const limiter = new ConcurrencyLimiter(10);
await compare("At once, nobody waits", {
  "zeno Semaphore": async () => {
    const permit = await semaphore.acquire();
    try {
      return await work();
    } finally {
      permit.release();
    }
  },
  // What the engine takes for the word.
  "zeno Semaphore, with using": async () => {
    using _permit = await semaphore.acquire();
    return await work();
  },
  "async-sema": async () => {
    await sema.acquire();
    try {
      return await work();
    } finally {
      sema.release();
    }
  },
  "p-limit": () => limit(work),
  "zeno ConcurrencyLimiter.run": () => limiter.run(work),
  "bare call": () => work(),
});

const crowd = Array.from({ length: 1_000 });
await compare("A thousand calls, ten at once", {
  "zeno Semaphore": () =>
    Promise.all(crowd.map(async () => {
      const permit = await semaphore.acquire();
      try {
        return await work();
      } finally {
        permit.release();
      }
    })),
  "async-sema": () =>
    Promise.all(crowd.map(async () => {
      await sema.acquire();
      try {
        return await work();
      } finally {
        sema.release();
      }
    })),
  "p-limit": () => Promise.all(crowd.map(() => limit(work))),
}, { iterations: 100 });
Deno.exit(0); // What the peers have left running is not waited for.
