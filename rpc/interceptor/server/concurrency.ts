/**
 * A limit on calls in flight.
 *
 * @module
 */

import { ConcurrencyLimitError } from "../../../core/limit/errors.ts";
import type { MethodInfo } from "../../method.ts";
import type { RpcContext } from "../../server/context.ts";
import type { ServerInterceptor } from "../../server/handler.ts";
import { watchStream } from "../../watched_stream.ts";
import { refuse } from "./failure.ts";

/** How many calls of a method are in flight. */
export interface InFlight {
  /** Their number. */
  count: number;
}

/**
 * Refuses a call with `resource_exhausted` while `limit` others of its method are in flight, streams among them.
 *
 * @param counterOf Counts those of a method. Who makes the interceptor anew with another limit gives the same, so that those in
 * flight still count. @default {a new one for each method}
 */
export function concurrency(
  limit: number,
  counterOf: (method: MethodInfo) => InFlight = () => ({ count: 0 }),
): ServerInterceptor {
  if (!(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`Cannot limit calls: need an integer limit > 0, got ${limit}`);
  }
  const refused = (inFlight: number, context: RpcContext) =>
    refuse(new ConcurrencyLimitError(limit), "concurrency", { limit, inFlight }, context);
  return {
    unary: (next, method) => {
      const inFlight = counterOf(method);
      const leave = () => void inFlight.count--;
      return (request, context) => {
        if (inFlight.count >= limit) throw refused(inFlight.count, context);
        inFlight.count++;
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
    stream: (next, method) => {
      const inFlight = counterOf(method);
      return (requests, context) => {
        let isIn = false;
        return watchStream(() => {
          if (inFlight.count >= limit) throw refused(inFlight.count, context);
          inFlight.count++;
          isIn = true;
          return next(requests, context);
        }, () => void (isIn && inFlight.count--));
      };
    },
  };
}
