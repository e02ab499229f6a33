/**
 * Calls of one message and one answer, from the package to a handler and back.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { statusOf } from "../../status.ts";
import type { ServedUnary } from "../transport.ts";
import type { WireRespond, WireUnaryCall } from "./driver.ts";
import { GrpcIncomingCall, type SharedByCalls } from "./incoming_call.ts";

/** A handler for the package. It never throws, and never leaves a caller without an answer. */
export function serveUnary(
  served: ServedUnary,
  shared: SharedByCalls,
): (wire: WireUnaryCall, respond: WireRespond) => void {
  return (wire, respond) => {
    const call = new GrpcIncomingCall(served.method, wire, shared);
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
    if (!(result instanceof Promise)) return succeed(result);
    call.begin(() => fail(stopped()));
    // What cannot be sent is a failure too.
    result.then(succeed).catch(fail);
  };
}

/** What the callers of a server are told that is stopped by force. */
export function stopped(): ServiceError {
  return new ServiceError("unavailable", "Cannot finish call: the server was stopped");
}
