/**
 * A call as the package hands it to a server.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { Metadata } from "../../metadata.ts";
import type { MethodInfo } from "../../method.ts";
import type { IncomingCall } from "../transport.ts";
import type { WireMetadata } from "./driver.ts";
import { fromWire, toWire } from "./wire_metadata.ts";

/** What the calls of the package have in common. */
export interface WireServerCall {
  readonly metadata: WireMetadata;
  readonly cancelled: boolean;
  getPeer(): string;
  getDeadline(): Date | number;
  sendMetadata(metadata: WireMetadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

/** A call. Metadata is translated when it is asked for. */
export class GrpcIncomingCall implements IncomingCall {
  /** What was called. */
  readonly method: MethodInfo;
  readonly #wire: WireServerCall;
  readonly #clock: Clock;
  #metadata: Metadata | undefined;
  #trailer: Metadata | undefined;
  #answered = false;

  /** Makes a call of the package's. */
  constructor(method: MethodInfo, wire: WireServerCall, clock: Clock) {
    this.method = method;
    this.#wire = wire;
    this.#clock = clock;
  }

  /** What the caller sent along. */
  get metadata(): Metadata {
    return this.#metadata ??= fromWire(this.#wire.metadata);
  }

  /** The first value under `name`. */
  header(name: string): string | undefined {
    const value = this.#wire.metadata.get(name)[0];
    return typeof value === "string" ? value : undefined;
  }

  /** The caller's address. */
  get peer(): string {
    return this.#wire.getPeer();
  }

  /** Milliseconds that the caller still waits. */
  get remainingMs(): number {
    const deadline = this.#wire.getDeadline();
    if (deadline === Infinity) return Infinity;
    return Math.max(0, Number(deadline) - this.#clock.wallTime());
  }

  /** Whether the caller has gone. */
  get canceled(): boolean {
    // The package calls every call that has ended cancelled.
    return this.#wire.cancelled && !this.#answered;
  }

  /** Calls `listener` when the caller goes. */
  onCancel(listener: () => void): void {
    if (this.#answered) return;
    if (this.#wire.cancelled) return listener();
    this.#wire.once("cancelled", () => {
      if (!this.#answered) listener();
    });
  }

  /** Sends metadata ahead of the first answer. */
  sendHeader(metadata: Metadata): void {
    this.#wire.sendMetadata(toWire(metadata));
  }

  /** Sent with the status. */
  get trailer(): Metadata {
    return this.#trailer ??= new Metadata();
  }

  /** Notes that the status is on its way; answers what goes along with it. */
  end(): WireMetadata | undefined {
    this.#answered = true;
    return this.#trailer && toWire(this.#trailer);
  }
}
