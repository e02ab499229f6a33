/**
 * The memory that a middleware uses unless it is given one.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { ReplayCache, type ReplayGuard } from "./replay_cache.ts";

/**
 * Answers what finds the memory for a request: the one given, none for `false`, else one of its own that runs on the
 * server's clock and tells the server's log when it is full. All routes of one middleware share it.
 */
export function replayGuardFor(
  replay: ReplayGuard | false | undefined,
): (context: Context) => ReplayGuard | undefined {
  let own: ReplayCache | undefined;
  return ({ environment: { clock, log } }) => {
    if (replay === false) return undefined;
    const onFull = (entries: number) =>
      log.error(`Replay cache is full with ${entries} signatures: the oldest are forgotten early`);
    return replay ?? (own ??= new ReplayCache({ clock, onFull }));
  };
}
