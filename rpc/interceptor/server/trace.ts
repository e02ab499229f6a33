/**
 * A span for each call.
 *
 * @module
 */

import { grpcNumberOf } from "../../../core/errors.ts";
import { activeTracer } from "../../../core/trace/active_tracer.ts";
import { extractContext } from "../../../core/trace/carrier.ts";
import { rpcSpanStart } from "../../../core/trace/rpc_span.ts";
import type { Span } from "../../../core/trace/span.ts";
import type { Tracer } from "../../../core/trace/tracer.ts";
import type { MessageType } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { callError } from "./failure.ts";

/**
 * Makes the work of each call a span of the caller's trace. Where nobody gets to see spans this costs a comparison, and log
 * lines and calls to other services still carry the caller's trace or a new one.
 */
export function trace(): ServerInterceptor {
  return {
    unary: (next, method) => (request, context) => {
      const tracer = activeTracer();
      if (!tracer.records) return next(request, context);
      const { span, run } = begin(tracer, context);
      addMessage(span, "RECEIVED", 1, method.input, request);
      const succeeded = (answer: unknown) => {
        addMessage(span, "SENT", 1, method.output, answer);
        end(span, 0);
        return answer;
      };
      const failed = (thrown: unknown): never => {
        fail(span, thrown);
        throw thrown;
      };
      let result: unknown;
      try {
        result = run(() => next(request, context));
      } catch (thrown) {
        return failed(thrown);
      }
      return result instanceof Promise ? result.then(succeeded, failed) : succeeded(result);
    },
    stream: (next, { input, output }) => (requests, context) => {
      const tracer = activeTracer();
      if (!tracer.records) return next(requests, context);
      const { span, run } = begin(tracer, context);
      let received = 0, sent = 0;
      const seen = watchStream(
        () => requests,
        () => undefined,
        (request) => addMessage(span, "RECEIVED", ++received, input, request),
      );
      return watchStream(() => run(() => next(seen, context)), (outcome) => {
        if (outcome.kind === "failed") fail(span, outcome.error);
        else end(span, outcome.kind === "done" ? 0 : 1);
      }, (answer) => addMessage(span, "SENT", ++sent, output, answer));
    },
  };
}

function begin(tracer: Tracer, context: RpcContext) {
  const { method, peer } = context;
  const remote = extractContext({ get: (name) => context.header(name) });
  const { name, attributes } = rpcSpanStart(method.path, peer);
  const span = tracer.startSpan(name, { kind: "server", parent: remote.span ?? null, attributes });
  const ids = span.spanContext();
  if (ids) context.span = ids;
  const scope = { span, baggage: remote.baggage };
  return { span, run: <T>(fn: () => T): T => tracer.run(scope, fn) };
}

function addMessage(
  span: Span,
  type: "SENT" | "RECEIVED",
  id: number,
  messages: MessageType<unknown>,
  message: unknown,
): void {
  if (!span.isRecording()) return;
  addEvent(span, type, id, sizeOf(messages, message));
}

/** What cannot be written fails elsewhere, and is told there. */
function sizeOf(messages: MessageType<unknown>, message: unknown): number | undefined {
  try {
    return messages.encode(message).length;
  } catch {
    return undefined;
  }
}

function addEvent(span: Span, type: "SENT" | "RECEIVED", id: number, bytes?: number): void {
  span.addEvent("message", {
    "message.type": type,
    "message.id": id,
    "message.uncompressed_size": bytes,
  });
}

function fail(span: Span, thrown: unknown): void {
  const error = callError(thrown);
  if (span.isRecording()) {
    if (error === thrown) addEvent(span, "SENT", 1);
    span.setStatus({ code: "error", message: error.message });
  }
  end(span, grpcNumberOf(error.code));
}

function end(span: Span, code: number): void {
  span.setAttribute("rpc.grpc.status_code", code).end();
}
