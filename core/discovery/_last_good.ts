/**
 * The last good list of one subscription, as it is written and read.
 *
 * @module
 */

import type { Clock, Timer } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { LastGoodStore } from "./source.ts";

/** Changes that come within this time are written once, in ms. */
const WRITE_DELAY_MS = 1_000;

/** Writes what is known some time after it has changed. A store that fails is told of once, and harms nothing else. */
export class LastGood implements AsyncDisposable {
  /** How long the registry may take to answer before the list of an earlier life is used, in ms. */
  readonly patienceMs = 500;
  readonly #name: string;
  readonly #store: LastGoodStore | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #entries: ReadonlyMap<string, string> | undefined;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasComplained = false;

  /** `name` tells subscriptions of one store apart. */
  constructor(name: string, store: LastGoodStore | undefined, clock: Clock, logger: Logger) {
    this.#name = name;
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** What was saved, if there is something in it. */
  async recall(): Promise<ReadonlyMap<string, string> | undefined> {
    try {
      const entries = await this.#store?.load(this.#name);
      return entries && entries.size > 0 ? entries : undefined;
    } catch (error) {
      this.#complain("read", error);
      return undefined;
    }
  }

  /** Saves entries, soon. An empty list is no good one: what was there before is kept. */
  remember(entries: ReadonlyMap<string, string>): void {
    if (!this.#store || entries.size === 0) return;
    this.#entries = entries;
    this.#timer ??= this.#clock.setTimer(() => this.#write(), WRITE_DELAY_MS);
  }

  /** Saves what has not been saved yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const entries = this.#entries;
    if (!entries || entries.size === 0) return;
    const copy = new Map(entries);
    this.#writing = this.#writing
      .then(() => this.#store!.save(this.#name, copy))
      .catch((error) => this.#complain("save", error));
  }

  #complain(what: string, error: unknown): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    const why = error instanceof Error ? error.message : String(error);
    this.#logger.error(`Cannot ${what} last good list of ${this.#name}: ${why}`);
  }
}
