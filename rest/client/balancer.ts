/**
 * Choosing among the addresses of a service.
 *
 * @module
 */

import type { Random } from "../../core/clock.ts";
import type { Endpoint } from "./endpoint.ts";

/** How an address is chosen: the less loaded of two at random, or one after the other. */
export type BalancerName = "p2c" | "round_robin";

/** Chooses one of several addresses; there is at least one. */
export type Balancer = (endpoints: readonly Endpoint[]) => Endpoint;

/**
 * Makes a balancer. `p2c` takes the one with the lower product of requests in flight and recent latency
 * of two that were drawn by lot.
 *
 * @see Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001.
 */
export function createBalancer(name: BalancerName, random: Random): Balancer {
  if (name === "round_robin") {
    let next = Math.floor(random() * 1024); // Clients that start together must not go around together.
    return (endpoints) => endpoints[next++ % endpoints.length]!;
  }
  if (name !== "p2c") {
    throw new TypeError(`Cannot balance by "${String(name)}": need "p2c" or "round_robin"`);
  }
  return (endpoints) => {
    const { length } = endpoints;
    if (length === 1) return endpoints[0]!;
    const first = Math.floor(random() * length);
    // Of the others, so that it is never compared with itself.
    const second = (first + 1 + Math.floor(random() * (length - 1))) % length;
    const [a, b] = [endpoints[first]!, endpoints[second]!];
    return b.load < a.load ? b : a;
  };
}
