/**
 * The listener of kind `serve`.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";
import { announceClose } from "./announce_close.ts";
import { explained, requireSharing } from "./listen_error.ts";
import type { Dispatch, Listener, ListenOptions } from "./listener.ts";
import { wantsWebSocket } from "./refuse_upgrade.ts";

/** Milliseconds until a listener that the system has ended begins anew. */
const RESTART_MS = 50;

/**
 * Listens with `Deno.serve`: the fastest, with no limit of its own on what a connection may do.
 *
 * @throws {ServiceError} If it cannot; the message says where it tried and what to do.
 */
export function listenServe(dispatch: Dispatch, options: ListenOptions): Listener {
  const { hostname, port, tls, sharePort } = options;
  const ending = new Ending(dispatch);
  const serve = (port: number) =>
    Deno.serve({
      hostname,
      port,
      ...tls,
      ...sharePort ? { reusePort: true } : {},
      onListen: () => {},
      // Only for what goes wrong after the handler: a response that cannot be written.
      onError: () => new Response(null, { status: 500 }),
    }, (request, info) => ending.dispatch(request, info));
  try {
    if (sharePort) requireSharing();
    return new ServeListener(serve, port, { ending, onWarning: options.onWarning ?? (() => {}) });
  } catch (error) {
    throw explained(error, `${hostname}:${port}`);
  }
}

type Serve = (port: number) => Deno.HttpServer<Deno.NetAddr>;

/** Says in the answers that connections end, once they do. */
class Ending {
  hasBegun = false;
  readonly #dispatch: Dispatch;

  constructor(dispatch: Dispatch) {
    this.#dispatch = dispatch;
  }

  dispatch(request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response> {
    const answer = this.#dispatch(request, info);
    return this.hasBegun ? this.#last(request, answer) : answer;
  }

  async #last(request: Request, answer: Response | Promise<Response>): Promise<Response> {
    const response = await answer;
    // What has become a websocket is no answer any more.
    return wantsWebSocket(request) ? response : announceClose(response);
  }
}

class ServeListener implements Listener {
  readonly address: { readonly hostname: string; readonly port: number };
  readonly finished: Promise<void>;
  readonly #serve: Serve;
  readonly #ending: Ending;
  readonly #onWarning: (message: string) => void;
  readonly #stopping = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(
    serve: Serve,
    port: number,
    { ending, onWarning }: { ending: Ending; onWarning: (message: string) => void },
  ) {
    this.#serve = serve;
    this.#ending = ending;
    this.#onWarning = onWarning;
    this.#server = serve(port);
    const { hostname, port: picked } = this.#server.addr;
    this.address = { hostname, port: picked };
    this.finished = this.#watch();
  }

  announceEnd(): void {
    this.#ending.hasBegun = true;
  }

  shutdown(): Promise<void> {
    this.#stopping.abort();
    return this.#server.shutdown();
  }

  close(): void {}

  /** `Deno.serve` ends for good when files run out, and a service that is deaf is worse than one that was for a moment. */
  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#server.finished;
      } catch (error) {
        if (signal.aborted) return;
        this.#onWarning(`Cannot accept connections: ${reasonOf(error)}; listening anew`);
        await this.#restart(signal);
      }
    }
  }

  async #restart(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await systemClock.sleep(RESTART_MS, { signal }).catch(() => {});
      try {
        if (!signal.aborted) this.#server = this.#serve(this.address.port);
        return;
      } catch {
        // The system has still nothing to give.
      }
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
