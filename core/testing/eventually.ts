/**
 * Waiting for what another process does.
 *
 * @module
 */

import { systemClock } from "../clock.ts";

/** Options for {@link eventually}. */
export interface EventuallyOptions {
  /** How long to wait, in ms. @default {10_000} */
  timeoutMs?: number;
}

/**
 * Waits until `condition` holds and answers how many milliseconds that took. For tests of what happens outside the
 * process, where no virtual time helps.
 *
 * @throws {Error} If it does not hold in time; `what` says what was waited for.
 */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options: EventuallyOptions = {},
): Promise<number> {
  const { timeoutMs = 10_000 } = options;
  const startedAt = systemClock.now();
  while (!await condition()) {
    if (systemClock.now() - startedAt > timeoutMs) {
      throw new Error(`Cannot wait for ${what}: not so within ${timeoutMs} ms`);
    }
    await systemClock.sleep(5, { keepAlive: true });
  }
  return systemClock.now() - startedAt;
}
