/**
 * A log that tests can read.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { LogConfig } from "../log/config.ts";
import { createLogger } from "../log/create_logger.ts";
import type { LogFields } from "../log/fields.ts";
import { JsonEncoder } from "../log/json_encoder.ts";
import type { LogLevel, LogThreshold } from "../log/level.ts";
import type { LogContent, Logger } from "../log/logger.ts";
import type { JsonValue, LogLabel, LogRecord, LogSink } from "../log/record.ts";
import { timeFormatter } from "../log/time_format.ts";

/** Options for {@link MemoryLog}. */
export interface MemoryLogOptions {
  /** The config of the logger. @default {{ Level: "debug" }} */
  config?: Partial<LogConfig>;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * A logger that keeps its records, and a sink for other loggers. Loggers made from it by `with` write
 * to it too. It holds no timer and no resource.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const log = new MemoryLog();
 * log.with({ user: 7 }).error("no such user");
 * assertEquals(log.contents("error"), ["no such user"]);
 * assertEquals(log.records[0]?.fields, { user: 7 });
 * ```
 */
export class MemoryLog implements Logger, LogSink {
  /** All records so far, oldest first. */
  readonly records: LogRecord[] = [];
  readonly #logger: Logger;
  readonly #encoder = new JsonEncoder({ timeFormat: timeFormatter("utc") });
  #closed = false;

  /** Makes an empty log. */
  constructor(options: MemoryLogOptions = {}) {
    const { config = { Level: "debug" }, clock } = options;
    this.#logger = createLogger(config, { sink: this, clock });
  }

  /** Whether the log, or a logger that writes to it, has been disposed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The records as JSON lines with times in UTC, without line ends. */
  get lines(): string[] {
    return this.records.map((record) => this.#encoder.encode(record).trimEnd());
  }

  /** What the records say, oldest first; only those with this word as their level if one is given. */
  contents(level?: LogLabel): JsonValue[] {
    return this.records
      .filter((record) => level === undefined || record.level === level)
      .map((record) => record.content);
  }

  /** Forgets all records. */
  clear(): void {
    this.records.length = 0;
  }

  /** Takes the record of another logger. */
  write(record: LogRecord): void {
    this.records.push(record);
  }

  /** Marks the log as closed. It goes on taking records. */
  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** Whether a line of this level would be kept. */
  enabled(level: LogLevel): boolean {
    return this.#logger.enabled(level);
  }

  /** Keeps a debug line. */
  debug(message: LogContent, fields?: LogFields): void {
    this.#logger.debug(message, fields);
  }

  /** Keeps an info line. */
  info(message: LogContent, fields?: LogFields): void {
    this.#logger.info(message, fields);
  }

  /** Keeps an error line. */
  error(message: LogContent, fields?: LogFields): void {
    this.#logger.error(message, fields);
  }

  /** Keeps an error line with a stack. */
  errorStack(message: LogContent, fields?: LogFields): void {
    this.#logger.errorStack(message, fields);
  }

  /** Keeps a slow line. */
  slow(message: LogContent, fields?: LogFields): void {
    this.#logger.slow(message, fields);
  }

  /** Keeps a stat line. */
  stat(message: LogContent, fields?: LogFields): void {
    this.#logger.stat(message, fields);
  }

  /** Keeps a severe line. */
  severe(message: LogContent, fields?: LogFields): void {
    this.#logger.severe(message, fields);
  }

  /** Keeps an alert. */
  alert(message: LogContent, fields?: LogFields): void {
    this.#logger.alert(message, fields);
  }

  /** A logger whose records carry `fields` and are kept here too. */
  with(fields: LogFields): Logger {
    return this.#logger.with(fields);
  }

  /** A logger whose records carry a duration and are kept here too. */
  withDuration(ms: number): Logger {
    return this.#logger.withDuration(ms);
  }

  /** Changes what is kept. */
  setLevel(level: LogThreshold): void {
    this.#logger.setLevel(level);
  }

  /** Resolves at once: nothing is buffered. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Marks the log as closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#logger[Symbol.asyncDispose]();
  }
}
