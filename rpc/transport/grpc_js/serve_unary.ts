/**
 * Calls of one message and one answer, from the package to a handler and back.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { statusOf } from "../../status.ts";
import type { ServedUnary } from "../transport.ts";
import type { WireMetadata, WireUnaryCall } from "./driver.ts";
import { GrpcIncomingCall } from "./incoming_call.ts";

/** What the package gives to answer with. */
type Respond = (
  error: { code: number; details: string; message: string } | null,
  value?: unknown,
  trailer?: WireMetadata,
) => void;

/** A handler for the package. It never throws, and never leaves a caller without an answer. */
export function serveUnary(
  served: ServedUnary,
  clock: Clock,
): (wire: WireUnaryCall<unknown, unknown>, respond: Respond) => void {
  return (wire, respond) => {
    const call = new GrpcIncomingCall(served.method, wire, clock);
    const succeed = (answer: unknown) => respond(null, answer, call.end());
    const fail = (thrown: unknown) => {
      const { code, message } = statusOf(thrown, call.trailer);
      respond({ code, details: message, message }, null, call.end());
    };
    let result: unknown;
    try {
      result = served.handle(wire.request, call);
    } catch (thrown) {
      return fail(thrown);
    }
    if (result instanceof Promise) result.then(succeed, fail);
    else succeed(result);
  };
}
