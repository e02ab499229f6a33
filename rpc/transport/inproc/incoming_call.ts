/**
 * A call within the process, as its service sees it.
 *
 * @module
 */

import type { Deadline } from "../../../core/timeout/deadline.ts";
import { Metadata } from "../../metadata.ts";
import type { MethodInfo } from "../../method.ts";
import type { IncomingCall, ListenOptions, OutgoingCall } from "../transport.ts";

const NO_METADATA: Metadata = new Metadata();

/** A call within the process. */
export class InprocCall implements IncomingCall {
  /** What was called. */
  readonly method: MethodInfo;
  /** Who called: there is no address. */
  readonly peer = "inproc";
  readonly #outgoing: OutgoingCall;
  readonly #deadline: Deadline | undefined;
  #trailer: Metadata | undefined;
  #header: Metadata | undefined;
  #headerSent = false;
  #listeners: (() => void)[] | undefined;
  #onAbort: ((error: unknown) => void) | undefined;
  #state: "open" | "canceled" | "ended" = "open";
  readonly #onError: ListenOptions["onError"];
  /** What a function of the caller has thrown. */
  #fault: { readonly error: unknown } | undefined;

  /** Makes the other side of a call. */
  constructor(method: MethodInfo, outgoing: OutgoingCall, onError: ListenOptions["onError"]) {
    this.method = method;
    this.#onError = onError;
    this.#outgoing = outgoing;
    this.#deadline = outgoing.deadline;
  }

  /** What the caller sent along. */
  get metadata(): Metadata {
    return this.#outgoing.metadata ?? NO_METADATA;
  }

  /** The first value under `name`. */
  header(name: string): string | undefined {
    return this.#outgoing.metadata?.get(name);
  }

  /** Milliseconds that the caller still waits. */
  get remainingMs(): number {
    return this.#deadline?.remainingMs ?? Infinity;
  }

  /** Whether the caller has gone. */
  get canceled(): boolean {
    return this.#state === "canceled";
  }

  /** Calls `listener` when the caller goes. */
  onCancel(listener: () => void): void {
    if (this.#state === "canceled") listener();
    else if (this.#state === "open") (this.#listeners ??= []).push(listener);
  }

  /** Sends metadata ahead of the first answer. */
  sendHeader(metadata: Metadata): void {
    if (this.#headerSent || this.#state !== "open") return;
    this.#header = metadata;
    this.flushHeader();
  }

  /** Sends what there is ahead of the first answer, if that has not been done. */
  flushHeader(): void {
    if (this.#headerSent) return;
    this.#headerSent = true;
    const { onHeader } = this.#outgoing;
    if (onHeader) this.#tell(() => onHeader(this.#header ?? new Metadata()));
  }

  /** Sent with the status. */
  get trailer(): Metadata {
    return this.#trailer ??= new Metadata();
  }

  /** The caller goes. */
  cancel(): void {
    if (this.#state !== "open") return;
    this.#state = "canceled";
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) {
      try {
        listener();
      } catch (error) {
        this.#onError?.(error, this.method);
      }
    }
  }

  /** Calls `listener` if either side breaks the call off. */
  onAbort(listener: (error: unknown) => void): void {
    this.#onAbort = listener;
  }

  /** Either side breaks the call off. */
  abort(reason: unknown): void {
    this.cancel();
    this.#onAbort?.(reason);
  }

  /** Sends the trailer and ends the call, if it is still open. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#listeners = undefined;
    const { onTrailer } = this.#outgoing;
    if (onTrailer) this.#tell(() => onTrailer(this.trailer));
  }

  /**
   * Sends what has not been sent and ends the call.
   *
   * Throws what a function of the caller has thrown: that is the caller's to know, not the service's.
   */
  finish(): void {
    this.flushHeader();
    this.end();
    if (this.#fault) throw this.#fault.error;
  }

  #tell(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.#fault = { error };
      this.abort(error);
    }
  }
}
