/**
 * Overload is shed, not suffered.
 *
 * @module
 */

import { OverloadedError } from "../../core/load/errors.ts";
import type { Criticality, Shedder, ShedderToken } from "../../core/load/shedder.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { refuse } from "../refusal.ts";

/**
 * Refuses requests with 503 while the process has more in hand than it can do in time. Requests that fail with 503 or
 * throw say nothing of what it can carry.
 *
 * @param criticality What becomes of these requests when not all can be served. @default {"normal"}
 */
export function shedding(shedder: Shedder, criticality: Criticality = "normal"): Middleware {
  const options = { criticality };
  return (next) => (request, context) => {
    const token = shedder.tryAllow(options, context.startedMs) ??
      refused(shedder, options, context);
    let result: Response | Promise<Response>;
    try {
      result = next(request, context);
    } catch (error) {
      token.fail();
      throw error;
    }
    if (!(result instanceof Promise)) {
      settle(token, result, context);
      return result;
    }
    result.then((response) => settle(token, response, context), () => token.fail());
    return result;
  };
}

function refused(
  shedder: Shedder,
  options: { criticality: Criticality },
  context: Context,
): never {
  const report = shedder.explain(options);
  const error = new OverloadedError(
    `Cannot accept request: overloaded, ${Math.round(report.lagMs)} ms behind`,
    // The pressure may have gone since; whoever was refused should come back after the cool-off all the same.
    { report, retryAfterMs: Math.max(1000, report.retryAfterMs) },
  );
  throw refuse(error, "shedding", report, context);
}

function settle(token: ShedderToken, response: Response, context: Context): void {
  if (response instanceof Response && response.status !== 503) token.pass(context.answeredMs);
  else token.fail();
}
