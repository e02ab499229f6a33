/**
 * Calls of many messages, from the package to a handler and back.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { statusOf } from "../../status.ts";
import type { ServedStream } from "../transport.ts";
import type { WireDuplexStream, WireMetadata, WireReadableStream } from "./driver.ts";
import { GrpcIncomingCall } from "./incoming_call.ts";

/** The stream of the package, of whichever kind; `request` is there if the caller sends one message. */
export type WireStream = WireDuplexStream<unknown, unknown> & { readonly request?: unknown };

/** Answers a call whose answer is a stream. The outcome is told to the caller, so it never rejects. */
export async function serveStream(
  served: ServedStream,
  wire: WireStream,
  clock: Clock,
): Promise<void> {
  const call = new GrpcIncomingCall(served.method, wire, clock);
  try {
    const answers = served.handle(requestsOf(served, wire), call)[Symbol.asyncIterator]();
    call.onCancel(() => leave(answers));
    for (let next = await answers.next(); !next.done; next = await answers.next()) {
      if (wire.destroyed) return;
      if (!wire.write(next.value)) await drained(wire);
    }
    wire.end(call.end());
  } catch (thrown) {
    const { code, message } = statusOf(thrown, call.trailer);
    // The package takes the status of a stream from the error that it is told of.
    wire.emit("error", { code, details: message, message, metadata: call.end() });
  }
}

/** What the package gives to answer a stream of requests with one message. */
export type RespondOnce = (
  error: { code: number; details: string; message: string } | null,
  value?: unknown,
  trailer?: WireMetadata,
) => void;

/** Answers a call whose answer is one message. The outcome is told to the caller, so it never rejects. */
export async function serveSingle(
  served: ServedStream,
  wire: WireReadableStream<unknown, unknown>,
  respond: RespondOnce,
  clock: Clock,
): Promise<void> {
  const call = new GrpcIncomingCall(served.method, wire, clock);
  try {
    const answers = served.handle(requestsOf(served, wire), call)[Symbol.asyncIterator]();
    call.onCancel(() => leave(answers));
    const first = await answers.next();
    leave(answers);
    if (first.done) throw new ServiceError("internal", "Cannot answer call: no answer was made");
    respond(null, first.value, call.end());
  } catch (thrown) {
    const { code, message } = statusOf(thrown, call.trailer);
    respond({ code, details: message, message }, null, call.end());
  }
}

/** Lets a handler know that nobody wants more. What it says to that is of no interest. */
function leave(answers: AsyncIterator<unknown>): void {
  answers.return?.().catch(() => {});
}

async function* requestsOf(
  served: ServedStream,
  wire: WireReadableStream<unknown, unknown> & { readonly request?: unknown },
): AsyncGenerator<unknown> {
  if (served.method.kind === "server_stream") {
    yield wire.request;
    return;
  }
  try {
    // A handler that has read enough may still have something to say.
    yield* wire.iterator({ destroyOnReturn: false });
  } catch (error) {
    throw wire.cancelled
      ? new ServiceError("canceled", "Cannot read requests: the caller has gone", { cause: error })
      : error;
  }
}

/** Resolves when the stream takes more, or will never again. */
function drained(wire: WireStream): Promise<void> {
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
