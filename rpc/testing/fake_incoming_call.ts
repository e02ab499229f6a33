/**
 * A call that a test makes of a handler itself.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import { Metadata, type MetadataInit } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { IncomingCall } from "../transport/transport.ts";

/** What a test says of a call. */
export interface FakeCallOptions {
  /** Sent along. */
  readonly metadata?: MetadataInit;
  /** The caller's address. @default {"10.0.0.9:5000"} */
  readonly peer?: string;
  /** Milliseconds that the caller waits. @default {for ever} */
  readonly timeoutMs?: number;
}

/** A call whose caller is a test. */
export class FakeIncomingCall implements IncomingCall {
  /** What is called. */
  readonly method: MethodInfo;
  /** What the caller sent along. */
  readonly metadata: Metadata;
  /** Who calls. */
  readonly peer: string;
  /** What was sent ahead of the answer, each time. */
  readonly headers: [string, unknown][][] = [];
  /** What is sent with the status. */
  readonly trailer: Metadata = new Metadata();
  readonly #clock: Clock;
  readonly #endsMs: number;
  readonly #listeners: (() => void)[] = [];
  #canceled = false;

  /** Makes a call. */
  constructor(method: MethodInfo, clock: Clock, options: FakeCallOptions = {}) {
    const { metadata, peer = "10.0.0.9:5000", timeoutMs = Infinity } = options;
    this.method = method;
    this.metadata = new Metadata(metadata);
    this.peer = peer;
    this.#clock = clock;
    this.#endsMs = clock.now() + timeoutMs;
  }

  /** Milliseconds that the caller still waits. */
  get remainingMs(): number {
    return Math.max(0, this.#endsMs - this.#clock.now());
  }

  /** Whether the caller has gone. */
  get canceled(): boolean {
    return this.#canceled;
  }

  /** The first value under `name`. */
  header(name: string): string | undefined {
    return this.metadata.get(name);
  }

  /** Calls `listener` when the caller goes. */
  onCancel(listener: () => void): void {
    if (this.#canceled) listener();
    else this.#listeners.push(listener);
  }

  /** Notes what is sent ahead of the answer. */
  sendHeader(metadata: Metadata): void {
    this.headers.push([...metadata]);
  }

  /** The caller goes. */
  cancel(): void {
    this.#canceled = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
