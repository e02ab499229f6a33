import { ConsistentHash } from "./consistent_hash.ts";
import { murmur3Words } from "./murmur3_words.ts";

const keys = Array.from({ length: 10_000 }, (_, i) => `user:${10_000 + i}`);
const bytes = keys.map((key) => new TextEncoder().encode(key));
let next = 0;

Deno.bench({ name: "the keys alone", group: "murmur3, 10 characters", baseline: true }, () => {
  keys[next = (next + 1) % keys.length]!;
});
Deno.bench({ name: "text", group: "murmur3, 10 characters" }, () => {
  murmur3Words(keys[next = (next + 1) % keys.length]!, 0);
});
Deno.bench({ name: "bytes", group: "murmur3, 10 characters" }, () => {
  murmur3Words(bytes[next = (next + 1) % keys.length]!, 0);
});

for (const nodes of [10, 100, 1_000, 10_000]) {
  const ring = new ConsistentHash<string>();
  for (let i = 0; i < nodes; i++) ring.add(`10.${i >> 8}.${i & 255}.1:6379`);
  ring.get("");
  const group = "ConsistentHash.get()";
  Deno.bench({ name: `${nodes} nodes`, group, baseline: nodes === 100 }, () => {
    ring.get(keys[next = (next + 1) % keys.length]!);
  });
}
