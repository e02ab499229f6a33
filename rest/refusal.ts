/**
 * What the protections of the chain do alike when they refuse a request.
 *
 * @module
 */

import type { Context } from "./context.ts";
import { routeName } from "./route.ts";

/** Notes that a request is refused and why, so that its answer can name the decision. Answers `error`. */
export function refuse<E extends Error>(
  error: E,
  protection: "max_conns" | "breaker" | "shedding",
  report: object,
  context: Context,
): E {
  const { decisions, stats } = context.environment;
  context.decision = decisions.add(protection, routeName(context.settings), report);
  stats.addDrop();
  return error;
}
