/**
 * A call as its caller's interceptors see it.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import type { Deadline } from "../../core/timeout/deadline.ts";
import { Metadata, type MetadataInit } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { HedgeChoice, RetryChoice } from "./resilience.ts";

/** What can be said of a single call. */
export interface CallOptions {
  /** Time for the call in ms, in the place of the client's; `Infinity` and 0 for no limit but the current deadline. */
  timeoutMs?: number | undefined;
  /** Ends the call when aborted. */
  signal?: AbortSignal | undefined;
  /** Sent along. */
  metadata?: Metadata | MetadataInit | undefined;
  /** Calls with one key go to one instance, if the balancer is `consistent_hash`. It is not sent. */
  hashKey?: string | undefined;
  /** Whether to wait for an instance that can be reached, instead of failing at once. @default {false} */
  waitForReady?: boolean | undefined;
  /** Whether the call may be made twice without harm. @default {as the method says of itself} */
  idempotent?: boolean | undefined;
  /** How it is called again after a failure; `false` for not at all. @default {as the client says} */
  retry?: RetryChoice | false | undefined;
  /** How a second call is made when the first is slow; `false` for not at all. @default {as the client says} */
  hedge?: HedgeChoice | false | undefined;
  /** Told of the metadata that came before the first answer. */
  onHeader?: ((metadata: Metadata) => void) | undefined;
  /** Told of the metadata that came with the status, of a failure too. */
  onTrailer?: ((metadata: Metadata) => void) | undefined;
}

/** A call that is being made. */
export class ClientCall {
  /** What is called. */
  readonly method: MethodInfo;
  /** Where the service is, as the client was told. */
  readonly target: string;
  /** When the call began, in ms of the client's clock. */
  readonly startedMs: number;
  /** The instant by which it must have ended. */
  readonly deadline: Deadline | undefined;
  /** What the caller has said. */
  readonly options: CallOptions;
  /** The instance that took the last attempt, once there is one. */
  peer: string | undefined;
  readonly #clock: Clock;
  #metadata: Metadata | undefined;
  #endedMs = NaN;

  /** Makes a call. */
  constructor(
    method: MethodInfo,
    options: CallOptions,
    init: { target: string; clock: Clock; deadline: Deadline | undefined },
  ) {
    this.method = method;
    this.options = options;
    this.target = init.target;
    this.#clock = init.clock;
    this.startedMs = init.clock.now();
    this.deadline = init.deadline;
    const { metadata } = options;
    if (metadata) this.#metadata = new Metadata(metadata);
  }

  /**
   * The time that the call took, in ms, until the instant at which this was first asked, so ask only when it has ended. Several
   * interceptors want it, and to look at the clock is dear.
   */
  get tookMs(): number {
    if (Number.isNaN(this.#endedMs)) this.#endedMs = this.#clock.now();
    return this.#endedMs - this.startedMs;
  }

  /** What is sent along; made when it is first asked for. */
  get metadata(): Metadata {
    return this.#metadata ??= new Metadata();
  }

  /** What is sent along, if anything is. */
  get sentMetadata(): Metadata | undefined {
    return this.#metadata;
  }

  /** Ends the call when aborted. */
  get signal(): AbortSignal | undefined {
    return this.options.signal;
  }
}
