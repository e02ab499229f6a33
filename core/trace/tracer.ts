import type { Baggage } from "./baggage.ts";
import type { HttpConventions } from "./http_conventions.ts";
import type { Span, SpanOptions } from "./span.ts";

/** What the code that runs now is part of. */
export interface TraceScope {
  /** The span it works for. */
  readonly span?: Span | undefined;
  /** What callers have said about the work. */
  readonly baggage?: Baggage | undefined;
}

/** Makes spans, and knows which one the running code belongs to. */
export interface Tracer {
  /**
   * Whether the runtime itself makes the spans of `Deno.serve` and `fetch`, and passes trace headers
   * on. Servers and clients then add to the current span instead of making their own.
   */
  readonly instrumentsHttp: boolean;
  /** Whether anybody may get to see what spans say. Where nobody does, servers make no spans, only ids. */
  readonly records: boolean;
  /** Which names the spans of HTTP calls are to use. */
  readonly httpConventions: HttpConventions;
  /** Begins a span. It does not become the current one: see {@link run}. */
  startSpan(name: string, options?: SpanOptions): Span;
  /** Calls `fn` as part of `scope`, with all that it starts and awaits. */
  run<T>(scope: TraceScope, fn: () => T): T;
  /** What the running code is part of. */
  scope(): TraceScope;
}
