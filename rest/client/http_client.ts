/**
 * Calls to another service.
 *
 * @module
 */

import type { BreakerReport } from "../../core/breaker/breaker.ts";
import { ServiceError } from "../../core/errors.ts";
import type { CallFacts } from "./attempt.ts";
import { Caller } from "./caller.ts";
import { type ClientCore, openCore } from "./client_core.ts";
import type { ReceivedEvent } from "./event_stream.ts";
import { type EventsOptions, followEvents } from "./events.ts";
import { drainResponse, keepResponse } from "./keep_response.ts";
import type { CallOptions, HttpClientOptions } from "./options.ts";
import { parseResponse, readJson, readValue } from "./parse_response.ts";
import type { PlainParts } from "./request.ts";
import type { ClientRoute } from "./route.ts";
import { lines, openEvents, textChunks } from "./stream.ts";

/** Options for the calls of {@link HttpClient} that are made without a schema. */
export interface RequestOptions extends Omit<CallOptions, "headers">, PlainParts {}

/** Options for {@link HttpClient.events}. */
export interface EventCallOptions extends CallOptions, EventsOptions {}

/** Options for {@link HttpClient.lines}. */
export interface LinesOptions extends CallOptions {
  /** Ends the stream when nothing has come for so long, in ms. `Infinity` for never. @default {60_000} */
  idleTimeoutMs?: number | undefined;
}

/** What follows a route in a call: a value if the route takes one, and options. */
export type ValueArguments<Req, Options> = [Req] extends [void]
  ? [value?: undefined, options?: Options]
  : [value: Req, options?: Options];

/** The other side of {@link ValueArguments}, whose types the compiler cannot follow here. */
function readArguments<Req, Options extends object>(
  rest: readonly unknown[],
): { value: Req; options: Options } {
  const [value, options = {}] = rest;
  return { value: value as Req, options: options as Options };
}

/**
 * A client of one service, with all that keeps a caller safe: a deadline for every call, which is passed on;
 * retries within a budget, of what may be carried out twice; a circuit breaker for each address and route; a
 * limit on what an answer may weigh; a span, figures and a log line for each attempt.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 * import { HttpClient } from "@zeno/zeno/rest/client";
 *
 * const getUser = {
 *   method: "GET",
 *   path: "/users/:id",
 *   request: object({ id: int().in("path") }),
 *   response: object({ name: string() }),
 * };
 * await using users = new HttpClient({
 *   baseUrl: "http://users.internal:8080",
 *   fetch: () => Promise.resolve(Response.json({ name: "Ada" })), // In place of the network.
 * });
 * const user = await users.call(getUser, { id: 7 });
 * assertEquals(user.name, "Ada");
 * ```
 */
export class HttpClient implements AsyncDisposable {
  readonly #core: ClientCore;
  readonly #caller: Caller;
  #closed = false;

  /**
   * Makes a client. It connects with the first call.
   *
   * @throws {TypeError | RangeError | SyntaxError} If an option is wrong; names it.
   */
  constructor(options: HttpClientOptions) {
    this.#core = openCore(options);
    this.#caller = new Caller(this.#core);
  }

  /** What the service is called. */
  get service(): string {
    return this.#core.service;
  }

  /**
   * Calls a route with a value that its schema describes, and answers with what its response's schema
   * describes; with nothing if it has none.
   *
   * Rejects with {@link HttpError} if the status is 400 or more, `NetworkError` if there is no answer,
   * `DeadlineExceededError` if there is none in time, `CircuitOpenError` if the service has failed too often
   * lately, `BadResponseError` if the answer cannot be used, `ValidationError` if `value` breaks its schema,
   * and with `signal.reason` once aborted.
   */
  async call<Req = void, Res = void>(
    route: ClientRoute<Req, Res>,
    ...rest: ValueArguments<Req, CallOptions>
  ): Promise<Res> {
    const { value, options } = readArguments<Req, CallOptions>(rest);
    const target = this.#begin(route, value, options);
    const { response: schema } = route;
    const maxBytes = this.#caller.maxBytes(options);
    return await this.#caller.send(target, options, route.idempotent, async (response) => {
      if (schema) return await parseResponse(schema, response, { maxBytes, target });
      await drainResponse(response, target);
      return undefined as Res; // What a route without a schema answers with, by its type.
    });
  }

  /**
   * Follows a route that answers with server-sent events; the data is read as JSON if the route has a
   * response schema. Connects anew with `Last-Event-ID` when the stream ends or breaks, and ends when the
   * server answers 204. `timeoutMs` is for the beginning of each answer. Leaving the loop closes the
   * connection. Throws as {@link call} does.
   */
  async *events<Req = void, Res = string>(
    route: ClientRoute<Req, Res>,
    ...rest: ValueArguments<Req, EventCallOptions>
  ): AsyncGenerator<ReceivedEvent<Res>> {
    const { value, options } = readArguments<Req, EventCallOptions>(rest);
    const target = this.#begin(route, value, options);
    const { response: schema } = route;
    const { clock, random } = this.#core;
    const maxChars = this.#caller.maxBytes(options);
    const connect = (lastEventId: string) => this.#connect(route, value, options, lastEventId);
    const all = followEvents(connect, { ...options, maxChars, clock, random, target });
    for await (const event of all) {
      const { data } = event;
      const read = schema ? readValue(schema, readJson(data, target), undefined, target) : data;
      yield { ...event, data: read as Res }; // Text, where there is no schema.
    }
  }

  /**
   * Calls a route that answers with one JSON value a line, and reads each by the route's response schema.
   * `timeoutMs` is for the beginning of the answer. Leaving the loop closes the connection. Throws as
   * {@link call} does.
   */
  async *lines<Req = void, Res = unknown>(
    route: ClientRoute<Req, Res>,
    ...rest: ValueArguments<Req, LinesOptions>
  ): AsyncGenerator<Res> {
    const { value, options } = readArguments<Req, LinesOptions>(rest);
    const target = this.#begin(route, value, options);
    const { response: schema } = route;
    const { idleTimeoutMs = 60_000, signal } = options;
    const { clock } = this.#core;
    const chunks = await this.#caller.send(target, options, route.idempotent, (response, line) => {
      line.detach(signal);
      return textChunks(response, line, { target, idleTimeoutMs, clock });
    });
    for await (const line of lines(chunks, this.#caller.maxBytes(options), target)) {
      if (line.trim() === "") continue;
      const json = readJson(line, target);
      yield schema ? readValue(schema, json, undefined, target) : json as Res;
    }
  }

  /**
   * Sends GET. `path` may hold variables, whose values are `params`. The answer's body is held to
   * `maxResponseBytes` and `timeoutMs`. Throws as {@link call} does.
   */
  get(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("GET", path, options);
  }

  /** Sends HEAD; as {@link get}. */
  head(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("HEAD", path, options);
  }

  /** Sends POST; as {@link get}. */
  post(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("POST", path, options);
  }

  /** Sends PUT; as {@link get}. */
  put(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("PUT", path, options);
  }

  /** Sends PATCH; as {@link get}. */
  patch(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("PATCH", path, options);
  }

  /** Sends DELETE; as {@link get}. */
  delete(path: string, options?: RequestOptions): Promise<Response> {
    return this.#plain("DELETE", path, options);
  }

  /** What the breakers know, one for each address and route that was called lately. */
  explain(): BreakerReport[] {
    return Array.from(this.#core.breakers ?? [], (breaker) => breaker.explain());
  }

  /** Ends the calls and streams in flight, closes the connections and stops following the resolver. */
  [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    const reason = new ServiceError(
      "canceled",
      `Cannot call ${this.service}: the client was closed`,
    );
    for (const line of this.#core.live) line.abort(reason);
    if (!this.#core.options.deadlines) this.#core.deadlines[Symbol.dispose]();
    this.#core.endpoints[Symbol.dispose]();
    this.#core.transport[Symbol.dispose]();
    return Promise.resolve();
  }

  #begin<Req, Res>(
    route: ClientRoute<Req, Res>,
    value: Req,
    options: CallOptions,
  ): CallFacts {
    this.#refuseIfClosed();
    return this.#caller.ofRoute(route, value, options.headers);
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new TypeError(`Cannot call ${this.service}: the client was closed`);
  }

  #connect<Req, Res>(
    route: ClientRoute<Req, Res>,
    value: Req,
    options: EventCallOptions,
    lastEventId: string,
  ): Promise<AsyncIterable<string> | undefined> {
    const headers = new Headers(options.headers);
    headers.set("accept", "text/event-stream");
    if (lastEventId !== "") headers.set("last-event-id", lastEventId);
    const target = this.#begin(route, value, { headers });
    // The loop around it connects anew, so nothing below should.
    const once = { ...options, retry: false, hedge: false } as const;
    const { idleTimeoutMs = 60_000, signal } = options;
    const { clock } = this.#core;
    return this.#caller.send(target, once, route.idempotent, (response, line) => {
      line.detach(signal);
      return openEvents(response, line, { target, idleTimeoutMs, clock });
    });
  }

  async #plain(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    this.#refuseIfClosed();
    const {
      params: _params,
      query: _query,
      json: _json,
      body: _body,
      headers: _headers,
      ...shared
    } = options;
    const target = this.#caller.ofParts(method, path, options);
    const maxBytes = this.#caller.maxBytes(shared);
    return await this.#caller.send(
      target,
      shared,
      undefined,
      (response, line) => keepResponse(response, line, maxBytes, target),
    );
  }
}
