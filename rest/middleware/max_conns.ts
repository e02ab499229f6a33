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

/**
 * Refuses a request with 503 while `maxConns` others of its route are in flight. A request is in flight until the last
 * byte of its answer is out, so slow readers and event streams count.
 */
export function maxConns(maxConns: number): Middleware {
  if (!(Number.isInteger(maxConns) && maxConns > 0)) {
    throw new RangeError(`Cannot limit requests: need an integer maxConns > 0, got ${maxConns}`);
  }
  return (next) => {
    let inFlight = 0;
    const leave = () => void inFlight--;
    return (request, context) => {
      if (inFlight >= maxConns) {
        const error = new ConcurrencyLimitError(maxConns, RETRY_AFTER_MS);
        throw refuse(error, "max_conns", { limit: maxConns, inFlight }, context);
      }
      inFlight++;
      context.onFinish(leave);
      return next(request, context);
    };
  };
}
