import { systemClock } from "../clock.ts";
import { isUrgent, type SinkOptions } from "./console_sink.ts";
import { discardedLine } from "./discarded.ts";
import { JsonEncoder } from "./json_encoder.ts";
import { LineBuffer } from "./line_buffer.ts";
import type { LogEncoder, LogRecord, LogSink } from "./record.ts";

/** Writes all channels to one byte stream, which it locks and closes. */
export class StreamSink implements LogSink {
  readonly #encoder: LogEncoder;
  readonly #buffer: LineBuffer;

  /** Makes a sink before `stream`. */
  constructor(stream: WritableStream<Uint8Array>, options: SinkOptions = {}) {
    const { encoder = new JsonEncoder(), clock = systemClock, flushMs } = options;
    const writer = stream.getWriter();
    this.#encoder = encoder;
    this.#buffer = new LineBuffer(
      { write: (bytes) => writer.write(bytes), close: () => writer.close() },
      { flushMs, clock, discardedLine: discardedLine(encoder, () => clock.wallTime()) },
    );
  }

  /** Takes one record. */
  write(record: LogRecord): void {
    this.#buffer.add(this.#encoder.encode(record), isUrgent(record));
  }

  /** Resolves once the stream has taken all lines. */
  flush(): Promise<void> {
    return this.#buffer.flush();
  }

  /** Writes what is left and closes the stream. */
  close(): Promise<void> {
    return this.#buffer.close();
  }
}
