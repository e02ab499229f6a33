import type { LogFields } from "./fields.ts";
import type { LogLevel, LogThreshold } from "./level.ts";

/**
 * What is logged: a message, or any object, which is then the line's content as JSON. A function is
 * called only if the line is written, so an expensive message costs nothing when it is not.
 */
export type LogContent = string | (() => unknown) | object;

/**
 * Writes structured lines.
 *
 * | call | passes at level | `level` member | goes to |
 * |---|---|---|---|
 * | `debug` | debug | debug | access |
 * | `info` | info | info | access |
 * | `stat` | info | stat | stat |
 * | `error`, `errorStack` | error | error | error |
 * | `slow` | error | slow | slow |
 * | `severe` | severe | fatal | severe |
 * | `alert` | always | alert | error |
 *
 * A call never throws and never waits.
 */
export interface Logger extends AsyncDisposable {
  /** Whether a line of this level would be written. */
  enabled(level: LogLevel): boolean;
  /** What helps to find a fault. */
  debug(message: LogContent, fields?: LogFields): void;
  /** What the service does. */
  info(message: LogContent, fields?: LogFields): void;
  /** What failed. */
  error(message: LogContent, fields?: LogFields): void;
  /** What failed, with the stack of the call; rarer than `StackCooldownMillis` allows. */
  errorStack(message: LogContent, fields?: LogFields): void;
  /** What took too long. Level `error` still shows it. */
  slow(message: LogContent, fields?: LogFields): void;
  /** Periodic figures. Off when the config says `Stat: false`. */
  stat(message: LogContent, fields?: LogFields): void;
  /** What the process may not survive, with the stack of the call. Written at once. */
  severe(message: LogContent, fields?: LogFields): void;
  /** What somebody must look at. Written at once, at every level but `disabled`. */
  alert(message: LogContent, fields?: LogFields): void;
  /** A logger with the same sink whose lines also carry `fields`. */
  with(fields: LogFields): Logger;
  /** A logger whose lines carry `ms` milliseconds as their duration, printed `1.2ms`. */
  withDuration(ms: number): Logger;
  /** Changes the level of this logger and of all made from it or before it by {@link with}. */
  setLevel(level: LogThreshold): void;
  /** Resolves once all lines have left the process. */
  flush(): Promise<void>;
  /** Writes what is left and closes the sink. Loggers made by {@link with} share it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A logger that does nothing, for code that must be given one. */
export const noopLogger: Logger = {
  enabled: () => false,
  debug() {},
  info() {},
  error() {},
  errorStack() {},
  slow() {},
  stat() {},
  severe() {},
  alert() {},
  with: () => noopLogger,
  withDuration: () => noopLogger,
  setLevel() {},
  flush: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
