/**
 * A limit on calls in flight.
 *
 * @module
 */

import { ConcurrencyLimitError } from "../../../core/limit/errors.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { refuse } from "./failure.ts";

/** Refuses a call with `resource_exhausted` while `limit` others of its method are in flight, streams among them. */
export function concurrency(limit: number): ServerInterceptor {
  if (!(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`Cannot limit calls: need an integer limit > 0, got ${limit}`);
  }
  const refused = (inFlight: number, context: RpcContext) =>
    refuse(new ConcurrencyLimitError(limit), "concurrency", { limit, inFlight }, context);
  return {
    unary: (next) => {
      let inFlight = 0;
      const leave = () => void inFlight--;
      return (request, context) => {
        if (inFlight >= limit) throw refused(inFlight, context);
        inFlight++;
        let result: unknown;
        try {
          result = next(request, context);
        } catch (error) {
          leave();
          throw error;
        }
        if (result instanceof Promise) result.then(leave, leave);
        else leave();
        return result;
      };
    },
    stream: (next) => {
      let inFlight = 0;
      return (requests, context) =>
        watchStream(() => {
          if (inFlight++ >= limit) throw refused(inFlight - 1, context);
          return next(requests, context);
        }, () => void inFlight--);
    },
  };
}
