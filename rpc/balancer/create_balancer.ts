/**
 * Balancers by name.
 *
 * @module
 */

import type { BalancedNode, Balancer } from "./balancer.ts";
import { ConsistentHashBalancer } from "./consistent_hash.ts";
import { P2cBalancer, type P2cOptions } from "./p2c.ts";
import { RoundRobinBalancer } from "./round_robin.ts";

/** What a configuration calls the balancers that there are. */
export type BalancerName = "p2c_ewma" | "consistent_hash" | "round_robin";

/** All names. */
export const BALANCER_NAMES: readonly BalancerName[] = [
  "p2c_ewma",
  "consistent_hash",
  "round_robin",
];

/**
 * Makes a balancer. An empty name means `p2c_ewma`.
 *
 * @throws {TypeError} If there is none of this name.
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * createBalancer("round_robin");
 * assertThrows(() => createBalancer("best"), TypeError, 'Cannot balance by "best": need p2c_ewma');
 * ```
 */
export function createBalancer<N extends BalancedNode>(
  name: BalancerName | (string & Record<never, never>),
  options: P2cOptions = {},
): Balancer<N> {
  switch (name) {
    case "":
    case "p2c_ewma":
      return new P2cBalancer(options);
    case "consistent_hash":
      return new ConsistentHashBalancer();
    case "round_robin":
      return new RoundRobinBalancer(options);
    default:
      throw new TypeError(
        `Cannot balance by "${name}": need ${BALANCER_NAMES.slice(0, -1).join(", ")} or ${
          BALANCER_NAMES.at(-1)
        }`,
      );
  }
}
