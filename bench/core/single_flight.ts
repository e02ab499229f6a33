/**
 * Single flight against the packages that do the same: alone, joined, and beside many keys in flight.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { Mutex, ResourcePool, SingleFlight } from "@zeno/zeno/core/async";
import { Singleflight as Onestone } from "npm:@onestone/singleflight@1.0.0";
import { Singleflight as Zcong } from "npm:@zcong/singleflight@0.3.1";
import { Mutex as PeerMutex } from "npm:async-mutex@0.5.0";
// @ts-types="./types/generic_pool.d.ts"
import { createPool } from "npm:generic-pool@3.9.0";
import { compare } from "./compare.ts";

const work = () => Promise.resolve(7);
const never = new Promise<number>(() => {});
const bare = { "bare await": work };

const ours = new SingleFlight<string, number>();
const onestone = new Onestone();
const zcong = new Zcong();
// As in a service something is always under way. If nothing were while the engine collects garbage, it would
// forget the shapes of all objects, and throw away the code that was compiled for them.
for (const flights of [ours, onestone, zcong]) void flights.do("slow", () => never);
await compare("Single flight, uncontended", {
  ...bare,
  "zeno SingleFlight.do": () => ours.do("key", work),
  "@onestone/singleflight": () => onestone.do("key", work),
  "@zcong/singleflight": () => zcong.do("key", work),
});

const ten = Array.from({ length: 10 });
await compare("Single flight, ten callers of one key", {
  "zeno SingleFlight.do": () => Promise.all(ten.map(() => ours.do("key", work))),
  "@onestone/singleflight": () => Promise.all(ten.map(() => onestone.do("key", work))),
  "@zcong/singleflight": () => Promise.all(ten.map(() => zcong.do("key", work))),
}, { iterations: 20_000 });

for (const count of [10, 1_000, 100_000]) {
  const busy = {
    zeno: new SingleFlight<string, number>(),
    onestone: new Onestone(),
    zcong: new Zcong(),
  };
  for (let i = 0; i < count; i++) {
    for (const flights of Object.values(busy)) void flights.do(`busy ${i}`, () => never);
  }
  const names = Array.from({ length: 1_000 }, (_, i) => `key ${i}`);
  let [a, b, c] = [0, 0, 0];
  await compare(`Single flight beside ${count} keys in flight`, {
    ...bare,
    "zeno SingleFlight.do": () => busy.zeno.do(names[a = (a + 1) % 1_000]!, work),
    "@onestone/singleflight": () => busy.onestone.do(names[b = (b + 1) % 1_000]!, work),
    "@zcong/singleflight": () => busy.zcong.do(names[c = (c + 1) % 1_000]!, work),
  }, { iterations: 50_000 });
}

const mutex = new Mutex();
const peerMutex = new PeerMutex();
await compare("Mutex, uncontended", {
  ...bare,
  "zeno Mutex.run": () => mutex.run(work),
  "async-mutex runExclusive": () => peerMutex.runExclusive(work),
});

const pool = new ResourcePool({ size: 4, create: () => ({ id: 1 }) });
const peerPool = createPool({
  create: () => Promise.resolve({ id: 1 }),
  destroy: () => Promise.resolve(),
}, { max: 4 });
await compare("Pool, take and give back", {
  ...bare,
  "zeno ResourcePool.use": () => pool.use(work),
  "generic-pool use": () => peerPool.use(work),
}, { iterations: 20_000 });
await pool[Symbol.asyncDispose]();
await peerPool.drain();
await peerPool.clear();
