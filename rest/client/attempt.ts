/**
 * One attempt of a call: from the choice of an address to an answer that somebody has looked at.
 *
 * @module
 */

import { isNeutral } from "../../core/breaker/outcome.ts";
import type { Span } from "../../core/trace/span.ts";
import { currentPreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../core/retry/chain.ts";
import type { Deadline } from "../../core/timeout/deadline.ts";
import { formatTimeoutMs, TIMEOUT_HEADER } from "../../core/timeout/propagation.ts";
import type { ClientCore } from "./client_core.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Lease } from "./endpoint_set.ts";
import type { CallTarget } from "./errors.ts";
import { isAcceptableError, isAcceptableStatus } from "./outcome.ts";
import type { AttemptFacts } from "./observation.ts";
import { checkedHeaders, type HeaderPairs } from "./header_pairs.ts";
import type { Payload } from "./request.ts";

/** What all attempts of a call have in common. */
export interface CallFacts extends CallTarget {
  /** What is sent. */
  readonly payload: Payload;
  /** Headers of the call, which win over all others. */
  readonly headers: HeaderPairs;
}

/**
 * Holds a place at one address until the outcome is known. Only the first word counts, so that a timeout is
 * told though the work behind it may never end.
 */
export class Attempt {
  /** Which attempt it is, from 1. */
  readonly number: number;
  /** Where it goes. */
  readonly url: string;
  /** What it says, by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly #core: ClientCore;
  readonly #lease: Lease;
  readonly #facts: AttemptFacts;
  readonly #span: Span;
  readonly #startedAtMs: number;
  #settled = false;

  /**
   * Chooses an address.
   *
   * @throws {CircuitOpenError} If all of them are cut off.
   */
  constructor(
    core: ClientCore,
    call: CallFacts,
    options: { number: number; deadline: Deadline; avoid: ReadonlySet<Endpoint> },
  ) {
    const { method, route, payload } = call;
    this.#core = core;
    this.number = options.number;
    // First: it may throw, and a place that was taken must be given back.
    const headers = headersOf(core, call, options.deadline);
    this.#lease = core.endpoints.acquire(`${method} ${route}`, options.avoid);
    this.url = this.#lease.endpoint.base + payload.target;
    this.#facts = { method, route, url: withoutQuery(this.url), resends: options.number - 1 };
    this.#span = core.observer.begin(this.#facts, headers);
    this.headers = headers;
    this.#startedAtMs = core.clock.now();
    this.#lease.endpoint.inFlight++;
  }

  /** The address. */
  get endpoint(): Endpoint {
    return this.#lease.endpoint;
  }

  /** The span of this attempt. */
  get span(): Span {
    return this.#span;
  }

  /** Tells that an answer came. */
  succeed(status: number): void {
    if (!this.#end(status)) return;
    const { token } = this.#lease;
    if (isAcceptableStatus(status)) token?.accept();
    else token?.reject(new Error(`HTTP ${status}`));
  }

  /** Tells that there is no answer, or none that can be used. */
  fail(error: unknown): void {
    if (!this.#end({ error })) return;
    const { token } = this.#lease;
    if (isNeutral(error)) token?.[Symbol.dispose]();
    else if (isAcceptableError(error)) token?.accept();
    else token?.reject(error);
  }

  #end(outcome: number | { error: unknown }): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    const { endpoint } = this.#lease;
    const nowMs = this.#core.clock.now();
    const tookMs = nowMs - this.#startedAtMs;
    endpoint.inFlight--;
    // A quick refusal must not draw more requests to who refuses; a slow one says as much as an answer.
    const answered = typeof outcome === "number" && isAcceptableStatus(outcome);
    if (answered || tookMs > endpoint.latencyMs) endpoint.observe(tookMs, nowMs);
    this.#core.observer.end(this.#facts, this.#span, tookMs, outcome);
    return true;
  }
}

/** Headers by lower-case name. Cheaper than `Headers`, of which most attempts need none. */
function headersOf(core: ClientCore, call: CallFacts, deadline: Deadline): Map<string, string> {
  const { options, propagate, commonHeaders } = core;
  const common = typeof options.headers === "function"
    ? checkedHeaders(options.headers())
    : commonHeaders;
  const headers = new Map(common);
  for (const [name, value] of call.payload.headers) headers.set(name, value);
  for (const [name, value] of call.headers) headers.set(name, value);
  if (!propagate) return headers;
  const left = formatTimeoutMs(deadline.remainingMs);
  if (left !== undefined) headers.set(TIMEOUT_HEADER, left);
  const previous = currentPreviousAttempts();
  if (previous > 0) headers.set(PREVIOUS_ATTEMPTS_HEADER, String(previous));
  return headers;
}

function withoutQuery(url: string): string {
  const question = url.indexOf("?");
  return question < 0 ? url : url.slice(0, question);
}
