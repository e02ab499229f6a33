/**
 * One node after the other.
 *
 * @module
 */

import { type Random, systemRandom } from "../../core/clock.ts";
import type { BalancedNode, Balancer, Pick, PickContext } from "./balancer.ts";

/** Options for {@link RoundRobinBalancer}. */
export interface RoundRobinOptions {
  /** Where to begin. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/**
 * Gives each node a call in turn, whatever it has to do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const balancer = new RoundRobinBalancer({ random: () => 0 });
 * balancer.update([{ address: "a:1" }, { address: "b:1" }]);
 * const addresses = [1, 2, 3].map(() => balancer.pick()!.node.address);
 * assertEquals(addresses, ["a:1", "b:1", "a:1"]);
 * ```
 */
export class RoundRobinBalancer<N extends BalancedNode> implements Balancer<N> {
  readonly #random: Random;
  #picks: readonly Pick<N>[] = [];
  #next: number | undefined;

  /** Makes a balancer without nodes. */
  constructor(options: RoundRobinOptions = {}) {
    this.#random = options.random ?? systemRandom;
  }

  /** Replaces the nodes. */
  update(nodes: readonly N[]): void {
    this.#picks = nodes.map((node) => ({ node, done() {} }));
    // Clients that start together must not go around together.
    this.#next ??= Math.floor(this.#random() * nodes.length);
  }

  /** Chooses the next in turn. */
  pick(context?: PickContext): Pick<N> | undefined {
    const { length } = this.#picks;
    if (length === 0) return undefined;
    const first = this.#turn();
    const avoid = context?.avoid;
    if (avoid === undefined || avoid.size === 0) return first;
    let pick = first;
    for (let tried = 1; avoid.has(pick.node); tried++) {
      if (tried === length) return first;
      pick = this.#turn();
    }
    return pick;
  }

  #turn(): Pick<N> {
    const index = this.#next! % this.#picks.length;
    this.#next = index + 1;
    return this.#picks[index]!;
  }
}
