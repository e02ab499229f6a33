/**
 * A span for each request.
 *
 * @module
 */

import { activeTracer, currentSpan } from "../../core/trace/active_tracer.ts";
import { extractContext, traceResponse } from "../../core/trace/carrier.ts";
import {
  httpServerAttributes,
  httpServerStatus,
  httpServerStatusAttributes,
  httpSpanName,
} from "../../core/trace/http_span.ts";
import type { Span } from "../../core/trace/span.ts";
import type { Tracer } from "../../core/trace/tracer.ts";
import type { Context } from "../context.ts";
import type { Handler, Middleware } from "../handler.ts";

/**
 * Makes the work of each request a span of the caller's trace, named by the pattern of the route, which ends when the
 * last byte of the answer is out. All that the handler calls is within it, and the answer names it in `traceparent`.
 *
 * Where the runtime makes the spans of requests itself, that span gets the route's name. Where nobody gets to see spans,
 * this costs a comparison, and log lines and calls to other services still carry the caller's trace or a new one.
 */
export function trace(): Middleware {
  return (next) => (request, context) => {
    const tracer = activeTracer();
    if (!tracer.records) return next(request, context);
    return tracer.instrumentsHttp
      ? nameSpan(next, request, context)
      : traced(tracer, next, request, context);
  };
}

function nameSpan(
  next: Handler,
  request: Request,
  context: Context,
): Response | Promise<Response> {
  const span = currentSpan();
  const ids = span.spanContext();
  if (ids) context.span = ids;
  if (context.route) {
    span.updateName(`${request.method} ${context.route}`).setAttribute("http.route", context.route);
  }
  return next(request, context);
}

function traced(
  tracer: Tracer,
  next: Handler,
  request: Request,
  context: Context,
): Response | Promise<Response> {
  const remote = extractContext(request.headers);
  const span = beginSpan(tracer, request, context, remote.span);
  // Answered or not: a request whose handler throws is answered further out.
  const watched = (response: Response): Response => {
    endWith(span, response.status, tracer, context);
    const ids = span.spanContext();
    return ids ? traceResponse(response, ids) : response;
  };
  const failed = (error: unknown): never => {
    span.recordException(error);
    endWith(span, 500, tracer, context);
    throw error;
  };
  let result: Response | Promise<Response>;
  try {
    result = tracer.run({ span, baggage: remote.baggage }, () => next(request, context));
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(watched, failed) : watched(result);
}

function beginSpan(
  tracer: Tracer,
  request: Request,
  context: Context,
  parent: ReturnType<typeof extractContext>["span"],
): Span {
  const { httpConventions: conventions } = tracer;
  const { route, path, environment } = context;
  const name = httpSpanName(request.method, route || path, conventions);
  const span = tracer.startSpan(name, { kind: "server", parent: parent ?? null });
  if (span.isRecording()) {
    span.setAttributes(
      httpServerAttributes(request, { route, serviceName: environment.name, conventions }),
    );
  }
  const ids = span.spanContext();
  if (ids) context.span = ids;
  return span;
}

function endWith(span: Span, status: number, tracer: Tracer, context: Context): void {
  if (span.isRecording()) {
    span.setAttributes(httpServerStatusAttributes(status, tracer.httpConventions))
      .setStatus(httpServerStatus(status));
  }
  context.onFinish(() => span.end());
}
