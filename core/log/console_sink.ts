import { type Clock, systemClock } from "../clock.ts";
import { discardedLine } from "./discarded.ts";
import { type ByteTarget, LineBuffer } from "./line_buffer.ts";
import { JsonEncoder } from "./json_encoder.ts";
import type { LogEncoder, LogRecord, LogSink } from "./record.ts";
import { type ByteWriter, writeAll, writeAllSync } from "./write_all.ts";

/** Options that all sinks which encode lines share. */
export interface SinkOptions {
  /** Makes lines of records. @default {new JsonEncoder()} */
  encoder?: LogEncoder | undefined;
  /** Longest time a line waits in memory, in ms; 0 writes each at once. @default {50} */
  flushMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Options for {@link ConsoleSink}. */
export interface ConsoleSinkOptions extends SinkOptions {
  /** Takes access and stat lines. @default {Deno.stdout} */
  stdout?: ByteWriter | undefined;
  /** Takes all other lines. @default {Deno.stderr} */
  stderr?: ByteWriter | undefined;
}

/**
 * Writes to the standard streams: what a service does to stdout, what goes wrong to stderr.
 * Lines of the severe channel and alerts leave at once, with all lines before them.
 */
export class ConsoleSink implements LogSink {
  readonly #encoder: LogEncoder;
  readonly #stdout: LineBuffer;
  readonly #stderr: LineBuffer;

  /** Makes a sink. It holds no resource until the first line. */
  constructor(options: ConsoleSinkOptions = {}) {
    const { encoder = new JsonEncoder(), clock = systemClock, flushMs } = options;
    this.#encoder = encoder;
    const buffer = {
      flushMs,
      clock,
      discardedLine: discardedLine(encoder, () => clock.wallTime()),
    };
    this.#stdout = new LineBuffer(new StreamTarget(() => options.stdout ?? Deno.stdout), buffer);
    this.#stderr = new LineBuffer(new StreamTarget(() => options.stderr ?? Deno.stderr), buffer);
  }

  /** Takes one record. */
  write(record: LogRecord): void {
    const { channel } = record;
    const buffer = channel === "access" || channel === "stat" ? this.#stdout : this.#stderr;
    buffer.add(this.#encoder.encode(record), isUrgent(record));
  }

  /** Resolves once all lines have been written. */
  async flush(): Promise<void> {
    await Promise.all([this.#stdout.flush(), this.#stderr.flush()]);
  }

  /** Writes what is left. The standard streams stay open, and later lines are written at once. */
  async close(): Promise<void> {
    await Promise.all([this.#stdout.close(), this.#stderr.close()]);
  }
}

/** Whether a line must not wait in a buffer: the process may be about to die. */
export function isUrgent({ channel, level }: LogRecord): boolean {
  return channel === "severe" || level === "alert";
}

/** Found when first written to, so that importing a logger touches nothing. */
class StreamTarget implements ByteTarget {
  readonly #stream: () => ByteWriter;

  constructor(stream: () => ByteWriter) {
    this.#stream = stream;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#stream(), bytes);
  }

  writeSync(bytes: Uint8Array): void {
    writeAllSync(this.#stream(), bytes);
  }

  close(): Promise<void> {
    return Promise.resolve(); // Others use the standard streams too.
  }
}
