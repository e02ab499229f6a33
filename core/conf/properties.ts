/**
 * Properties files: lines of `key=value`.
 *
 * @module
 */

import { type EnvLookup, expandEnv } from "./expand_env.ts";
import { readConfigFile } from "./load.ts";

/** Options for {@link Properties.parse} and {@link Properties.load}. */
export interface PropertiesOptions {
  /** Reads the variables that `${NAME}` in values stands for. Without it nothing is expanded. */
  env?: EnvLookup | undefined;
}

/**
 * Keys and values of a properties file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const properties = Properties.parse("# server\nhost = a\nport = 80\n");
 * assertEquals([properties.get("host"), properties.getInt("port")], ["a", 80]);
 * ```
 */
export class Properties {
  readonly #values: Map<string, string> = new Map();

  /**
   * Reads lines of `key=value`. Space around both is trimmed; blank lines and lines that start with
   * `#` are skipped; a value may hold `=`.
   *
   * @throws {SyntaxError} If a line has no `=`; names the line.
   */
  static parse(text: string, { env }: PropertiesOptions = {}): Properties {
    const properties = new Properties();
    for (const [index, line] of text.split("\n").entries()) {
      const trimmed = line.trim();
      if (trimmed === "" || trimmed.startsWith("#")) continue;
      const split = trimmed.indexOf("=");
      if (split < 0) {
        throw new SyntaxError(
          `Cannot parse properties: invalid property format at line ${index + 1}, need key=value`,
        );
      }
      const value = trimmed.slice(split + 1).trim();
      properties.set(trimmed.slice(0, split).trim(), env ? expandEnv(value, env) : value);
    }
    return properties;
  }

  /**
   * Reads a file.
   *
   * @throws {ConfigError} If the file cannot be read.
   * @throws {SyntaxError} If a line has no `=`.
   */
  static async load(path: string | URL, options?: PropertiesOptions): Promise<Properties> {
    const { text } = await readConfigFile(path);
    return Properties.parse(text, options);
  }

  /** Whether `key` is there. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The value of `key`, or `fallback`. */
  get(key: string, fallback = ""): string {
    return this.#values.get(key) ?? fallback;
  }

  /** The value of `key` as an integer; `fallback` when absent or no integer. */
  getInt(key: string, fallback = 0): number {
    const text = this.#values.get(key);
    if (text === undefined || text === "") return fallback;
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : fallback;
  }

  /** Sets a value. */
  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  /**
   * Sets an integer.
   *
   * @throws {RangeError} If `value` is no safe integer.
   */
  setInt(key: string, value: number): void {
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`Cannot set property "${key}": need an integer, got ${value}`);
    }
    this.#values.set(key, String(value));
  }

  /** The keys, in the order they were set. */
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** The lines that {@link Properties.parse} reads back. */
  toString(): string {
    return [...this.#values].map(([key, value]) => `${key}=${value}\n`).join("");
  }
}
