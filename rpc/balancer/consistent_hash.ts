/**
 * Calls with one key to one node.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import { ConsistentHash } from "../../core/hash/consistent_hash.ts";
import type { BalancedNode, Balancer, Pick, PickContext } from "./balancer.ts";

/** How many other places of a key are tried to get around nodes that are to be avoided. */
const MAX_DETOURS = 16;

/**
 * Gives calls with one key to one node, as long as that is there: where nodes keep something of a key, such as a cache.
 * When a node comes or goes, only keys move that come to it or were on it. Every client agrees, those written with
 * go-zero included.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const balancer = new ConsistentHashBalancer();
 * balancer.update([{ address: "127.0.0.1:8080" }, { address: "127.0.0.1:8081" }]);
 * assertEquals(balancer.pick({ hashKey: "user_123" })?.node.address, "127.0.0.1:8081");
 * ```
 */
export class ConsistentHashBalancer<N extends BalancedNode> implements Balancer<N> {
  readonly #ring = new ConsistentHash<string>();
  readonly #picks = new Map<string, Pick<N>>();

  /** Replaces the nodes. */
  update(nodes: readonly N[]): void {
    const addresses = new Set(nodes.map(({ address }) => address));
    for (const address of [...this.#picks.keys()]) {
      if (addresses.has(address)) continue;
      this.#picks.delete(address);
      this.#ring.remove(address);
    }
    for (const node of nodes) {
      const { address } = node;
      if (!this.#picks.has(address)) this.#ring.add(address);
      this.#picks.set(address, { node, done() {} });
    }
  }

  /**
   * Chooses the node that the key belongs to.
   *
   * @throws {ServiceError} With code `invalid_argument` if there is no key.
   */
  pick(context?: PickContext): Pick<N> | undefined {
    const hashKey = context?.hashKey;
    if (hashKey === undefined || hashKey === "") {
      throw new ServiceError(
        "invalid_argument",
        "Cannot choose a node by consistent hash: the call has no hashKey",
      );
    }
    const first = this.#at(hashKey);
    const avoid = context?.avoid;
    if (first === undefined || avoid === undefined || !avoid.has(first.node)) return first;
    // Other places of the same key, so that all clients go to the same node in its stead.
    for (let detour = 1; detour <= MAX_DETOURS; detour++) {
      const other = this.#at(`${hashKey}#${detour}`)!;
      if (!avoid.has(other.node)) return other;
    }
    return first;
  }

  #at(key: string): Pick<N> | undefined {
    const address = this.#ring.get(key);
    return address === undefined ? undefined : this.#picks.get(address);
  }
}
