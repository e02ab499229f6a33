import { ambientScope, runInScope } from "./_ambient_scope.ts";
import { noopSpan } from "./noop_span.ts";
import { PassedSpan } from "./passed_span.ts";
import type { Span, SpanOptions } from "./span.ts";
import type { Tracer, TraceScope } from "./tracer.ts";

/** Traces nothing. What a caller has sent is passed on all the same, so that its trace has no hole. */
export const noopTracer: Tracer = {
  instrumentsHttp: false,
  records: false,
  httpConventions: "legacy",
  startSpan(_name: string, options?: SpanOptions): Span {
    const parent = options?.parent;
    if (parent === undefined) return ambientScope().span ?? noopSpan;
    return parent ? new PassedSpan(parent) : noopSpan;
  },
  run<T>(scope: TraceScope, fn: () => T): T {
    const now = ambientScope();
    const span = scope.span ?? noopSpan;
    // Entering a scope is most of what tracing costs; spare it where it would change nothing.
    const same = span === (now.span ?? noopSpan) && scope.baggage === now.baggage;
    return same ? fn() : runInScope(scope, fn);
  },
  scope: ambientScope,
};
