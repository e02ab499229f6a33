/**
 * Figures of each minute, for the log.
 *
 * @module
 */

import type { RequestStats } from "../../core/stat/request_stats.ts";
import type { Middleware } from "../handler.ts";

/** Adds the time until the handler has answered, or thrown, to `stats`. */
export function requestStats(stats: RequestStats): Middleware {
  return (next) => (request, context) => {
    const { startedMs } = context;
    const done = () => stats.add(context.answeredMs - startedMs);
    let result: Response | Promise<Response>;
    try {
      result = next(request, context);
    } catch (error) {
      done();
      throw error;
    }
    if (result instanceof Promise) result.then(done, done);
    else done();
    return result;
  };
}
