/**
 * Hashing that agrees across processes and languages: MurmurHash3 x64-128 and consistent hashing, placed
 * as go-zero places them.
 *
 * @example Keys keep their server when others come and go
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConsistentHash } from "@zeno/zeno/core/hash";
 *
 * const caches = new ConsistentHash<string>();
 * caches.add("10.0.0.1:6379");
 * caches.add("10.0.0.2:6379", { weight: 50 }); // Half the share of the others.
 * const before = caches.get("user:7");
 * caches.add("10.0.0.3:6379");
 * caches.remove("10.0.0.3:6379");
 * assertEquals(caches.get("user:7"), before);
 * ```
 *
 * @module
 */

export {
  type AddNodeOptions,
  ConsistentHash,
  type ConsistentHashOptions,
} from "./consistent_hash.ts";
export { identityOf } from "./identity.ts";
export { murmur3, murmur3Hex, type Murmur3Options } from "./murmur3.ts";
