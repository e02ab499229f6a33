import { bloomOffsets } from "./bloom_filter.ts";
import { Cache } from "./cache.ts";
import { Queue } from "./queue.ts";
import { Ring } from "./ring.ts";
import { RollingWindow } from "./rolling_window.ts";
import { SumBucket } from "./sum_bucket.ts";
import { TimingWheel } from "./timing_wheel.ts";

for (const count of [10, 1_000, 100_000]) {
  const keys = Array.from({ length: 2 * count }, (_, i) => `key ${i}`);
  let at = 0;
  const key = () => keys[at = (at + 1) % count]!;
  /** The key that comes when `key` goes, so that `count` are there at all times. */
  let newest = count - 1;
  const fresh = () => keys[newest = (newest + 1) % keys.length]!;
  const oldest = () => keys[(newest + count + 1) % keys.length]!;

  const map = new Map(keys.slice(0, count).map((key) => [key, { value: 0 }]));
  Deno.bench({ name: "a Map alone", group: `${count} keys`, baseline: true }, () => {
    map.get(key())!.value++;
  });

  const wheel = new TimingWheel<string, number>({ tickMs: 60_000, execute: () => {} });
  const churned = new TimingWheel<string, number>({ tickMs: 60_000, execute: () => {} });
  for (const key of keys.slice(0, count)) churned.set(key, 0, 3_600_000);
  const group = `${count} keys`;
  Deno.bench({ name: "TimingWheel.set()", group }, () => wheel.set(key(), 0, 3_600_000));
  Deno.bench({ name: "TimingWheel.remove() and set() of one key", group }, () => {
    const same = key();
    wheel.remove(same);
    wheel.set(same, 0, 3_600_000);
  });
  Deno.bench({ name: "TimingWheel.remove() and set() of another key", group }, () => {
    churned.remove(oldest());
    churned.set(fresh(), 0, 3_600_000);
  });

  const cache = new Cache<string, number>({ expiryMs: 3_600_000, limit: count, tickMs: 60_000 });
  for (const key of keys.slice(0, count)) cache.set(key, 0);
  Deno.bench({ name: "Cache.get()", group }, () => void cache.get(key()));
  Deno.bench({ name: "Cache.set() of a known key", group }, () => cache.set(key(), 1));
  Deno.bench({ name: "Cache.set() of a new key", group }, () => cache.set(fresh(), 1));
}

const queue = new Queue<number>();
for (let i = 0; i < 1_000; i++) queue.put(i);
Deno.bench("Queue.put() and take()", () => {
  queue.put(1);
  queue.take();
});

const ring = new Ring<number>(1_000);
Deno.bench("Ring.add()", () => ring.add(1));

const window = new RollingWindow({
  buckets: 10,
  bucketMs: 1_000,
  create: () => new SumBucket(),
});
Deno.bench("RollingWindow of sums", () => window.current().add(1));

Deno.bench("bloomOffsets() of 10 characters", () => void bloomOffsets("order 1234", 200_000));
