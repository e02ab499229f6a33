/** What JSON can hold. Fields and content are turned into this before a sink sees them. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The word in a line's `level` member. Slow and stat calls have their own; severe reads `fatal`. */
export type LogLabel = "debug" | "info" | "error" | "slow" | "stat" | "fatal" | "alert";

/** Where a line goes: a sink sends each channel to its own stream or file. */
export type LogChannel = "access" | "error" | "severe" | "slow" | "stat" | "stack";

/** One line before it is encoded. Everything in it is already masked and rendered. */
export interface LogRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** The word to print. */
  readonly level: LogLabel;
  /** Where it goes. */
  readonly channel: LogChannel;
  /** The message, or the JSON of a value that was logged instead of one. */
  readonly content: JsonValue;
  /** All fields, merged. They never hold what their key or their mask hook hides. */
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** A place log lines go. */
export interface LogSink {
  /** Takes one record. Returns at once; a sink that does I/O buffers. */
  write(record: LogRecord): void;
  /** Resolves once all that was written before has left the process. */
  flush?(): Promise<void>;
  /** Writes what is left and frees what the sink holds. Doing so twice does nothing. */
  close(): Promise<void>;
}

/** Turns a record into one line of text. */
export interface LogEncoder {
  /** The line, `\n` included, with no other line break in it. */
  encode(record: LogRecord): string;
}
