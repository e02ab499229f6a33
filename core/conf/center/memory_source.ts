/**
 * A configuration that the program itself sets.
 *
 * @module
 */

import type { ConfigSource } from "./source.ts";

/**
 * Holds a configuration in memory, for tests and for programs that get it by other ways.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const source = new MemoryConfigSource("Name: greet");
 * using _watch = source.subscribe((text) => assertEquals(text, "Name: hello"));
 * source.set("Name: hello");
 * ```
 */
export class MemoryConfigSource implements ConfigSource {
  /** What it is called in messages. */
  readonly name: string;
  readonly #listeners = new Set<{ readonly call: (text: string) => void }>();
  #text: string;

  /** Holds `text`; `name` is for messages. */
  constructor(text = "", name = "memory") {
    this.#text = text;
    this.name = name;
  }

  /** Replaces the text and tells of it. */
  set(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    for (const { call } of [...this.#listeners]) call(text);
  }

  /** The text now. */
  read(): Promise<string> {
    return Promise.resolve(this.#text);
  }

  /** Tells `listener` of every text that is set. */
  subscribe(listener: (text: string) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** Forgets the listeners. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }
}
