/**
 * One connection of the listener of kind `connection`.
 *
 * @module
 */

import type { ConnectionInfo } from "../context.ts";
import { announceClose } from "./announce_close.ts";
import { BodyTimeoutError } from "../errors.ts";
import type { ListenerLimits } from "./config.ts";
import type { ConnectionServer, ServeConnection } from "./connection_entry.ts";
import type { Dispatch } from "./listener.ts";
import { refuseUpgrade, wantsWebSocket } from "./refuse_upgrade.ts";
import { Stopwatch, type Swept } from "./sweeper.ts";
import { BodyReads, trackBody } from "./tracked_request.ts";

/** What all connections of a listener share. */
export interface ServedConnectionOptions {
  /** Serves the connection. */
  entry: ServeConnection;
  /** Answers its requests. */
  dispatch: Dispatch;
  /** What it may do. */
  limits: ListenerLimits;
}

/** Serves a connection and ends it when it takes too long. */
export class ServedConnection implements Swept {
  /** Settles when the connection is closed. It does not reject. */
  readonly finished: Promise<void>;
  readonly #options: ServedConnectionOptions;
  readonly #peer: ConnectionInfo["remoteAddr"];
  readonly #abort = new AbortController();
  readonly #server: ConnectionServer;
  readonly #done = () => void this.#inFlight--;
  readonly #waiting = new Stopwatch();
  /** Of HTTP/2 there may be several at once. */
  #uploads: Set<BodyReads> | undefined;
  #inFlight = 0;
  #served = 0;
  #seen = 0;
  #ending = false;
  #ended = false;

  /** Begins to serve `connection`, which is the runtime's from now on. */
  constructor(connection: Deno.Conn, options: ServedConnectionOptions) {
    this.#options = options;
    this.#peer = connection.remoteAddr as Deno.NetAddr;
    this.#server = options.entry(
      connection,
      this.#abort.signal,
      (request, info) => this.#answer(request, info),
      () => new Response(null, { status: 500 }),
      () => {},
    );
    this.finished = this.#finish();
  }

  /** Whether requests have come since this was last asked, or are in flight. */
  #isActive(): boolean {
    const active = this.#inFlight > 0 || this.#served !== this.#seen;
    this.#seen = this.#served;
    return active;
  }

  /** Ends the connection when what is in flight is answered, and says so in the answer. */
  drain(): void {
    this.#ending = true;
  }

  /** Ends the connection if nothing is in flight. */
  closeIfQuiet(): void {
    this.#ending = true;
    if (this.#inFlight === 0) this.#shutdown();
  }

  /** Ends the connection now, unless it is on its way out. */
  close(): void {
    this.#ending = true;
    // To abort what has shut down or ended would end the process.
    if (!this.#ended) this.#abort.abort();
    this.#ended = true;
  }

  #shutdown(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#server.shutdown().catch(() => {});
  }

  sweep(nowMs: number): void {
    const { HeaderTimeout, IdleTimeout, BodyTimeout } = this.#options.limits;
    for (const reads of this.#uploads ?? []) this.#sweepUpload(reads, nowMs, BodyTimeout);
    if (this.#isActive()) return this.#waiting.reset();
    const limitMs = this.#served === 0 ? HeaderTimeout : IdleTimeout;
    if (limitMs > 0 && this.#waiting.elapsedMs(nowMs) >= limitMs) this.close();
  }

  #sweepUpload(reads: BodyReads, nowMs: number, limitMs: number): void {
    if (limitMs === 0 || reads.pausedMs(nowMs) < limitMs) return;
    // In this order: the runtime loses a read that is pending when its request is answered.
    this.close();
    reads.fail(new BodyTimeoutError(limitMs));
  }

  #answer(request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response> {
    this.#inFlight++;
    this.#served++;
    info.completed.then(this.#done, this.#done);
    const max = this.#options.limits.MaxRequestsPerConnection;
    if (max > 0 && this.#served >= max) this.#ending = true;
    const answer = request.method === "GET" || request.method === "HEAD"
      ? this.#dispatch(request, info)
      : this.#answerBody(request, info);
    return this.#ending ? this.#last(answer, info) : answer;
  }

  #dispatch(request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response> {
    if (wantsWebSocket(request)) return refuseUpgrade("connection");
    return this.#options.dispatch(request, new ServedInfo(this.#peer, info));
  }

  async #answerBody(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    const reads = new BodyReads();
    (this.#uploads ??= new Set()).add(reads);
    trackBody(request, reads);
    const response = await this.#dispatch(request, info);
    if (reads.pending && !this.#abort.signal.aborted) {
      // The rest of a body that is on its way ends the read; a client that stalls meets its limit.
      await Promise.race([reads.idle, aborted(this.#abort.signal)]);
    }
    reads.idle.then(() => this.#uploads?.delete(reads));
    return response;
  }

  async #last(
    answer: Response | Promise<Response>,
    info: Deno.ServeHandlerInfo,
  ): Promise<Response> {
    const shutdown = () => this.#shutdown();
    info.completed.then(shutdown, shutdown);
    return announceClose(await answer);
  }

  async #finish(): Promise<void> {
    // What fails is not let go of by the runtime unless it is shut down as well.
    await this.#server.finished.catch(() => this.#shutdown());
    this.#ended = true;
    // A read that is pending keeps the socket, whatever the server says.
    for (const reads of this.#uploads ?? []) await reads.idle;
  }
}

/** What a handler is told of its connection. */
class ServedInfo implements ConnectionInfo {
  readonly #info: Deno.ServeHandlerInfo;

  constructor(readonly remoteAddr: ConnectionInfo["remoteAddr"], info: Deno.ServeHandlerInfo) {
    this.#info = info;
  }

  get completed(): Promise<void> {
    return this.#info.completed;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
