/**
 * A connection to one address.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { MethodInfo } from "../../method.ts";
import type { Connection, ConnectionState, OutgoingCall } from "../transport.ts";
import {
  type WireCall,
  WireChannel,
  type WireCredentials,
  type WireOptions,
  WireState,
} from "./driver.ts";
import { ResponseStream } from "./response_stream.ts";
import { type CallOrigin, exchange } from "./unary_exchange.ts";

/** What a connection is made with. */
export interface ConnectionInit {
  /** How to prove who one is. */
  readonly credentials: WireCredentials;
  /** Settings of the package. */
  readonly settings: WireOptions;
  /** Time source. */
  readonly clock: Clock;
}

const STATES: Readonly<Record<number, ConnectionState>> = {
  [WireState.IDLE]: "idle",
  [WireState.CONNECTING]: "connecting",
  [WireState.READY]: "ready",
  [WireState.TRANSIENT_FAILURE]: "failing",
  [WireState.SHUTDOWN]: "closed",
};

/** A connection to one address, by a channel of the package. */
export class GrpcConnection implements Connection {
  /** The address as it was given. */
  readonly address: string;
  readonly #channel: WireChannel;
  readonly #clock: Clock;
  readonly #watchers = new Set<{ readonly call: (state: ConnectionState) => void }>();
  readonly #origin: CallOrigin = {
    live: new Set(),
    begin: (method) => this.#begin(method),
    // The package names the target where it has found nobody to send the call to.
    hasLeft: (wire) => wire.getPeer() !== this.#channel.getTarget(),
    stillConnected: async () => {
      await this.#clock.sleep(0, { keepAlive: true });
      return this.#channel.getConnectivityState(false) === WireState.READY;
    },
  };
  #state: ConnectionState = "idle";

  /** Makes a connection that does not connect yet. */
  constructor(address: string, { credentials, settings, clock }: ConnectionInit) {
    this.address = address;
    this.#clock = clock;
    this.#channel = new WireChannel(address, credentials, settings);
    this.#follow();
  }

  /** Whether it is connected. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Tells `listener` of every change. */
  watch(listener: (state: ConnectionState) => void): Disposable {
    const entry = { call: listener };
    this.#watchers.add(entry);
    return { [Symbol.dispose]: () => void this.#watchers.delete(entry) };
  }

  /** Begins to connect. */
  connect(): void {
    if (this.#state !== "closed") this.#channel.getConnectivityState(true);
  }

  /** Sends one message and resolves with the answer. */
  unary<I, O>(method: MethodInfo<I, O>, request: I, call: OutgoingCall): Promise<O> {
    return exchange(this.#origin, method, request, call);
  }

  /** Sends messages and gives the answers. */
  stream<I, O>(
    method: MethodInfo<I, O>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
  ): AsyncIterable<O> {
    return {
      [Symbol.asyncIterator]: () => new ResponseStream(this.#origin, method, requests, call),
    };
  }

  /** Ends all calls and closes the connection. */
  [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return Promise.resolve();
    this.#enter("closed");
    this.#watchers.clear();
    // The package leaves calls in flight to themselves.
    for (const call of this.#origin.live) call.abort(this.#closedError());
    this.#channel.close();
    return Promise.resolve();
  }

  #begin(method: MethodInfo): WireCall {
    if (this.#state === "closed") throw this.#closedError();
    return this.#channel.createCall(method.path, Infinity, null, null, null);
  }

  #closedError(): ServiceError {
    return new ServiceError("canceled", `Cannot call ${this.address}: the connection was closed`);
  }

  /** Follows the state of the channel from here on. */
  #follow(): void {
    if (this.#state === "closed") return;
    const state = this.#channel.getConnectivityState(false);
    this.#channel.watchConnectivityState(state, Infinity, () => this.#follow());
    this.#enter(STATES[state] ?? "idle");
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const { call } of this.#watchers) call(state);
  }
}
