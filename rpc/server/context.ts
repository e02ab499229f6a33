/**
 * What a handler knows of a call besides its messages.
 *
 * @module
 */

import type { Logger } from "../../core/log/logger.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { extractContext } from "../../core/trace/carrier.ts";
import { newSpanId, newTraceId, type SpanContext } from "../../core/trace/propagation.ts";
import { Metadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { IncomingCall } from "../transport/transport.ts";
import type { RpcEnvironment } from "./environment.ts";

/**
 * One call's view of the service. What costs something (signal, trace id, logger, metadata) is made when it is first asked
 * for, so a handler pays only for what it uses.
 */
export class RpcContext {
  /** What was called. */
  readonly method: MethodInfo;
  /** When the call came, in ms of the environment's clock. */
  readonly startedMs: number;
  /** Milliseconds from {@link startedMs} that its method has; none if it has no limit. The timeout layer sets it. */
  limitMs: number = Infinity;
  /** The id of the decision that refused the call, if one did. */
  decision: string | undefined;
  readonly #call: IncomingCall;
  readonly #environment: RpcEnvironment;
  #controller: AbortController | undefined;
  #aborted = false;
  #abortReason: unknown;
  #span: SpanContext | undefined;
  #deadline: Deadline | undefined;
  #log: Logger | undefined;
  #state: Map<unknown, unknown> | undefined;
  #answeredMs = NaN;
  #finishers: (() => void)[] | undefined;
  #ended = false;
  #responseHeader: Metadata | undefined;
  #headerSent = false;

  /** Makes the context of one call. */
  constructor(call: IncomingCall, environment: RpcEnvironment) {
    this.method = call.method;
    this.startedMs = environment.clock.now();
    this.#call = call;
    this.#environment = environment;
  }

  /**
   * When the handler had answered or thrown, in ms of the environment's clock: the instant at which this was first asked, so ask
   * only then. Several layers want it, and to look at the clock is dear.
   */
  get answeredMs(): number {
    const answeredMs = this.#answeredMs;
    return answeredMs === answeredMs
      ? answeredMs
      : this.#answeredMs = this.#environment.clock.now();
  }

  /** What the calls of one server share. */
  get environment(): RpcEnvironment {
    return this.#environment;
  }

  /** The call as the transport has it. */
  get call(): IncomingCall {
    return this.#call;
  }

  /** What the caller sent along. */
  get metadata(): Metadata {
    return this.#call.metadata;
  }

  /** The first value of the metadata under a name in small letters, if it is text; costs less than {@link metadata}. */
  header(name: string): string | undefined {
    return this.#call.header(name);
  }

  /** The caller's address, `host:port`, as far as it is known. */
  get peer(): string {
    return this.#call.peer;
  }

  /** Metadata that is sent ahead of the first answer; what is set later is not sent. */
  get responseHeader(): Metadata {
    return this.#responseHeader ??= new Metadata();
  }

  /** Sends {@link responseHeader} now, with `metadata` added to it, and not only with the first answer. Later calls do nothing. */
  sendHeader(metadata?: Metadata): void {
    if (metadata) this.responseHeader.merge(metadata);
    if (this.#headerSent) return;
    this.#headerSent = true;
    this.#call.sendHeader(this.responseHeader);
  }

  /** Sends {@link responseHeader} if there is something in it. The server calls it before answers. */
  flushHeader(): void {
    if (this.#responseHeader && !this.#call.canceled) this.sendHeader();
  }

  /** Metadata that is sent with the status, of a failure too. */
  get trailer(): Metadata {
    return this.#call.trailer;
  }

  /**
   * Aborted when the work is no longer wanted: the caller has gone, time is up, or the server was stopped by force. Pass it on
   * to everything that waits.
   */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    this.#controller = new AbortController();
    if (this.#aborted) this.#controller.abort(this.#abortReason);
    else if (!this.#ended) {
      this.#environment.live.add(this);
      this.#call.onCancel(() => this.abort(canceledReason()));
    }
    return this.#controller.signal;
  }

  /** Aborts {@link signal}. The first reason stays. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    this.#controller?.abort(reason);
  }

  /** Whether {@link signal} is aborted, without making one. */
  get aborted(): boolean {
    return this.#aborted || this.#call.canceled;
  }

  /** Calls `finisher` when the call has been answered or has failed. It must not throw. */
  onFinish(finisher: () => void): void {
    if (this.#ended) finisher();
    else if (this.#finishers) this.#finishers.push(finisher);
    else this.#finishers = [finisher];
  }

  /** Notes that the call has been answered. The server calls it. */
  end(): void {
    this.#ended = true;
    this.flushHeader();
    for (const finisher of this.#finishers ?? []) finisher();
    this.#finishers = undefined;
    if (this.#controller) this.#environment.live.delete(this);
  }

  /**
   * The instant by which the call must be answered, at `Infinity` if there is none; {@link signal} ends it early. The clients of
   * this project keep it without being told, so that what the handler calls ends when its caller goes.
   */
  get deadline(): Deadline {
    if (this.#deadline) return this.#deadline;
    const { clock, deadlines } = this.#environment;
    const ownMs = Math.max(0, this.limitMs - (clock.now() - this.startedMs));
    const leftMs = Math.min(ownMs, this.#call.remainingMs);
    return this.#deadline = new Deadline(leftMs, { deadlines, signal: this.signal });
  }

  /** Whether anybody has asked for {@link span} or set it. */
  get hasSpan(): boolean {
    return this.#span !== undefined;
  }

  /** The trace this call is part of: the caller's, if it sent one, else a new one. */
  get span(): SpanContext {
    if (!this.#span) {
      const parent = extractContext({ get: (name) => this.#call.header(name) }).span;
      this.#span = {
        traceId: parent?.traceId ?? newTraceId(),
        spanId: newSpanId(),
        sampled: parent?.sampled ?? false,
        traceState: parent?.traceState,
      };
    }
    return this.#span;
  }

  set span(span: SpanContext) {
    this.#span = span;
    this.#log = undefined;
  }

  /** The id of the trace, 32 hex digits; every log line carries it. */
  get traceId(): string {
    return this.span.traceId;
  }

  /** A logger whose lines carry the trace. */
  get log(): Logger {
    return this.#log ??= this.#environment.log.with({
      trace: this.span.traceId,
      span: this.span.spanId,
    });
  }

  /** What interceptors leave for those further in. Use a symbol or a class of your own as the key. */
  get state(): Map<unknown, unknown> {
    return this.#state ??= new Map();
  }
}

/** Why a signal is aborted whose caller has gone. */
export function canceledReason(): DOMException {
  return new DOMException("The caller has gone", "AbortError");
}
