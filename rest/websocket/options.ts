/**
 * What a websocket may do.
 *
 * @module
 */

import type { AllowedOrigins } from "./origin.ts";

/** Limits of one connection. */
export interface SessionLimits {
  /** Milliseconds without a message after which the connection is closed with 1001; 0 is never. @default {0} */
  readonly idleTimeoutMs: number;
  /**
   * Largest message in bytes; a larger one closes the connection with 1009. With a listener of kind `serve` the runtime has read
   * it by then: it refuses only frames of more than 64 MiB, and puts together fragments without a limit. With kind `node` it is
   * refused at the frame that is too much. @default {1048576}
   */
  readonly maxMessageBytes: number;
  /** Bytes of messages that may wait to be read; more closes the connection with 1008. @default {4194304} */
  readonly maxUnreadBytes: number;
  /** Bytes that may wait to be taken by the other side before `send` waits. @default {1048576} */
  readonly maxBufferedBytes: number;
  /** Milliseconds that `send` waits before it gives the connection up. @default {30000} */
  readonly sendTimeoutMs: number;
  /** Messages a second that may come; more close the connection with 1008; 0 is no limit. @default {0} */
  readonly messagesPerSecond: number;
  /** Messages that may come at once. @default {twice `messagesPerSecond`} */
  readonly burst: number;
}

/** Options of a websocket. */
export interface WebSocketOptions extends Partial<SessionLimits> {
  /** Which pages may open it. @default {"same-origin"} */
  origins?: AllowedOrigins;
  /** Protocols that are spoken, the best first. A client that offers none of them is told so by having none agreed on. */
  protocols?: readonly string[];
  /**
   * Milliseconds after which a client that does not answer pings is gone, in whole seconds; 0 sends no pings.
   * @default {60000}
   */
  heartbeatMs?: number;
}

/** The limits of a connection, all of them. */
export function limitsOf(options: WebSocketOptions): SessionLimits {
  const { messagesPerSecond = 0 } = options;
  const limits = {
    idleTimeoutMs: options.idleTimeoutMs ?? 0,
    maxMessageBytes: options.maxMessageBytes ?? 1024 * 1024,
    maxUnreadBytes: options.maxUnreadBytes ?? 4 * 1024 * 1024,
    maxBufferedBytes: options.maxBufferedBytes ?? 1024 * 1024,
    sendTimeoutMs: options.sendTimeoutMs ?? 30_000,
    messagesPerSecond,
    burst: options.burst ?? Math.max(1, 2 * messagesPerSecond),
  };
  for (
    const [name, value] of Object.entries({ ...limits, heartbeatMs: options.heartbeatMs ?? 0 })
  ) {
    if (value >= 0) continue;
    throw new RangeError(`Cannot open websocket: need ${name} >= 0, got ${value}`);
  }
  return limits;
}
