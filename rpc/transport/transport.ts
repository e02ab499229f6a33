/**
 * What carries calls: all that the rest of `rpc` knows of a wire.
 *
 * A transport moves messages and metadata of one call to one address and reports how it ended. Balancing, retries,
 * breakers, traces and all else lie above it, and are the same for every transport.
 *
 * @module
 */

import type { Deadline } from "../../core/timeout/deadline.ts";
import type { Metadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";

/** What a caller says of a call. */
export interface OutgoingCall {
  /** Sent with the call. */
  readonly metadata: Metadata | undefined;
  /** The instant by which the call must have ended; the callee is told what is left of the time. */
  readonly deadline: Deadline | undefined;
  /** Ends the call when aborted. */
  readonly signal: AbortSignal | undefined;
  /** Whether to wait for a connection instead of failing at once where there is none. */
  readonly waitForReady?: boolean | undefined;
  /** Told of the metadata that came before the first answer. */
  readonly onHeader?: ((metadata: Metadata) => void) | undefined;
  /** Told of the metadata that came with the status, of a failure too. */
  readonly onTrailer?: ((metadata: Metadata) => void) | undefined;
}

/** `failing` waits before it tries again; calls fail at once meanwhile, unless they wait for a connection. */
export type ConnectionState = "idle" | "connecting" | "ready" | "failing" | "closed";

/**
 * A connection to one address, which reconnects by itself until it is closed.
 *
 * Calls reject with a `ServiceError`: of what the callee answered, `unavailable` if it cannot be reached,
 * `DeadlineExceededError` if time is up, `canceled` or the signal's reason once aborted.
 */
export interface Connection extends AsyncDisposable {
  /** The address as it was given. */
  readonly address: string;
  /** Whether it is connected. */
  readonly state: ConnectionState;
  /** Tells `listener` of every change of {@link state}, until the answer is disposed. */
  watch(listener: (state: ConnectionState) => void): Disposable;
  /** Begins to connect, unless it has; without it the first call does. */
  connect(): void;
  /** Sends one message and resolves with the answer. */
  unary<I, O>(method: MethodInfo<I, O>, request: I, call: OutgoingCall): Promise<O>;
  /**
   * Sends any number of messages and gives the answers. The call begins with the first answer that is asked for, and is
   * cancelled when the caller leaves its loop. Messages are taken from `requests` no faster than they are sent, and
   * answers are read no faster than they are asked for. If `requests` throws, the call is cancelled and that is thrown.
   */
  stream<I, O>(
    method: MethodInfo<I, O>,
    requests: AsyncIterable<I>,
    call: OutgoingCall,
  ): AsyncIterable<O>;
  /** Ends all calls and closes the connection. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connects to addresses. */
export interface ClientTransport {
  /** What it is called, `grpc_js`. */
  readonly name: string;
  /** Makes a connection to `address`, which is `host:port` unless the transport says otherwise. Does not connect yet. */
  open(address: string): Connection;
}

/** A call that somebody has made to us. */
export interface IncomingCall {
  /** What was called. */
  readonly method: MethodInfo;
  /** What the caller sent along. */
  readonly metadata: Metadata;
  /** The first value of {@link metadata} under a name in small letters, if it is text; makes no metadata for it. */
  header(name: string): string | undefined;
  /** The caller's address as `host:port`, as far as it is known. */
  readonly peer: string;
  /** Milliseconds that the caller still waits, >= 0; `Infinity` if it has not said. */
  readonly remainingMs: number;
  /** Whether the caller has gone, or its time is up. */
  readonly canceled: boolean;
  /** Calls `listener` when the caller goes or its time is up before the call has ended; at once if so already. */
  onCancel(listener: () => void): void;
  /** Sends metadata now, ahead of the first answer. Later calls do nothing. */
  sendHeader(metadata: Metadata): void;
  /** Sent with the status, of a failure too. */
  readonly trailer: Metadata;
}

/** A method with what answers it. Whatever the handler throws becomes the status, by `statusOf`. */
export type ServedMethod = ServedUnary | ServedStream;

/** A method that takes one message and gives one. */
export interface ServedUnary {
  /** What is called. */
  readonly method: MethodInfo;
  /** Tells the two apart. */
  readonly kind: "unary";
  /** Answers a call. */
  handle(request: unknown, call: IncomingCall): unknown;
}

/** A method of any streaming kind. One that takes or gives a single message has a stream of one. */
export interface ServedStream {
  /** What is called. */
  readonly method: MethodInfo;
  /** Tells the two apart. */
  readonly kind: "stream";
  /** Answers a call. What it gives is asked for no faster than it is sent, and is left when the caller goes. */
  handle(requests: AsyncIterable<unknown>, call: IncomingCall): AsyncIterable<unknown>;
}

/** Takes calls. */
export interface ServerTransport {
  /** What it is called, `grpc_js`. */
  readonly name: string;
  /**
   * Takes calls of these methods at `address` until closed. What has no method is answered with `unimplemented`.
   *
   * @throws {ServiceError} If it cannot listen; the message says where and what to do.
   */
  listen(
    methods: readonly ServedMethod[],
    address: string,
    options?: ListenOptions,
  ): Promise<TransportListener>;
}

/** Options for {@link ServerTransport.listen}. */
export interface ListenOptions {
  /**
   * Told of what goes wrong with nobody waiting for it: answers that could not be sent, such as one that is not of the
   * method's type, and functions that throw when they are told of a cancel.
   */
  readonly onError?: ((error: unknown, method: MethodInfo) => void) | undefined;
}

/** A place where calls are taken. */
export interface TransportListener {
  /** Where, as `host:port`, with the port that was given out if 0 was asked for. */
  readonly address: string;
  /** Takes no new calls and resolves when those in flight have ended, however long that takes. */
  drain(): Promise<void>;
  /** Ends all calls in flight, which cancels them, and closes at once. */
  close(): void;
}
