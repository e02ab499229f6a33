/**
 * A limit on requests in flight.
 *
 * @module
 */

import { ConcurrencyLimitError } from "../../core/limit/errors.ts";
import type { Middleware } from "../handler.ts";
import { refuse } from "../refusal.ts";

/** Nobody knows when a request will end, so a refused one is asked to wait as long as the header can say at least. */
const RETRY_AFTER_MS = 1000;

/** How many requests of a route are in flight. */
export interface InFlight {
  /** Their number. */
  count: number;
}

/**
 * Refuses a request with 503 while `maxConns` others of its route are in flight. A request is in flight until the last
 * byte of its answer is out, so slow readers and event streams count.
 *
 * @param counter Counts those of a route. Who makes the middleware anew with another limit passes the same one, so that
 * those in flight still count. @default {one for each route}
 */
export function maxConns(maxConns: number, counter?: InFlight): Middleware {
  if (!(Number.isInteger(maxConns) && maxConns > 0)) {
    throw new RangeError(`Cannot limit requests: need an integer maxConns > 0, got ${maxConns}`);
  }
  return (next) => {
    const inFlight = counter ?? { count: 0 };
    const leave = () => void inFlight.count--;
    return (request, context) => {
      if (inFlight.count >= maxConns) {
        const error = new ConcurrencyLimitError(maxConns, RETRY_AFTER_MS);
        const facts = { limit: maxConns, inFlight: inFlight.count };
        throw refuse(error, "max_conns", facts, context);
      }
      inFlight.count++;
      context.onFinish(leave);
      return next(request, context);
    };
  };
}
