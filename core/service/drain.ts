/**
 * How long a server that stops waits for what it has in hand.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { type ServiceConfig, shutdownTimes } from "./config.ts";

/** Milliseconds that requests get to end once they were aborted. */
export const FORCED_STOP_MS = 500;

/** Milliseconds that requests in flight get: what is left of the wait when wrap-up and a forced stop are taken off. */
export function drainMs({ Shutdown }: Pick<ServiceConfig, "Shutdown">): number {
  const { wrapUpMs = 1_000, waitMs = 5_500 } = shutdownTimes(Shutdown);
  return Math.max(0, waitMs - wrapUpMs - FORCED_STOP_MS);
}

/** Whether `promise` resolves within `limitMs`. */
export async function within(
  clock: Clock,
  promise: Promise<unknown>,
  limitMs: number,
): Promise<boolean> {
  const controller = new AbortController();
  const { signal } = controller;
  try {
    return await Promise.race([
      promise.then(() => true),
      // Somebody waits for the stop, so the process must not end meanwhile.
      clock.sleep(limitMs, { signal, keepAlive: true }).then(() => false, () => false),
    ]);
  } finally {
    controller.abort();
  }
}
