/**
 * A span for each request.
 *
 * @module
 */

import { activeTracer, currentSpan } from "../../core/trace/active_tracer.ts";
import { extractContext } from "../../core/trace/carrier.ts";
import { httpServerAttributes, httpServerStatus } from "../../core/trace/http_span.ts";
import { noopTracer } from "../../core/trace/noop_tracer.ts";
import type { Span } from "../../core/trace/span.ts";
import type { Tracer } from "../../core/trace/tracer.ts";
import type { Context } from "../context.ts";
import type { Handler, Middleware } from "../handler.ts";

/**
 * Makes the work of each request a span of the caller's trace, named by the pattern of the route, which ends when the
 * last byte of the answer is out. All that the handler calls is within it.
 *
 * Where the runtime makes the spans of requests itself, that span gets the route's name. Where nothing traces, this
 * costs a comparison, and log lines still carry the caller's trace id or a new one.
 */
export function trace(): Middleware {
  return (next) => (request, context) => {
    const tracer = activeTracer();
    if (tracer === noopTracer) return next(request, context);
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
  const { headers } = request;
  const remote = extractContext(headers);
  const span = tracer.startSpan(context.route || context.path, {
    kind: "server",
    parent: remote.span ?? null,
    attributes: httpServerAttributes(request, {
      route: context.route,
      serviceName: context.environment.name,
    }),
  });
  const ids = span.spanContext();
  if (ids) context.span = ids;
  // Answered or not: a request whose handler throws is answered further out.
  const watched = (response: Response): Response => {
    endWith(span, response.status, context);
    return response;
  };
  const failed = (error: unknown): never => {
    span.recordException(error);
    endWith(span, 500, context);
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

function endWith(span: Span, status: number, context: Context): void {
  span.setAttribute("http.status_code", status).setStatus(httpServerStatus(status));
  context.onFinish(() => span.end());
}
