import type { Clock } from "../clock.ts";
import { callerOf, stackOf } from "./caller.ts";
import type { FieldKeys } from "./field_keys.ts";
import { contextLogFields, globalLogFields, type LogFields } from "./fields.ts";
import { type LogLevel, type LogThreshold, severityOf } from "./level.ts";
import type { LogContent, Logger } from "./logger.ts";
import type { JsonValue, LogChannel, LogLabel, LogSink } from "./record.ts";
import type { LineLimiter } from "./sampler.ts";
import { truncateText } from "./truncate.ts";
import { reasonOf, setOwn, type ValueRenderer } from "./value_renderer.ts";

/** What a logger and all loggers made from it share. */
export interface LoggerState {
  /** Severity a line must have; see `severityOf`. */
  threshold: number;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly keys: FieldKeys;
  readonly renderer: ValueRenderer;
  /** Bytes of text content kept; 0 for all. */
  readonly maxContentBytes: number;
  readonly statEnabled: boolean;
  readonly callerEnabled: boolean;
  readonly stackLimiter: LineLimiter;
  /** Told when the sink throws. */
  readonly onError: (message: string) => void;
}

type OwnFields = Record<string, JsonValue>;

const DEBUG = severityOf("debug");
const INFO = severityOf("info");
const ERROR = severityOf("error");
const SEVERE = severityOf("severe");
const DISABLED = severityOf("disabled");

/** The logger behind `createLogger`: merges, masks and renders fields, then hands on a record. */
export class StructuredLogger implements Logger {
  readonly #state: LoggerState;
  readonly #fields: Readonly<OwnFields>;

  /** `fields` are rendered already. */
  constructor(state: LoggerState, fields: Readonly<OwnFields> = {}) {
    this.#state = state;
    this.#fields = fields;
  }

  enabled(level: LogLevel): boolean {
    return this.#state.threshold <= severityOf(level);
  }

  debug(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > DEBUG) return;
    this.#write("debug", "access", message, fields, this.debug);
  }

  info(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > INFO) return;
    this.#write("info", "access", message, fields, this.info);
  }

  error(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > ERROR) return;
    this.#write("error", "error", message, fields, this.error);
  }

  errorStack(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > ERROR) return;
    const discarded = this.#state.stackLimiter.pass();
    if (discarded === undefined) return;
    if (discarded > 0) this.#write("error", "stack", `Discarded ${discarded} error messages`);
    this.#write("error", "stack", () => withStack(message, this.errorStack), fields);
  }

  slow(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > ERROR) return;
    this.#write("slow", "slow", message, fields, this.slow);
  }

  stat(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > INFO || !this.#state.statEnabled) return;
    this.#write("stat", "stat", message, fields, this.stat);
  }

  severe(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold > SEVERE) return;
    this.#write("fatal", "severe", () => withStack(message, this.severe), fields);
  }

  alert(message: LogContent, fields?: LogFields): void {
    if (this.#state.threshold >= DISABLED) return;
    this.#write("alert", "error", message, fields);
  }

  with(fields: LogFields): Logger {
    const merged: OwnFields = { ...this.#fields };
    this.#add(merged, fields);
    return new StructuredLogger(this.#state, merged);
  }

  withDuration(ms: number): Logger {
    return this.with({ [this.#state.keys.DurationKey]: `${ms.toFixed(1)}ms` });
  }

  setLevel(level: LogThreshold): void {
    this.#state.threshold = severityOf(level);
  }

  async flush(): Promise<void> {
    await this.#state.sink.flush?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#state.sink.close();
  }

  /** Never throws: a service must not fail because it could not say what it does. */
  #write(
    level: LogLabel,
    channel: LogChannel,
    message: LogContent,
    fields?: LogFields,
    // deno-lint-ignore ban-types -- only its identity matters: it marks a frame of the stack
    callee?: Function,
  ): void {
    const { sink, clock, onError } = this.#state;
    try {
      const merged = this.#merge(fields, callee);
      const content = this.#content(message, merged);
      sink.write({ time: clock.wallTime(), level, channel, content, fields: merged });
    } catch (error) {
      onError(`Cannot write log line: ${reasonOf(error)}`);
    }
  }

  /** Lowest precedence first: global, logger, call, caller, context. */
  // deno-lint-ignore ban-types -- as above
  #merge(fields: LogFields | undefined, callee: Function | undefined): OwnFields {
    const { callerEnabled, keys } = this.#state;
    const merged: OwnFields = {};
    this.#add(merged, globalLogFields());
    Object.assign(merged, this.#fields);
    if (fields) this.#add(merged, fields);
    if (callerEnabled && callee) merged[keys.CallerKey] = callerOf(callee);
    const context = contextLogFields();
    if (context) this.#addContext(merged, context);
    return merged;
  }

  #add(target: OwnFields, fields: LogFields): void {
    const { renderer, threshold } = this.#state;
    for (const key in fields) {
      const value = fields[key];
      const rendered = renderer.field(key, value);
      if (rendered !== undefined) setOwn(target, key, rendered);
      // Somebody who debugs wants to know where an error came from, at the price of a long line.
      if (threshold === DEBUG && value instanceof Error && value.stack) {
        target[`${key}_stack`] = value.stack;
      }
    }
  }

  #addContext(target: OwnFields, context: LogFields): void {
    const { keys, renderer } = this.#state;
    for (const key in context) {
      const name = key === "trace" ? keys.TraceKey : key === "span" ? keys.SpanKey : key;
      const rendered = renderer.field(key, context[key]);
      if (rendered !== undefined) setOwn(target, name, rendered);
    }
  }

  #content(message: LogContent, merged: OwnFields): JsonValue {
    const { renderer, maxContentBytes, keys } = this.#state;
    const said: unknown = typeof message === "function" ? message() : message;
    if (typeof said !== "string") return renderer.value(said) ?? null;
    const content = truncateText(said, maxContentBytes);
    if (content.length < said.length) merged[keys.TruncatedKey] = true;
    return content;
  }
}

// deno-lint-ignore ban-types -- as above
function withStack(message: LogContent, callee: Function): string {
  const said: unknown = typeof message === "function" ? message() : message;
  const stack = said instanceof Error && said.stack ? said.stack : stackOf(callee);
  return `${reasonOf(said)}\n${stack}`;
}
