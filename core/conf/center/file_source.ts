/**
 * A configuration file that is read again when it has changed.
 *
 * @module
 */

import { type Clock, systemClock, type Timer } from "../../clock.ts";
import { OutageLog } from "../../discovery/outage_log.ts";
import { consoleLogger } from "../../log/create_logger.ts";
import type { Logger } from "../../log/logger.ts";
import { readConfigFile } from "../load.ts";
import type { ConfigSource } from "./source.ts";

/** Options for {@link FileConfigSource}. */
export interface FileConfigSourceOptions {
  /** How often the file is looked at, in ms, > 0. @default {1_000} */
  readonly pollMs?: number | undefined;
  /** Told when the file cannot be read, and when it can be again. @default {consoleLogger} */
  readonly logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/**
 * Follows a configuration file. It is looked at again and again, not watched: that also sees a file that is exchanged by a
 * link, as mounted configuration is. While it cannot be read, what it said before holds, and the log says so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const file = await Deno.makeTempFile({ suffix: ".yaml" });
 * await Deno.writeTextFile(file, "Name: greet");
 * await using source = new FileConfigSource(file);
 * assertEquals(await source.read(), "Name: greet");
 * ```
 */
export class FileConfigSource implements ConfigSource {
  /** The path of the file. */
  readonly name: string;
  readonly #pollMs: number;
  readonly #clock: Clock;
  readonly #outages: OutageLog;
  readonly #listeners = new Set<{ readonly call: (text: string) => void }>();
  #text: string | undefined;
  #timer: Timer | undefined;
  #polling: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** Follows the file at `path`; it is first read when asked for. */
  constructor(path: string, options: FileConfigSourceOptions = {}) {
    const { pollMs = 1_000, clock = systemClock, logger = consoleLogger } = options;
    if (!(pollMs > 0)) throw new RangeError(`Cannot follow file: need pollMs > 0, got ${pollMs}`);
    this.name = path;
    this.#pollMs = pollMs;
    this.#clock = clock;
    this.#outages = new OutageLog(path, clock, logger);
  }

  /**
   * The text of the file now.
   *
   * @throws {ConfigError} If it cannot be read.
   */
  async read(): Promise<string> {
    const { text } = await readConfigFile(this.name);
    this.#text = text;
    return text;
  }

  /** Tells `listener` of the text whenever it has changed. */
  subscribe(listener: (text: string) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    this.#wait();
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** Stops following. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#listeners.clear();
    await this.#polling;
  }

  #wait(): void {
    if (this.#isClosed) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(() => {
      this.#polling = this.#poll();
    }, this.#pollMs);
  }

  async #poll(): Promise<void> {
    const before = this.#text;
    const failure = await this.read().then(() => undefined, (error) => ({ error }));
    if (this.#isClosed) return;
    if (failure) this.#outages.lost(failure.error);
    else this.#outages.found();
    const text = this.#text;
    if (text !== undefined && text !== before) {
      for (const { call } of [...this.#listeners]) call(text);
    }
    this.#wait();
  }
}
