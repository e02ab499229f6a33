/**
 * One instance of a service.
 *
 * @module
 */

import type { Breaker } from "../../core/breaker/breaker.ts";
import { type BreakerGroup, breakerKey } from "../../core/breaker/breaker_group.ts";
import type { Clock } from "../../core/clock.ts";
import type { BalancedNode } from "../balancer/balancer.ts";
import type { Connection } from "../transport/transport.ts";
import { ProbeGate } from "./probe_gate.ts";

/** What takes care of the instances of a service that fail. */
export interface InstanceCare {
  /** Breakers by instance and method. */
  readonly breakers: BreakerGroup;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/** One instance of a service, and the connection to it. */
export class Instance implements BalancedNode {
  /** Where it is. */
  readonly address: string;
  /** The connection. */
  readonly connection: Connection;
  /** Closed while it is down; `undefined` where nobody takes care. */
  readonly gate: ProbeGate | undefined;
  readonly #breakerGroup: BreakerGroup | undefined;
  readonly #breakers = new Map<string, Breaker>();
  #inFlight = 0;
  #onClose: (() => void) | undefined;

  /** Makes an instance. Without `care` it is called whatever it does. */
  constructor(address: string, connection: Connection, care: InstanceCare | undefined) {
    this.address = address;
    this.connection = connection;
    this.gate = care && new ProbeGate(care.clock);
    this.#breakerGroup = care?.breakers;
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
    if (this.#onClose && this.#inFlight === 0) this.#close();
  }

  /** Takes no more calls, and closes when those in flight have ended. `onClose` is told then. */
  retire(onClose: () => void): void {
    this.#onClose = onClose;
    if (this.#inFlight === 0) this.#close();
  }

  #close(): void {
    this.#onClose?.();
    this.connection[Symbol.asyncDispose]().catch(() => {}); // Nobody needs it any more.
  }
}
