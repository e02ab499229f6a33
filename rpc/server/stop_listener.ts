/**
 * A stop that cannot hang.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import { within } from "../../core/service/drain.ts";
import type { TransportListener } from "../transport/transport.ts";
import type { RpcContext } from "./context.ts";

/** Options for {@link stopListener}. */
export interface StopOptions {
  /** Time source. */
  readonly clock: Clock;
  /** The calls whose signals somebody holds. */
  readonly live: ReadonlySet<RpcContext>;
  /** Told when calls had to be given up. */
  readonly log: Logger;
  /** Time that calls in flight have, in ms. */
  readonly limitMs: number;
}

/** Drains a listener. When time is up the calls in flight are aborted and failed. */
export async function stopListener(
  listener: TransportListener,
  { clock, live, log, limitMs }: StopOptions,
): Promise<void> {
  if (await within(clock, listener.drain(), limitMs)) return;
  log.error("Cannot stop in time: failing the calls in flight");
  for (const context of live) {
    context.abort(new DOMException("The server is stopping", "AbortError"));
  }
  listener.close();
}
