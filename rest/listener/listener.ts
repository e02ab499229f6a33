/**
 * What a listener is, whichever kind it is of.
 *
 * @module
 */

import type { ConnectionInfo } from "../context.ts";
import type { ListenerConf } from "./config.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** The address, `0.0.0.0` for all. */
  hostname: string;
  /** The port; 0 picks a free one. */
  port: number;
  /** PEM texts; with both the listener speaks TLS. */
  tls?: { cert: string; key: string } | undefined;
  /** Which kind of listener, and its limits. @default {kind `serve`} */
  listener?: Partial<ListenerConf> | undefined;
  /** Whether others listen on the same port, each on a socket of its own. @default {false} */
  sharePort?: boolean | undefined;
  /** Told of what an operator should know, such as a kind that is not to be had. @default {nobody} */
  onWarning?: ((message: string) => void) | undefined;
}

/** A listening socket. */
export interface Listener {
  /** Where it listens, with the port that was picked. */
  readonly address: { readonly hostname: string; readonly port: number };
  /** Settles when it has closed. */
  readonly finished: Promise<void>;
  /**
   * Tells clients that the end is near, while there is time: from now on answers say `connection: close`. It is for kind
   * `serve`, whose connections are closed without a word when it shuts down; for the others, which say so then, it does nothing.
   */
  announceEnd(): void;
  /** Stops accepting and resolves when the requests in flight are answered. */
  shutdown(): Promise<void>;
  /**
   * Ends what is still open, answered or not; for when `shutdown` takes too long. `Deno.serve` cannot do so once it
   * shuts down without ending the process: for kind `serve` this does nothing.
   */
  close(): void;
}

/** Answers requests of a listener. */
export type Dispatch = (
  request: Request,
  info: ConnectionInfo,
) => Response | Promise<Response>;
