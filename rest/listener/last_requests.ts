/**
 * The last moment of a listener.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";

/** Milliseconds that a quiet connection gets at the end, for a request that is on its way. */
const LAST_REQUEST_MS = 150;

/**
 * Waits for the requests that clients sent before they could know of the end, or until `closed` resolves. In real time,
 * for so do clients live, whatever the clock of a test says.
 */
export async function lastRequests(closed: Promise<void>): Promise<void> {
  const enough = new AbortController();
  const pause = systemClock.sleep(LAST_REQUEST_MS, { signal: enough.signal }).catch(() => {});
  await Promise.race([closed, pause]);
  enough.abort();
}
