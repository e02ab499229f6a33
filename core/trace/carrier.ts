/**
 * Trace and baggage of a call, read from headers and written to them.
 *
 * @module
 */

import { currentBaggage, spanContext } from "./active_tracer.ts";
import { Baggage } from "./baggage.ts";
import { formatTraceparent, parseTraceparent, type SpanContext } from "./propagation.ts";
import { TraceState } from "./trace_state.ts";

/** Headers or metadata that can be read; `Headers` is one. Of several values the first counts. */
export interface ReadableCarrier {
  /** The value under `name`, if there is one. */
  get(name: string): string | null | undefined;
}

/** Headers or metadata that can be written; `Headers` is one. */
export interface WritableCarrier {
  /** Replaces the value under `name`. */
  set(name: string, value: string): void;
}

/** What a caller has sent along. */
export interface RemoteContext {
  /** The caller's span, to be the parent of ours. `undefined` if there is none, or it is malformed. */
  readonly span: SpanContext | undefined;
  /** What the caller has said about the work. */
  readonly baggage: Baggage | undefined;
}

/**
 * Reads `traceparent`, `tracestate` and `baggage`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers = new Headers({
 *   traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
 *   baggage: "tenant=acme",
 * });
 * const { span, baggage } = extractContext(headers);
 * assertEquals([span?.spanId, baggage?.get("tenant")], ["00f067aa0ba902b7", "acme"]);
 * ```
 */
export function extractContext(carrier: ReadableCarrier): RemoteContext {
  const parent = parseTraceparent(carrier.get("traceparent") ?? null);
  const baggage = carrier.get("baggage");
  return {
    span: parent && remoteSpan(parent, carrier.get("tracestate")),
    baggage: baggage ? Baggage.parse(baggage) : undefined,
  };
}

function remoteSpan(parent: SpanContext, header: string | null | undefined): SpanContext {
  const state = header ? TraceState.parse(header) : undefined;
  const traceState = state && state.size > 0 ? String(state) : undefined;
  return traceState ? { ...parent, traceState, remote: true } : { ...parent, remote: true };
}

/** What {@link injectContext} writes. */
export interface InjectOptions {
  /** The span to name as the parent. @default {the current span} */
  span?: SpanContext | undefined;
  /** What to say about the work. @default {the current baggage} */
  baggage?: Baggage | undefined;
}

/**
 * Writes `traceparent`, and `tracestate` and `baggage` where there is something to say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers = new Headers();
 * const span = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", sampled: true };
 * injectContext(headers, { span });
 * assertEquals(headers.get("traceparent"), `00-${span.traceId}-${span.spanId}-01`);
 * ```
 */
export function injectContext(carrier: WritableCarrier, options: InjectOptions = {}): void {
  const { span = spanContext(), baggage = currentBaggage() } = options;
  if (span) carrier.set("traceparent", formatTraceparent(span));
  if (span?.traceState) carrier.set("tracestate", span.traceState);
  const said = String(baggage);
  if (said) carrier.set("baggage", said);
}

/**
 * Names the span of a request in the `traceparent` header of its answer, so that whoever got the answer
 * can find the trace. An answer whose headers cannot be changed is copied; one that is no answer yet, such
 * as that to a WebSocket, comes back as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const span = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", sampled: true };
 * const response = traceResponse(Response.redirect("http://localhost/"), span);
 * assertEquals(response.headers.get("traceparent"), `00-${span.traceId}-${span.spanId}-01`);
 * ```
 */
export function traceResponse(response: Response, span: SpanContext): Response {
  // A status below 200 belongs to the connection: a copy of it could not even be made.
  if (response.status < 200) return response;
  const traceparent = formatTraceparent(span);
  try {
    response.headers.set("traceparent", traceparent);
    return response;
  } catch {
    const { status, statusText, headers } = response;
    const copy = new Response(response.body, { status, statusText, headers });
    copy.headers.set("traceparent", traceparent);
    return copy;
  }
}
