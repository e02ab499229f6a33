/**
 * A span for each call, and the trace in its metadata.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { ambient } from "../../../core/ambient.ts";
import { activeTracer } from "../../../core/trace/active_tracer.ts";
import { injectContext } from "../../../core/trace/carrier.ts";
import { rpcSpanStart } from "../../../core/trace/rpc_span.ts";
import type { Span } from "../../../core/trace/span.ts";
import type { Tracer } from "../../../core/trace/tracer.ts";
import type { ClientCall } from "../../client/client_call.ts";
import type { ClientInterceptor } from "../../client/handler.ts";
import type { MessageType } from "../../method.ts";
import { watchStream } from "../../watched_stream.ts";
import { statusCodeOf } from "../../status.ts";

/**
 * Makes each call a span of the current trace, and sends trace and baggage along. Where nobody gets to see spans, the trace of
 * the request that the caller works for is passed on.
 */
export function trace(): ClientInterceptor {
  return {
    unary: (next, method) => (request, call) => {
      const tracer = activeTracer();
      if (!tracer.records) {
        passOn(call);
        return next(request, call);
      }
      const span = begin(tracer, call);
      addMessage(span, "SENT", 1, method.input, request);
      return next(request, call).then((answer) => {
        addMessage(span, "RECEIVED", 1, method.output, answer);
        end(span, 0);
        return answer;
      }, (error) => {
        if (span.isRecording()) addEvent(span, "RECEIVED", 1);
        fail(span, error);
        throw error;
      });
    },
    stream: (next) => (requests, call) => {
      const tracer = activeTracer();
      if (!tracer.records) {
        passOn(call);
        return next(requests, call);
      }
      const span = begin(tracer, call);
      let sent = 0, received = 0;
      const seen = watchStream(
        () => requests,
        () => undefined,
        () => addEvent(span, "SENT", ++sent),
      );
      return watchStream(() => next(seen, call), (outcome) => {
        if (outcome.kind === "failed") fail(span, outcome.error);
        else end(span, outcome.kind === "done" ? 0 : 1);
      }, () => addEvent(span, "RECEIVED", ++received));
    },
  };
}

/** Sends on what the running code works for, if it works for anything. */
function passOn(call: ClientCall): void {
  const { span, baggage } = ambient();
  const context = span?.spanContext();
  if (context || baggage && baggage.size > 0) {
    injectContext(call.metadata, { span: context, baggage });
  }
}

function begin(tracer: Tracer, call: ClientCall): Span {
  const { name, attributes } = rpcSpanStart(call.method.path, call.target);
  const span = tracer.startSpan(name, { kind: "client", attributes });
  injectContext(call.metadata, { span: span.spanContext() });
  return span;
}

function addMessage(
  span: Span,
  type: "SENT" | "RECEIVED",
  id: number,
  messages: MessageType<unknown>,
  message: unknown,
): void {
  if (!span.isRecording()) return;
  let bytes: number | undefined;
  try {
    bytes = messages.encode(message).length;
  } catch {
    // What cannot be written fails elsewhere, and is told there.
  }
  addEvent(span, type, id, bytes);
}

function addEvent(span: Span, type: "SENT" | "RECEIVED", id: number, bytes?: number): void {
  span.addEvent("message", {
    "message.type": type,
    "message.id": id,
    "message.uncompressed_size": bytes,
  });
}

function fail(span: Span, thrown: unknown): void {
  span.setStatus({ code: "error", message: ServiceError.from(thrown).message });
  end(span, statusCodeOf(thrown));
}

function end(span: Span, code: number): void {
  span.setAttribute("rpc.grpc.status_code", code).end();
}
