/**
 * A call as the package hands it to a server.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { Metadata } from "../../metadata.ts";
import type { MethodInfo } from "../../method.ts";
import type { IncomingCall, ListenOptions } from "../transport.ts";
import type { WireMetadata, WireServerCall } from "./driver.ts";
import { fromWire, toWire } from "./wire_metadata.ts";

/** What the calls of one server share. */
export interface SharedByCalls {
  /** Time source. */
  readonly clock: Clock;
  /** The calls in flight. The package leaves them without an answer when it is closed by force. */
  readonly live: Set<GrpcIncomingCall>;
  /** Told of what goes wrong with nobody waiting for it. */
  readonly onError: NonNullable<ListenOptions["onError"]>;
}

/** A call. Metadata is translated when it is asked for. */
export class GrpcIncomingCall implements IncomingCall {
  /** What was called. */
  readonly method: MethodInfo;
  readonly #wire: WireServerCall;
  readonly #shared: SharedByCalls;
  #metadata: Metadata | undefined;
  #trailer: Metadata | undefined;
  #answered = false;
  #canceled = false;
  #listeners: (() => void)[] | undefined;
  #stop: (() => void) | undefined;

  /** Makes a call of the package's. */
  constructor(method: MethodInfo, wire: WireServerCall, shared: SharedByCalls) {
    this.method = method;
    this.#wire = wire;
    this.#shared = shared;
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
    const peer = this.#wire.getPeer();
    const colon = peer.lastIndexOf(":");
    const host = peer.slice(0, colon);
    // The package leaves out the brackets of an address of version 6.
    return host.includes(":") ? `[${host}]${peer.slice(colon)}` : peer;
  }

  /** Milliseconds that the caller still waits. */
  get remainingMs(): number {
    const deadline = this.#wire.getDeadline();
    if (deadline === Infinity) return Infinity;
    return Math.max(0, Number(deadline) - this.#shared.clock.wallTime());
  }

  /** Whether the caller has gone. */
  get canceled(): boolean {
    // The package calls every call that has ended cancelled.
    return this.#canceled || this.#wire.cancelled && !this.#answered;
  }

  /** Calls `listener` when the caller goes. */
  onCancel(listener: () => void): void {
    if (this.#answered) return;
    if (this.canceled) return listener();
    if (this.#listeners) return void this.#listeners.push(listener);
    this.#listeners = [listener];
    this.#wire.once("cancelled", () => this.#cancel());
  }

  /** Notes that the call is in flight, and how to fail it. */
  begin(stop: () => void): void {
    this.#stop = stop;
    this.#shared.live.add(this);
  }

  /** Fails the call and tells its handler that nobody waits any more. */
  stop(): void {
    const stop = this.#stop;
    this.#cancel();
    stop?.();
  }

  #cancel(): void {
    if (this.#answered || this.#canceled) return;
    this.#canceled = true;
    this.#shared.live.delete(this);
    for (const listener of this.#listeners ?? []) {
      try {
        listener();
      } catch (error) {
        this.#shared.onError(error, this.method);
      }
    }
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
    if (this.#stop) this.#shared.live.delete(this);
    return this.#trailer && toWire(this.#trailer);
  }
}
