/**
 * One message out, one message in.
 *
 * @module
 */

import type { ServiceError } from "../../../core/errors.ts";
import type { MethodInfo } from "../../method.ts";
import { OK } from "../../status.ts";
import type { OutgoingCall } from "../transport.ts";
import type { WireCall, WireMetadata, WireStatus } from "./driver.ts";
import { broken, CANCELLED, failureOf } from "./failure.ts";
import { bufferOf, fromWire, plain, toWire } from "./wire_metadata.ts";

const INTERNAL = 13;

/** A call in flight. */
export interface LiveCall {
  /** Ends it, and fails whoever waits for it. */
  abort(reason: unknown): void;
}

/** What calls over one connection need of it. */
export interface CallOrigin {
  /** The calls in flight. */
  readonly live: Set<LiveCall>;
  /** Makes a call. Throws if the connection is closed. */
  begin(method: MethodInfo): WireCall;
  /** Whether a call has been sent. */
  hasLeft(wire: WireCall): boolean;
  /** Resolves, when the package has had time to find out, with whether it is still there. */
  stillConnected(): Promise<boolean>;
}

/**
 * Sends `request` and resolves with the answer.
 *
 * The package would set a timer for each call; the deadline has one for all.
 */
export function exchange<I, O>(
  origin: CallOrigin,
  method: MethodInfo<I, O>,
  request: I,
  call: OutgoingCall,
): Promise<O> {
  const { deadline } = call;
  if (!deadline || deadline.endless) return send(origin, method, request, call, () => {});
  let live: LiveCall | undefined;
  const answer = deadline.run(() => send(origin, method, request, call, (begun) => live = begun));
  answer.catch((error) => {
    if (live && origin.live.has(live)) live.abort(error);
  });
  return answer;
}

function send<I, O>(
  origin: CallOrigin,
  method: MethodInfo<I, O>,
  request: I,
  call: OutgoingCall,
  onBegin: (live: LiveCall) => void,
): Promise<O> {
  return new Promise((resolve, reject) => {
    const { signal } = call;
    signal?.throwIfAborted();
    const message = bufferOf(method.input.encode(request));
    const metadata = metadataOf(call);
    const wire = origin.begin(method);
    const answer = new Answer(wire, origin, method, call, resolve, reject);
    origin.live.add(answer);
    onBegin(answer);
    wire.start(metadata, answer);
    wire.startRead();
    wire.sendMessageWithContext({}, message);
    wire.halfClose();
    if (signal) answer.follow(signal);
  });
}

/**
 * What is left of the time, as gRPC writes it: at most eight digits and a unit. Rounds up, as the callee must not give up before
 * there is nothing left.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function formatTimeout(remainingMs: number): string {
  const ms = Math.max(1, Math.ceil(remainingMs));
  return ms < 1e8 ? `${ms}m` : `${Math.min(99_999_999, Math.ceil(ms / 1000))}S`;
}

/** Metadata of a call for the package. */
export function metadataOf({ metadata, deadline, waitForReady }: OutgoingCall): WireMetadata {
  const wire = toWire(metadata);
  if (waitForReady) wire.setOptions({ waitForReady });
  if (deadline && deadline.atMs !== Infinity) {
    wire.set("grpc-timeout", formatTimeout(deadline.remainingMs));
  }
  return wire;
}

/** What comes back for one message. */
class Answer<I, O> implements LiveCall {
  readonly #wire: WireCall;
  readonly #origin: CallOrigin;
  readonly #method: MethodInfo<I, O>;
  readonly #call: OutgoingCall;
  readonly #resolve: (answer: O) => void;
  readonly #reject: (error: unknown) => void;
  #message: Uint8Array | undefined;
  #fault: ServiceError | undefined;
  #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.abort(this.#signal!.reason);

  constructor(
    wire: WireCall,
    origin: CallOrigin,
    method: MethodInfo<I, O>,
    call: OutgoingCall,
    resolve: (answer: O) => void,
    reject: (error: unknown) => void,
  ) {
    this.#wire = wire;
    this.#origin = origin;
    this.#method = method;
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Gives the call up when `signal` is aborted. */
  follow(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Ends the call, and rejects. */
  abort(reason: unknown): void {
    this.#reject(reason);
    this.#wire.cancelWithStatus(CANCELLED, "Canceled by the caller");
  }

  onReceiveMetadata(metadata: WireMetadata): void {
    try {
      this.#call.onHeader?.(fromWire(metadata));
    } catch (error) {
      this.abort(error);
    }
  }

  onReceiveMessage(message: Uint8Array): void {
    if (this.#message) this.#break("there is more than one answer");
    this.#message = message;
    this.#wire.startRead(); // The status is read only after what would be another message.
  }

  onReceiveStatus(status: WireStatus): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#origin.live.delete(this);
    try {
      this.#settle(status);
    } catch (error) {
      this.#reject(error);
    }
  }

  #settle(status: WireStatus): void {
    const { onTrailer, deadline } = this.#call;
    const { path } = this.#method;
    if (status.code !== OK) {
      const trailer = fromWire(status.metadata);
      onTrailer?.(trailer);
      if (this.#fault) return this.#reject(this.#fault);
      const { stillConnected } = this.#origin;
      const hasLeft = this.#origin.hasLeft(this.#wire);
      failureOf(status, trailer, { path, deadline, hasLeft, stillConnected }).then(this.#reject);
      return;
    }
    onTrailer?.(fromWire(status.metadata));
    const message = this.#message;
    if (!message) throw broken(path, "there is none");
    this.#resolve(decodeAnswer(this.#method, message));
  }

  #break(what: string): void {
    this.#fault ??= broken(this.#method.path, what);
    this.#wire.cancelWithStatus(INTERNAL, this.#fault.message);
  }
}

/** The message of an answer. */
export function decodeAnswer<I, O>(method: MethodInfo<I, O>, message: Uint8Array): O {
  try {
    return method.output.decode(plain(message));
  } catch (cause) {
    throw broken(method.path, "it is no message of the method's type", cause);
  }
}
