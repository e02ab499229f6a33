import type { Clock } from "../../core/clock.ts";
import type { WireClient } from "./driver.ts";

/**
 * Whether a client of the driver is connected, for those who cannot wait in its queues: a command waits for a connection that
 * is being made, and not for one that could not be made just now, so that an outage costs each call next to nothing.
 */
export class Readiness {
  readonly #client: WireClient;
  readonly #failure: (error: Error | undefined) => Error;
  #lastError: Error | undefined;
  #waiting: PromiseWithResolvers<void> | undefined;
  /** Ends of connections since one was good: with the second an attempt has failed. */
  #ends = 1;

  /** `failure` makes the error that callers get of the last that the driver had, if it had one. */
  constructor(client: WireClient, failure: (error: Error | undefined) => Error) {
    this.#client = client;
    this.#failure = failure;
    client.on("error", (error: Error) => this.#lastError = error);
    client.on("ready", () => {
      this.#lastError = undefined;
      this.#ends = 0;
      this.#settle()?.resolve();
    });
    client.on("close", () => {
      // The first attempt follows at once.
      if (++this.#ends > 1) this.#settle()?.reject(this.#failure(this.#lastError));
    });
    client.on("end", () => this.#settle()?.reject(this.#failure(this.#lastError)));
  }

  /** Resolves once the client is connected; rejects if it cannot be now. */
  connected(): Promise<void> {
    const { status } = this.#client;
    if (status === "ready") return Promise.resolve();
    if (status === "wait") this.#client.connect().catch(() => {}); // Told by its events.
    const isLost = status === "close" || status === "reconnecting";
    if (status === "end" || status === "disconnecting" || isLost && this.#ends > 1) {
      return Promise.reject(this.#failure(this.#lastError));
    }
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  #settle(): PromiseWithResolvers<void> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

/** How long a farewell may take, and then the closing of the socket, in ms. */
export const FAREWELL_MS = 1_000;

/** Ends a client: politely if it is connected, and in two seconds at the latest. */
export async function endClient(client: WireClient, clock: Clock): Promise<void> {
  const ended = new Promise<void>((resolve) => client.on("end", () => resolve()));
  if (client.status === "ready") {
    await within(FAREWELL_MS, clock, client.quit().then(() => {}, () => {}));
  }
  // The driver does not tell the end of what is between two attempts to connect: there is nothing to be closed then.
  const isOpen = !BETWEEN.has(client.status);
  if (client.status !== "end") client.disconnect();
  if (isOpen) await within(FAREWELL_MS, clock, ended);
  else await clock.sleep(1, { keepAlive: true }); // Its timer for the closing has run then.
}

const BETWEEN: ReadonlySet<string> = new Set(["end", "reconnecting", "close"]);

/** Resolves when `work` does, or when time is up. */
export async function within(limitMs: number, clock: Clock, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const limit = clock.sleep(limitMs, { signal: done.signal, keepAlive: true }).catch(() => {});
  await Promise.race([work, limit]);
  done.abort();
}
