/**
 * A configuration that follows its source.
 *
 * @module
 */

import { consoleLogger } from "../../log/create_logger.ts";
import type { Logger } from "../../log/logger.ts";
import { ConfigError } from "../errors.ts";
import { isEqual } from "./_equal.ts";
import type { ParseText } from "./parser.ts";
import type { ConfigSource } from "./source.ts";

/** Options for {@link ConfigCenter.open}. */
export interface ConfigCenterOptions {
  /** Whether the last good value stays in use when a new text is wrong; else {@link ConfigCenter.get} throws then. @default {true} */
  readonly keepLastGood?: boolean | undefined;
  /** Told of new values, of texts that are wrong, with place, and of listeners that fail. Never of what a text says. @default {consoleLogger} */
  readonly logger?: Logger | undefined;
  /** Ends the wait for the first text. */
  readonly signal?: AbortSignal | undefined;
}

/** Told of a new value. What it throws or rejects with is logged. */
export type ConfigListener<T> = (value: T, before: T) => void | Promise<void>;

/** A part of a configuration that is always the latest. */
export interface LiveValue<S> {
  /** The part as it is now. */
  readonly value: S;
}

/** A part of a program that takes a new configuration while it runs, such as a server of `rest` or `rpc`. */
export interface Reloadable<T> {
  /** Takes a configuration. What it throws or rejects with is logged. */
  reload(config: T): void | Promise<void>;
}

/**
 * Holds a configuration as its source has it now. A text that is wrong changes nothing: the last good value stays, and
 * the log says what is wrong and where.
 *
 * Where Zeno decides otherwise than go-zero: a bad update does not take the good value away unless `keepLastGood` is
 * false; listeners hear of values that are good and differ; texts are not logged, for they may hold secrets.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object } from "@zeno/zeno/core/schema";
 * import { ConfigCenter, MemoryConfigSource, textParser } from "@zeno/zeno/core/conf/center";
 *
 * const source = new MemoryConfigSource("MaxConns: 10");
 * const parse = textParser(object({ MaxConns: int().range("[1:1000]") }));
 * await using center = await ConfigCenter.open(source, parse);
 * const maxConns = center.live(({ MaxConns }) => MaxConns);
 *
 * source.set("MaxConns: 20");
 * assertEquals(maxConns.value, 20);
 * source.set("MaxConns: 0"); // Out of range: refused, and 20 holds.
 * assertEquals([maxConns.value, center.error?.issues[0]?.path], [20, "MaxConns"]);
 * ```
 */
export class ConfigCenter<T> implements AsyncDisposable {
  readonly #source: ConfigSource;
  readonly #parse: ParseText<T>;
  readonly #logger: Logger;
  readonly #keepLastGood: boolean;
  readonly #listeners = new Set<{ readonly call: ConfigListener<T> }>();
  #watch: Disposable | undefined;
  #text: string;
  #value: T;
  #error: ConfigError | undefined;

  private constructor(
    source: ConfigSource,
    parse: ParseText<T>,
    options: ConfigCenterOptions,
    text: string,
  ) {
    this.#source = source;
    this.#parse = parse;
    this.#logger = options.logger ?? consoleLogger;
    this.#keepLastGood = options.keepLastGood ?? true;
    this.#text = text;
    this.#value = this.#read(text);
  }

  /**
   * Opens a centre as soon as its source has a text. The source is closed with it, and if it cannot be opened.
   *
   * @throws {ConfigError} If the first text is empty or wrong: there is nothing good to keep yet.
   */
  static async open<T>(
    source: ConfigSource,
    parse: ParseText<T>,
    options: ConfigCenterOptions = {},
  ): Promise<ConfigCenter<T>> {
    let latest: string | undefined;
    // From before the text is read, so that no change falls between the two.
    let take = (text: string): void => void (latest = text);
    const watch = source.subscribe((text) => take(text));
    try {
      const text = await source.read({ signal: options.signal });
      const center = new ConfigCenter(source, parse, options, text);
      center.#watch = watch;
      take = (changed) => center.#take(changed);
      if (latest !== undefined) take(latest);
      return center;
    } catch (error) {
      watch[Symbol.dispose]();
      await source[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The latest text, good or wrong. */
  get text(): string {
    return this.#text;
  }

  /** What is wrong with the latest text; `undefined` if it is good. */
  get error(): ConfigError | undefined {
    return this.#error;
  }

  /**
   * The value as it is now.
   *
   * @throws {ConfigError} If the latest text is wrong and the last good value is not to be kept.
   */
  get(): T {
    if (this.#error && !this.#keepLastGood) throw this.#error;
    return this.#value;
  }

  /** Tells `listener` of every new value, until the answer is disposed. */
  onChange(listener: ConfigListener<T>): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /**
   * Applies a part of the configuration now, and again whenever that part has changed, until the answer is disposed.
   *
   * @example Change the level of a log
   * ```ts ignore
   * center.apply(({ Log }) => Log.Level, (level) => logger.setLevel(level));
   * ```
   */
  apply<S>(select: (value: T) => S, use: (part: S) => void | Promise<void>): Disposable {
    let part = select(this.#value);
    void this.#protect(() => use(part));
    return this.onChange((value) => {
      const next = select(value);
      if (isEqual(next, part)) return;
      part = next;
      return use(next);
    });
  }

  /**
   * Gives `target` the configuration as it is now, and again whenever it has changed, until the answer is disposed.
   *
   * @example A server whose log level, limits and timeouts follow the configuration
   * ```ts ignore
   * await using center = await ConfigCenter.open(new FileConfigSource("etc/greet.yaml"), textParser(restConfig));
   * await using server = new Server(center.get());
   * using _reload = center.attach(server);
   * ```
   */
  attach(target: Reloadable<T>): Disposable {
    return this.apply((config) => config, (config) => target.reload(config));
  }

  /**
   * A part of the configuration that is always the latest: a timeout or a limit that is looked at with each use.
   */
  live<S>(select: (value: T) => S): LiveValue<S>;
  /**
   * What is made of a part of the configuration, always of the latest: a limiter of its rate.
   *
   * @param make Makes it, anew when the part has changed. If it throws, the one before stays.
   */
  live<S, L>(select: (value: T) => S, make: (part: S) => L): LiveValue<L>;
  live<S>(
    select: (value: T) => S,
    make: (part: S) => unknown = (part) => part,
  ): LiveValue<unknown> {
    let part = select(this.#value);
    let value = make(part);
    this.onChange((config) => {
      const next = select(config);
      if (isEqual(next, part)) return;
      value = make(next);
      part = next;
    });
    return {
      get value() {
        return value;
      },
    };
  }

  /** Stops following and closes the source. The last value stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    this.#listeners.clear();
    await this.#source[Symbol.asyncDispose]();
  }

  #take(text: string): void {
    this.#text = text;
    const before = this.#value;
    try {
      this.#value = this.#read(text);
      this.#error = undefined;
    } catch (thrown) {
      this.#error = errorOf(thrown, this.#source.name);
      this.#logger.error(
        `Cannot use changed configuration, the last good one holds: ${this.#error.message}`,
      );
      return;
    }
    if (isEqual(before, this.#value)) return;
    this.#logger.info(`Took changed configuration of ${this.#source.name}`);
    for (const { call } of [...this.#listeners]) {
      void this.#protect(() => call(this.#value, before));
    }
  }

  #read(text: string): T {
    const { name } = this.#source;
    if (text.trim() === "") throw new ConfigError(`${name}: empty config value`, { file: name });
    return this.#parse(text, name);
  }

  async #protect(call: () => void | Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#logger.error(
        `Cannot apply configuration of ${this.#source.name}: ${
          error instanceof Error ? error.message : String(error)
        }`,
      );
    }
  }
}

function errorOf(thrown: unknown, name: string): ConfigError {
  if (thrown instanceof ConfigError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConfigError(`${name}: ${why}`, { file: name, cause: thrown });
}
