/**
 * What is known of nodes, also of those that have gone.
 *
 * @module
 */

import type { BalancedNode } from "./balancer.ts";
import { NodeStats } from "./node_stats.ts";

/** Nodes that have gone of which something is still known. */
const MAX_GONE = 1_000;

/** Statistics by address. A node that comes back finds its own, unless many others have gone since. */
export class StatsMemory<N extends BalancedNode> {
  /** In the order in which they were last there. */
  readonly #known = new Map<string, NodeStats<N>>();

  /** The statistics of these nodes, once for each address. */
  select(nodes: readonly N[]): NodeStats<N>[] {
    const selected = new Map<string, NodeStats<N>>();
    for (const node of nodes) {
      const { address } = node;
      const stats = this.#known.get(address) ?? new NodeStats(node);
      stats.node = node;
      this.#known.delete(address);
      this.#known.set(address, stats);
      selected.set(address, stats);
    }
    for (const address of this.#known.keys()) {
      if (this.#known.size <= selected.size + MAX_GONE) break;
      this.#known.delete(address);
    }
    return [...selected.values()];
  }
}
