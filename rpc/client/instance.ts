/**
 * One instance of a service.
 *
 * @module
 */

import type { Breaker, BreakerToken } from "../../core/breaker/breaker.ts";
import { type BreakerGroup, breakerKey } from "../../core/breaker/breaker_group.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import type { Clock } from "../../core/clock.ts";
import type { BalancedNode } from "../balancer/balancer.ts";
import type { Connection } from "../transport/transport.ts";
import { ProbeGate } from "./probe_gate.ts";

/** One instance of a service, and the connection to it. */
export class Instance implements BalancedNode {
  /** Where it is. */
  readonly address: string;
  /** The connection. */
  readonly connection: Connection;
  readonly #breakerGroup: BreakerGroup | undefined;
  readonly #breakers = new Map<string, Breaker>();
  /** Closed while it is down. */
  readonly #gate: ProbeGate | undefined;
  #inFlight = 0;
  #onClose: (() => void) | undefined;

  /** Makes an instance. Without `breakers` it is called whatever it does. */
  constructor(
    address: string,
    connection: Connection,
    { breakers, clock }: { breakers: BreakerGroup | undefined; clock: Clock },
  ) {
    this.address = address;
    this.connection = connection;
    this.#breakerGroup = breakers;
    this.#gate = breakers && new ProbeGate(clock);
  }

  /**
   * Lets a call of a method through, by its path, or gives what makes the error if the instance has to rest: most that have to
   * are passed over without one.
   */
  admit(path: string): BreakerToken | undefined | (() => CircuitOpenError) {
    const retryAfterMs = this.#gate?.closedForMs ?? 0;
    if (retryAfterMs > 0) {
      return () => new CircuitOpenError(breakerKey(this.address, path), { retryAfterMs });
    }
    try {
      const token = this.#breaker(path)?.allow();
      this.#gate?.pass();
      return token;
    } catch (error) {
      if (error instanceof CircuitOpenError) return () => error;
      throw error;
    }
  }

  /** It has done its work, or is connected anew. */
  recover(): void {
    this.#gate?.open();
  }

  /** It has failed a call. */
  fail(): void {
    this.#gate?.fail();
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

  /** The breaker of a method. */
  #breaker(path: string): Breaker | undefined {
    if (!this.#breakerGroup) return undefined;
    const kept = this.#breakers.get(path);
    if (kept) return kept;
    const breaker = this.#breakerGroup.get(breakerKey(this.address, path));
    this.#breakers.set(path, breaker);
    return breaker;
  }

  #close(): void {
    this.#onClose?.();
    this.connection[Symbol.asyncDispose]().catch(() => {}); // Nobody needs it any more.
  }
}
