/**
 * Consistent hashing against every package on npm that we know of. Run with
 * `deno run -A --config bench/deno.json bench/core/hash.ts`.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { ConsistentHash, murmur3Hex } from "@zeno/zeno/core/hash";
import PjwRing from "npm:consistent-hash@1.2.2";
import Md5Ring from "npm:consistent-hashing@0.3.0";
import CachingRing from "npm:hashring@3.2.0";
// @ts-types="./types/ketama.d.ts"
import { HashRing as Sha1Ring } from "npm:ketama@1.0.0";
import murmurPeer from "npm:murmurhash3js-revisited@3.0.0";
import MurmurRing from "npm:node-hashring@1.0.2";
import { compare } from "./compare.ts";

const nodes = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}:6379`);

const ours = new ConsistentHash<string>();
const pjw = new PjwRing();
const sha1 = new Sha1Ring(nodes);
const murmur = new MurmurRing(nodes);
const caching = new CachingRing(nodes);
const md5 = new Md5Ring(nodes);
for (const node of nodes) {
  ours.add(node);
  pjw.add(node);
}

/** Each of `count` keys in turn. */
function cycle(count: number, keyOf: (i: number) => string): () => string {
  const keys = Array.from({ length: count }, (_, i) => keyOf(i));
  let next = 0;
  return () => keys[next = (next + 1) % count]!;
}

const KEYS: Readonly<Record<string, (i: number) => string>> = {
  "10 characters": (i) => `user:${10_000 + i}`,
  "24 characters": (i) => `order:${10_000 + i}:customer-no`,
};
for (const [kind, keyOf] of Object.entries(KEYS)) {
  // A processor foretells each branch of a search for the same hundred keys, but not for ten thousand.
  for (const count of [100, 10_000]) {
    const key = cycle(count, keyOf);
    await compare(`Lookup among 100 nodes, ${count} keys of ${kind}`, {
      "zeno ConsistentHash.get": () => ours.get(key()),
      "consistent-hash get": () => pjw.get(key()),
      "node-hashring findNode": () => murmur.findNode(key()),
      // It remembers the answers for 5000 keys, and hashes others with what is made for secrets.
      ...(count < 5_000 && { "hashring get, remembered": () => caching.get(key()) }),
      "the keys alone": key,
    }, { iterations: 100_000, rounds: 15 });
  }
}

const distinct = cycle(10_000, KEYS["10 characters"]!);
await compare("Lookup among 100 nodes, packages that hash with MD5 or SHA-1", {
  "zeno ConsistentHash.get": () => ours.get(distinct()),
  "hashring get": () => caching.get(distinct()),
  "ketama getNode": () => sha1.getNode(distinct()),
  "consistent-hashing getNode": () => md5.getNode(distinct()),
}, { iterations: 500, rounds: 9 });

for (const size of [1_000, 10_000]) {
  const many = new ConsistentHash<string>();
  for (let i = 0; i < size; i++) many.add(`10.${i >> 8}.${i & 255}.1:6379`);
  await compare(`Lookup among ${size} nodes`, {
    "zeno, 100 nodes": () => ours.get(distinct()),
    [`zeno, ${size} nodes`]: () => many.get(distinct()),
  });
}

const encoder = new TextEncoder();
await compare("MurmurHash3 x64-128 of 10 characters, in hexadecimal", {
  "zeno murmur3Hex": () => murmur3Hex(distinct()),
  "murmurhash3js-revisited": () => murmurPeer.x64.hash128(encoder.encode(distinct())),
});
