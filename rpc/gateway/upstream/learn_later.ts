/**
 * Upstreams that could not be asked yet what they serve.
 *
 * @module
 */

import type { Clock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Logger } from "../../../core/log/logger.ts";
import type { Upstream } from "./upstream.ts";

/** How long it is waited before they are asked again, in ms; twice as long each time, up to the longest. */
const [SHORTEST_MS, LONGEST_MS] = [500, 30_000];

/** Options for {@link learnLater}. */
export interface LearnLaterOptions {
  /** Told when one more is known. What it throws counts as a failure to learn. */
  readonly onLearned: () => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Time source. */
  readonly clock: Clock;
  /** Told what is still not known, and why. */
  readonly log: Logger;
}

/** Whether it may be other with the next attempt. */
export function isTransient(error: unknown): boolean {
  const { code } = ServiceError.from(error);
  return code === "unavailable" || code === "deadline_exceeded" || code === "canceled";
}

/** Asks an upstream again and again, until it answers. */
export async function learnLater(
  upstream: Upstream,
  { onLearned, signal, clock, log }: LearnLaterOptions,
): Promise<void> {
  for (let waitMs = SHORTEST_MS;; waitMs = Math.min(2 * waitMs, LONGEST_MS)) {
    try {
      await clock.sleep(waitMs, { signal });
    } catch {
      return; // The gateway stops.
    }
    try {
      await upstream.learn();
      if (signal.aborted) return;
      onLearned();
      log.info(`Upstream ${upstream.name} has told what it serves`);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.error(
        `${ServiceError.from(error).message}; asking again in ${2 * waitMs / 1_000} s at most`,
      );
    }
  }
}
