import type { LogRecord, LogSink } from "./record.ts";

/** Sends every record to several sinks. One that fails does not keep it from the others. */
export class FanOutSink implements LogSink {
  readonly #sinks: readonly LogSink[];

  /** Makes a sink that owns `sinks`. */
  constructor(...sinks: readonly LogSink[]) {
    this.#sinks = sinks;
  }

  /** Gives the record to every sink; throws what they threw once all have had it. */
  write(record: LogRecord): void {
    const errors: unknown[] = [];
    for (const sink of this.#sinks) {
      try {
        sink.write(record);
      } catch (error) {
        errors.push(error);
      }
    }
    rethrow("write log line", errors);
  }

  /** Resolves once every sink has flushed. */
  async flush(): Promise<void> {
    await settleAll("flush log", this.#sinks.map((sink) => sink.flush?.()));
  }

  /** Closes every sink; throws what they threw once all are closed. */
  async close(): Promise<void> {
    await settleAll("close log", this.#sinks.map((sink) => sink.close()));
  }
}

async function settleAll(what: string, work: (Promise<void> | undefined)[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  rethrow(what, outcomes.flatMap((it) => it.status === "rejected" ? [it.reason] : []));
}

function rethrow(what: string, errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) {
    throw new AggregateError(errors, `Cannot ${what}: ${errors.length} sinks failed`);
  }
}
