/**
 * Collections against the packages that do the same. Run with
 * `deno run -A --config bench/deno.json bench/core/collection.ts`.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import {
  BloomFilter,
  Cache,
  MemoryBitStore,
  Queue,
  Ring,
  TimingWheel,
} from "@zeno/zeno/core/collection";
import { TTLCache } from "npm:@isaacs/ttlcache@2.1.5";
// @ts-types="./types/bloom_filters.d.ts"
import BloomFilters from "npm:bloom-filters@3.0.4";
import { BloomFilter as PeerBloom } from "npm:bloomfilter@1.1.0";
import CBuffer from "npm:CBuffer@2.2.0";
import Denque from "npm:denque@2.1.0";
import { LRUCache } from "npm:lru-cache@11.5.3";
import { ReschedulingTimerWheel } from "npm:timer-wheel@1.0.0";
import { compare } from "./compare.ts";

const COUNTS = (Deno.args[0] ?? "10,1000,100000").split(",").map(Number);

for (const count of COUNTS) {
  const keys = Array.from({ length: 2 * count }, (_, i) => `timer ${i}`);
  const next = (at: number) => (at + 1) % keys.length;
  /** The key that comes when `keys[at]` goes, so that there are always `count` timers. */
  const other = (at: number) => keys[(at + count) % keys.length]!;

  const ours = new TimingWheel<string, number>({ tickMs: 1000, execute: () => {} });
  const peer = new ReschedulingTimerWheel<string>();
  const map = new Map<string, { value: number }>();
  const timeouts = new Map<string, ReturnType<typeof setTimeout>>();
  const timeout = () => setTimeout(() => {}, 60_000);
  for (const key of keys.slice(0, count)) {
    ours.set(key, 1, 60_000);
    peer.schedule(key, 60_000);
    map.set(key, { value: 1 });
    if (count < 100_000) timeouts.set(key, timeout());
  }
  let [a, b, c, d] = [0, 0, 0, 0];
  await compare(`Timing wheel: one of ${count} timers again`, {
    "zeno set": () => ours.set(keys[a = (a + 1) % count]!, 1, 60_000),
    "timer-wheel schedule": () => peer.schedule(keys[b = (b + 1) % count]!, 60_000),
    "a Map's get, alone": () => map.get(keys[c = (c + 1) % count]!)!.value++,
  });
  [a, b, c] = [0, 0, 0];
  await compare(`Timing wheel: one of ${count} timers cancelled and set again`, {
    "zeno remove, set": () => {
      const key = keys[a = (a + 1) % count]!;
      ours.remove(key);
      ours.set(key, 1, 60_000);
    },
    "timer-wheel unschedule, schedule": () => {
      const key = keys[b = (b + 1) % count]!;
      peer.unschedule(key);
      peer.schedule(key, 60_000);
    },
    "a Map's delete and set, alone": () => {
      const key = keys[c = (c + 1) % count]!;
      map.delete(key);
      map.set(key, { value: 1 });
    },
  });
  [a, b, c, d] = [-1, -1, -1, -1];
  await compare(`Timing wheel: one of ${count} timers cancelled, another set`, {
    "zeno remove, set": () => {
      ours.remove(keys[a = next(a)]!);
      ours.set(other(a), 1, 60_000);
    },
    "timer-wheel unschedule, schedule": () => {
      peer.unschedule(keys[b = next(b)]!);
      peer.schedule(other(b), 60_000);
    },
    "a Map's delete and set, alone": () => {
      map.delete(keys[c = next(c)]!);
      map.set(other(c), { value: 1 });
    },
    // A hundred thousand of these take the process minutes.
    ...(count < 100_000 && {
      "clearTimeout, setTimeout, by key": () => {
        const key = keys[d = next(d)]!;
        clearTimeout(timeouts.get(key));
        timeouts.delete(key);
        timeouts.set(other(d), timeout());
      },
    }),
  });
  ours[Symbol.dispose]();
  for (const handle of timeouts.values()) clearTimeout(handle);
}

for (const count of COUNTS) {
  const keys = Array.from({ length: 2 * count }, (_, i) => `user ${i}`);
  const ours = new Cache<string, number>({ expiryMs: 600_000, limit: count });
  const lru = new LRUCache<string, number>({ max: count, ttl: 600_000 });
  const ttl = new TTLCache<string, number>({ max: count, ttl: 600_000 });
  const map = new Map<string, { value: number }>();
  for (const key of keys.slice(0, count)) {
    ours.set(key, 1);
    lru.set(key, 1);
    ttl.set(key, 1);
    map.set(key, { value: 1 });
  }
  let [a, b, c, d] = [0, 0, 0, 0];
  await compare(`Cache of ${count}: hit`, {
    "zeno Cache.get": () => ours.get(keys[a = (a + 1) % count]!),
    "lru-cache get": () => lru.get(keys[b = (b + 1) % count]!),
    "@isaacs/ttlcache get": () => ttl.get(keys[c = (c + 1) % count]!),
    "a Map's get, alone": () => map.get(keys[d = (d + 1) % count]!)!.value,
  });
  await compare(`Cache of ${count}: set what is there`, {
    "zeno Cache.set": () => ours.set(keys[a = (a + 1) % count]!, a),
    "lru-cache set": () => lru.set(keys[b = (b + 1) % count]!, b),
    // It looks for the old expiry in a list, so a hundred thousand of these take minutes.
    ...(count < 100_000 && {
      "@isaacs/ttlcache set": () => ttl.set(keys[c = (c + 1) % count]!, c),
    }),
  });
  [a, b, c] = [count - 1, count - 1, count - 1];
  await compare(`Cache of ${count}: set what is not, the oldest goes`, {
    "zeno Cache.set": () => ours.set(keys[a = (a + 1) % keys.length]!, a),
    "lru-cache set": () => lru.set(keys[b = (b + 1) % keys.length]!, b),
    // It drops what expires soonest, not what was not used for longest.
    ...(count < 100_000 && {
      "@isaacs/ttlcache set": () => ttl.set(keys[c = (c + 1) % keys.length]!, c),
    }),
  });
  ours[Symbol.dispose]();
  ttl.clear();
}

const queue = new Queue<number>();
const denque = new Denque<number>();
for (let i = 0; i < 1_000; i++) {
  queue.put(i);
  denque.push(i);
}
await compare("Queue of 1000: put and take", {
  "zeno Queue": () => (queue.put(1), queue.take()),
  "denque": () => (denque.push(1), denque.shift()),
}, { iterations: 1_000_000 });

const ring = new Ring<number>(1_000);
const buffer = new CBuffer(1_000);
await compare("Ring of 1000: add", {
  "zeno Ring.add": () => ring.add(1),
  "CBuffer push": () => buffer.push(1),
}, { iterations: 1_000_000 });

const BITS = 200_000;
const bloom = new BloomFilter(new MemoryBitStore(BITS), BITS);
const words = Array.from({ length: 10_000 }, (_, i) => `order ${i}`);
const peerBloom = new PeerBloom(BITS, 14);
const bloomFilters = new BloomFilters.BloomFilter(BITS, 14);
for (const word of words) {
  await bloom.add(word);
  peerBloom.add(word);
  bloomFilters.add(word);
}
let [x, y, z] = [0, 0, 0];
await compare("Bloom filter of 200,000 bits and 14 hashes: ask", {
  "zeno BloomFilter.has": () => bloom.has(words[x = (x + 1) % words.length]!),
  "bloomfilter test": () => peerBloom.test(words[y = (y + 1) % words.length]!),
  "bloom-filters has": () => bloomFilters.has(words[z = (z + 1) % words.length]!),
}, { iterations: 20_000 });
Deno.exit(0); // What the peers have left running is not waited for.
