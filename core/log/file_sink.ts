// Not @std/path: loading it takes as long as starting the runtime does.
import { join } from "node:path";
import { systemClock } from "../clock.ts";
import { complain } from "./_complain.ts";
import { isUrgent, type SinkOptions } from "./console_sink.ts";
import { discardedLine } from "./discarded.ts";
import { JsonEncoder } from "./json_encoder.ts";
import { LineBuffer } from "./line_buffer.ts";
import type { LogChannel, LogEncoder, LogRecord, LogSink } from "./record.ts";
import { RotatingFile } from "./rotating_file.ts";
import { dailyRotation, type RotationRule } from "./rotation.ts";
import { reasonOf } from "./value_renderer.ts";

/** Options for {@link FileSink}. */
export interface FileSinkOptions extends SinkOptions {
  /** When to begin new files, and which to delete. @default {dailyRotation()} */
  rotation?: RotationRule | undefined;
  /** Whether files set aside are compressed with gzip. @default {false} */
  compress?: boolean | undefined;
  /** Told what went wrong with a file, once until a message differs. @default {writes to stderr} */
  onError?: ((message: string) => void) | undefined;
}

const FILES: Readonly<Record<LogChannel, string>> = {
  access: "access.log",
  error: "error.log",
  stack: "error.log",
  severe: "severe.log",
  slow: "slow.log",
  stat: "stat.log",
};

/**
 * Writes to `access.log`, `error.log`, `severe.log`, `slow.log` and `stat.log` in one folder, which
 * is made if it is missing. Existing files are appended to. One process at a time may use a folder.
 */
export class FileSink implements LogSink {
  readonly #encoder: LogEncoder;
  readonly #buffers = new Map<string, LineBuffer>();

  /** Opens the files in `folder`. Throws if they cannot be opened. */
  constructor(folder: string, options: FileSinkOptions = {}) {
    const { encoder = new JsonEncoder(), clock = systemClock, flushMs, compress = false } = options;
    const { rotation = dailyRotation() } = options;
    const onError = onceEach(options.onError ?? complain);
    this.#encoder = encoder;
    const discarded = discardedLine(encoder, () => clock.wallTime());
    const open = (name: string) => {
      const path = join(folder, name);
      const file = new RotatingFile(path, { rule: rotation, compress, clock, onError });
      const onWriteError = (error: unknown) => onError(reasonOf(error));
      const rest = { flushMs, clock, discardedLine: discarded, onError: onWriteError };
      this.#buffers.set(name, new LineBuffer(file, rest));
    };
    Deno.mkdirSync(folder, { recursive: true, mode: 0o755 });
    try {
      for (const name of new Set(Object.values(FILES))) open(name);
    } catch (error) {
      this.close(); // Those opened before the one that could not be.
      throw error;
    }
  }

  /** Takes one record. After {@link close} it is lost, and `onError` is told so. */
  write(record: LogRecord): void {
    this.#buffers.get(FILES[record.channel])!.add(this.#encoder.encode(record), isUrgent(record));
  }

  /** Resolves once all lines have been handed to the operating system. */
  async flush(): Promise<void> {
    await Promise.all(Array.from(this.#buffers.values(), (buffer) => buffer.flush()));
  }

  /** Writes what is left, syncs and closes the files, and finishes compressing. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#buffers.values(), (buffer) => buffer.close()));
  }
}

/** A full disk fails every write; saying so once is enough. */
function onceEach(report: (message: string) => void): (message: string) => void {
  let last = "";
  return (message) => {
    if (message !== last) report(message);
    last = message;
  };
}
