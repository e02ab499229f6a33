/**
 * What a handler knows of a request besides the request.
 *
 * @module
 */

import type { ObjectSchema } from "../core/schema/object.ts";
import type { StandardSchemaV1 } from "../core/schema/standard.ts";
import type { Logger } from "../core/log/logger.ts";
import { extractContext } from "../core/trace/carrier.ts";
import { newSpanId, newTraceId, type SpanContext } from "../core/trace/propagation.ts";
import { Deadline } from "../core/timeout/deadline.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { LiveRequest } from "./live_requests.ts";
import { type BindOptions, bindRequest, type StandardBindOptions } from "./request/bind.ts";
import type { RouteSettings } from "./route.ts";

/** What the listener knows of a connection; `Deno.ServeHandlerInfo` is one. */
export interface ConnectionInfo {
  /** The peer. */
  readonly remoteAddr: {
    readonly transport: string;
    readonly hostname?: string;
    readonly port?: number;
    readonly path?: string;
  };
  /** Settles when the answer is sent or the connection is lost. */
  readonly completed?: Promise<void>;
}

/** What a {@link Context} is made of; the server makes one for each request. */
export interface ContextInit {
  /** The request as it came. */
  readonly request: Request;
  /** The canonical path, which routing and authorization share. */
  readonly path: string;
  /** The route's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The route that was matched. */
  readonly route: RouteSettings;
  /** What the requests of one server share. */
  readonly environment: ServerEnvironment;
  /** The connection, where there is one. */
  readonly info?: ConnectionInfo | undefined;
}

/**
 * One request's view of the service. What costs something (signal, trace id, logger, peer) is made when it
 * is first asked for, so a handler pays only for what it uses.
 */
export class Context {
  /** The request as the innermost handler sees it; a middleware may have replaced it. */
  request: Request;
  /** The canonical path: decoded, without dot segments. Authorize by this, not by `request.url`. */
  readonly path: string;
  /** The route's parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether the body is being read right now; a timeout then is the client's and answers 408. */
  readingBody = false;
  /** Milliseconds from {@link startedMs} that the request has; none if it has no limit. The timeout layer sets it. */
  limitMs: number = Infinity;
  /** The id of the decision that refused the request, if one did; see {@link ServerEnvironment.decisions}. */
  decision: string | undefined;
  readonly #settings: RouteSettings;
  readonly #environment: ServerEnvironment;
  readonly #info: ConnectionInfo | undefined;
  #controller: AbortController | undefined;
  #place: LiveRequest | undefined;
  #aborted = false;
  #abortReason: unknown;
  #span: SpanContext | undefined;
  #deadline: Deadline | undefined;
  #log: Logger | undefined;
  #state: Map<unknown, unknown> | undefined;
  #startedMs = NaN;
  #answeredMs = NaN;
  #finishers: ((endedMs: number) => void)[] | undefined;

  /** Makes the context of one request. */
  constructor(init: ContextInit) {
    this.request = init.request;
    this.path = init.path;
    this.params = init.params;
    this.#settings = init.route;
    this.#environment = init.environment;
    this.#info = init.info;
  }

  /** The pattern of the route, such as `/users/:id`; empty when no route matched. */
  get route(): string {
    return this.#settings.pattern;
  }

  /** What the requests of one server share: its clock, its logger, whether it is draining. */
  get environment(): ServerEnvironment {
    return this.#environment;
  }

  /**
   * Aborted when the work is no longer wanted: the route's timeout has passed, the server was stopped by
   * force or, on a route that watches for it, the client has gone. Pass it on to everything that waits.
   */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#abortReason);
      else this.#trackSignal();
    }
    return this.#controller.signal;
  }

  /** Lets a forced stop find this request for as long as it lives. */
  #trackSignal(): void {
    const place = this.#place = this.#environment.live.add(this);
    this.onFinish(() => place.remove());
  }

  /** Aborts `signal`. The first reason stays. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    this.#place?.remove();
    this.#controller?.abort(reason);
  }

  /** Whether `signal` is aborted, without making one. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** When the chain began, in ms of the environment's clock: the instant at which this was first asked. */
  get startedMs(): number {
    const startedMs = this.#startedMs;
    return startedMs === startedMs ? startedMs : this.#startedMs = this.#environment.clock.now();
  }

  /**
   * When the handler had answered or thrown, in ms of the environment's clock: the instant at which this was first asked,
   * so ask only then. Several layers want it, and to look at the clock is dear.
   */
  get answeredMs(): number {
    const answeredMs = this.#answeredMs;
    return answeredMs === answeredMs
      ? answeredMs
      : this.#answeredMs = this.#environment.clock.now();
  }

  /**
   * The instant by which the request must be answered, if it has a limit: the route's or the caller's, whichever comes first;
   * {@link signal} ends it early. The clients of this project keep it without being told, so calls that are under way when
   * the client goes away end with it.
   */
  get deadline(): Deadline {
    if (this.#deadline) return this.#deadline;
    const { clock, deadlines } = this.#environment;
    const leftMs = Math.max(0, this.limitMs - (clock.now() - this.startedMs));
    return this.#deadline = new Deadline(leftMs, { deadlines, signal: this.signal });
  }

  /** Ends the limit: the answer is there, and what it streams may go on. The timeout layer calls it. */
  liftLimit(): void {
    this.limitMs = Infinity;
    this.#deadline = undefined;
  }

  /** The settings of the route, with all defaults. */
  get settings(): RouteSettings {
    return this.#settings;
  }

  /** Whether anybody has asked for {@link span} or set it. */
  get hasSpan(): boolean {
    return this.#span !== undefined;
  }

  /** The trace this request is part of: the caller's, if it sent one, else a new one. */
  get span(): SpanContext {
    if (!this.#span) {
      const parent = extractContext({ get: (name) => this.header(name) }).span;
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

  /** The id of the trace, 32 hex digits; every log line and every error answer carries it. */
  get traceId(): string {
    return this.span.traceId;
  }

  /** What the caller has sent under a name; `null` once the request is gone. */
  header(name: string): string | null {
    try {
      return this.request.headers.get(name);
    } catch {
      return null;
    }
  }

  /** A logger whose lines carry the trace. */
  get log(): Logger {
    return this.#log ??= this.#environment.log.with({
      trace: this.span.traceId,
      span: this.span.spanId,
    });
  }

  /** The peer as `host:port`, or the path of a unix socket; empty if the listener did not say. */
  get remoteAddr(): string {
    const peer = this.#info?.remoteAddr;
    if (!peer) return "";
    if (peer.hostname === undefined) return peer.path ?? "";
    return peer.hostname.includes(":")
      ? `[${peer.hostname}]:${peer.port}`
      : `${peer.hostname}:${peer.port}`;
  }

  /** What middleware leaves for those further in. Use a symbol or a class of your own as the key. */
  get state(): Map<unknown, unknown> {
    return this.#state ??= new Map();
  }

  /**
   * Reads the request into what `schema` describes: path parameters, query and form, headers, cookies and a
   * JSON body, whichever its fields name.
   *
   * @throws {ValidationError} With every issue of every source, if the request does not fit. Answered with 400.
   * @throws {BadRequestError} If a source cannot be read at all. Answered with 400.
   * @throws {BodyTooLargeError} If the body breaks a limit. Answered with 413.
   */
  bind<T>(schema: ObjectSchema<T>, options?: BindOptions): Promise<T>;
  /**
   * Reads one part of the request with a schema of another library that speaks Standard Schema, or with a schema that is
   * not one of an object: the JSON body unless `options.from` says otherwise.
   */
  bind<T>(
    schema: StandardSchemaV1<unknown, T>,
    options?: BindOptions & StandardBindOptions,
  ): Promise<T>;
  bind<T>(
    schema: ObjectSchema<T> | StandardSchemaV1<unknown, T>,
    options?: BindOptions & StandardBindOptions,
  ): Promise<T> {
    return bindRequest(schema, this, options);
  }

  /**
   * Calls `finisher` when the answer has been sent, or cannot be any more, with the clock's `now()`. It must
   * not throw.
   */
  onFinish(finisher: (endedMs: number) => void): void {
    if (this.#finishers) {
      this.#finishers.push(finisher);
      return;
    }
    this.#finishers = [finisher];
    const completed = this.#info?.completed;
    if (!completed) return;
    const finish = () => this.finish();
    completed.then(finish, finish);
  }

  /** Calls the finishers, once. The server does where no listener says when the answer is out. */
  finish(): void {
    const finishers = this.#finishers;
    if (!finishers) return;
    this.#finishers = undefined;
    const endedMs = this.#environment.clock.now();
    for (const finisher of finishers) finisher(endedMs);
  }
}
