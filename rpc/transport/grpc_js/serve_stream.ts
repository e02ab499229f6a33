/**
 * Calls of many messages, from the package to a handler and back.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { statusOf } from "../../status.ts";
import { leave } from "../leave.ts";
import { stopped } from "./serve_unary.ts";
import type { ServedStream } from "../transport.ts";
import type { WireDuplexStream, WireReadableStream, WireRespond } from "./driver.ts";
import { GrpcIncomingCall, type SharedByCalls } from "./incoming_call.ts";
import { RequestReader } from "./request_reader.ts";

/** Answers a call whose answer is a stream. The outcome is told to the caller, so it never rejects. */
export async function serveStream(
  served: ServedStream,
  wire: WireDuplexStream,
  shared: SharedByCalls,
): Promise<void> {
  const call = new GrpcIncomingCall(served.method, wire, shared);
  const fail = (thrown: unknown) => {
    const { code, message } = statusOf(thrown, call.trailer);
    // The package takes the status of a stream from the error that it is told of.
    wire.emit("error", { code, details: message, message, metadata: call.end() });
  };
  call.begin(() => fail(stopped()));
  try {
    const answers = served.handle(requestsOf(served, wire), call)[Symbol.asyncIterator]();
    call.onCancel(() => leave(answers));
    for (let next = await answers.next(); !next.done; next = await answers.next()) {
      if (wire.destroyed) return;
      if (!wire.write(next.value)) await drained(wire);
    }
    wire.end(call.end());
  } catch (thrown) {
    // Clients of this package drop messages that come in one piece with a failure.
    await shared.clock.sleep(0, { keepAlive: true });
    if (!wire.destroyed) fail(thrown);
  }
}

/** Answers a call whose answer is one message. The outcome is told to the caller, so it never rejects. */
export async function serveSingle(
  served: ServedStream,
  wire: WireReadableStream,
  respond: WireRespond,
  shared: SharedByCalls,
): Promise<void> {
  const call = new GrpcIncomingCall(served.method, wire, shared);
  const fail = (thrown: unknown) => {
    const { code, message } = statusOf(thrown, call.trailer);
    respond({ code, details: message, message }, null, call.end());
  };
  call.begin(() => fail(stopped()));
  try {
    const answers = served.handle(requestsOf(served, wire), call)[Symbol.asyncIterator]();
    call.onCancel(() => leave(answers));
    const first = await answers.next();
    leave(answers);
    if (first.done) throw new ServiceError("internal", "Cannot answer call: no answer was made");
    respond(null, first.value, call.end());
  } catch (thrown) {
    fail(thrown);
  }
}

function requestsOf(
  served: ServedStream,
  wire: WireReadableStream & { readonly request?: unknown },
): AsyncIterable<unknown> {
  return served.method.kind === "server_stream" ? single(wire.request) : new RequestReader(wire);
}

async function* single(request: unknown): AsyncGenerator<unknown> {
  yield request;
}

/** Resolves when the stream takes more, or will never again. */
function drained(wire: WireDuplexStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      wire.off("drain", done);
      wire.off("close", done);
      resolve();
    };
    wire.on("drain", done);
    wire.on("close", done);
  });
}
