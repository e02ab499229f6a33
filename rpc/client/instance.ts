/**
 * One instance of a service.
 *
 * @module
 */

import type { Breaker } from "../../core/breaker/breaker.ts";
import { type BreakerGroup, breakerKey } from "../../core/breaker/breaker_group.ts";
import type { BalancedNode } from "../balancer/balancer.ts";
import type { Connection } from "../transport/transport.ts";

/** One instance of a service, and the connection to it. */
export class Instance implements BalancedNode {
  /** Where it is. */
  readonly address: string;
  /** The connection. */
  readonly connection: Connection;
  readonly #breakerGroup: BreakerGroup | undefined;
  readonly #breakers = new Map<string, Breaker>();
  #inFlight = 0;
  #retired = false;

  /** Makes an instance. `breakers` is undefined where there are none. */
  constructor(address: string, connection: Connection, breakers: BreakerGroup | undefined) {
    this.address = address;
    this.connection = connection;
    this.#breakerGroup = breakers;
  }

  /** The breaker of a method, by its path. */
  breaker(path: string): Breaker | undefined {
    if (!this.#breakerGroup) return undefined;
    const kept = this.#breakers.get(path);
    if (kept) return kept;
    const breaker = this.#breakerGroup.get(breakerKey(this.address, path));
    this.#breakers.set(path, breaker);
    return breaker;
  }

  /** A call has begun. */
  enter(): void {
    this.#inFlight++;
  }

  /** A call has ended. */
  leave(): void {
    this.#inFlight--;
    if (this.#retired && this.#inFlight === 0) this.#close();
  }

  /** Takes no more calls, and closes when those in flight have ended. */
  retire(): void {
    this.#retired = true;
    if (this.#inFlight === 0) this.#close();
  }

  #close(): void {
    this.connection[Symbol.asyncDispose]().catch(() => {}); // Nobody needs it any more.
  }
}
