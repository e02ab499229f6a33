/**
 * The tracer of the process, and what the running code is part of.
 *
 * @module
 */

import { Baggage } from "./baggage.ts";
import { noopSpan } from "./noop_span.ts";
import { noopTracer } from "./noop_tracer.ts";
import type { SpanContext } from "./propagation.ts";
import type { Span, SpanOptions } from "./span.ts";
import type { Tracer } from "./tracer.ts";
import { reasonOf } from "../log/value_renderer.ts";

let active: Tracer = noopTracer;

/** The tracer of the process; it traces nothing until `startTelemetry` or {@link useTracer}. */
export function activeTracer(): Tracer {
  return active;
}

/** Makes `tracer` the tracer of the process. Disposing the answer brings back the one before. */
export function useTracer(tracer: Tracer): Disposable {
  const before = active;
  active = tracer;
  return {
    [Symbol.dispose]() {
      if (active === tracer) active = before;
    },
  };
}

/** Begins a span that somebody else makes current, with {@link runWithSpan}, or nobody does. */
export function startSpan(name: string, options?: SpanOptions): Span {
  return active.startSpan(name, options);
}

/** Calls `fn` with `span` as the current one, for all that it starts and awaits. Does not end it. */
export function runWithSpan<T>(span: Span, fn: () => T): T {
  return active.run({ span, baggage: active.scope().baggage }, fn);
}

/**
 * Calls `fn` within a new span, which ends when `fn` returns, or when the promise it answers settles.
 * An error is noted in the span and passed on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTracer } from "@zeno/zeno/core/trace";
 * import { SpanRecorder } from "@zeno/zeno/core/testing";
 * const recorder = new SpanRecorder();
 * using _tracing = useTracer(createTracer({ processor: recorder }));
 * await withSpan("load order", async (span) => {
 *   span.setAttribute("order.id", 7);
 *   await withSpan("query", () => Promise.resolve());
 * });
 * assertEquals(recorder.spans.map((span) => span.name), ["query", "load order"]);
 * ```
 */
export function withSpan<T>(name: string, fn: (span: Span) => T, options?: SpanOptions): T {
  const span = active.startSpan(name, options);
  if (!span.isRecording()) return runWithSpan(span, () => fn(span));
  let result: T;
  try {
    result = runWithSpan(span, () => fn(span));
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (result instanceof Promise) {
    const settled = result.then((value) => {
      span.end();
      return value;
    }, (error) => {
      fail(span, error);
      throw error;
    });
    return settled as T; // A promise of the same value; answering the first would hide its rejection.
  }
  span.end();
  return result;
}

function fail(span: Span, error: unknown): void {
  span.recordException(error).setStatus({ code: "error", message: reasonOf(error) }).end();
}

/** The span the running code works for; one that keeps nothing if there is none. */
export function currentSpan(): Span {
  return active.scope().span ?? noopSpan;
}

/** The ids of the current span, for log lines and for other services. */
export function spanContext(): SpanContext | undefined {
  return active.scope().span?.spanContext();
}

/** What callers have said about the work in hand. */
export function currentBaggage(): Baggage {
  return active.scope().baggage ?? Baggage.empty;
}

/**
 * Calls `fn` with this baggage, for all that it starts and awaits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tenant = withBaggage(
 *   currentBaggage().set("tenant", "acme"),
 *   () => currentBaggage().get("tenant"),
 * );
 * assertEquals(tenant, "acme");
 * ```
 */
export function withBaggage<T>(baggage: Baggage, fn: () => T): T {
  return active.run({ span: active.scope().span, baggage }, fn);
}
