import { type Clock, systemClock, type Timer } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import type { SpanExporter } from "./exporter.ts";
import type { SpanData, SpanProcessor } from "./span.ts";

/** Options for {@link BatchProcessor}. */
export interface BatchProcessorOptions {
  /** Spans that wait at most; what comes on top is dropped. An integer >= 1. @default {2048} */
  maxQueueSize?: number | undefined;
  /** Spans sent at once at most, an integer within 1 to `maxQueueSize`. @default {512} */
  maxBatchSize?: number | undefined;
  /** How long a span waits for others at most, in ms, > 0. @default {5000} */
  delayMs?: number | undefined;
  /** After this long an export is given up, in ms, > 0. @default {30000} */
  exportTimeoutMs?: number | undefined;
  /** After this long a flush gives up what is left, in ms, > 0. @default {4000} */
  flushTimeoutMs?: number | undefined;
  /** Told what went wrong; not again until the message differs or an export worked. @default {logs} */
  onError?: ((message: string) => void) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** What became of the spans of a {@link BatchProcessor}. */
export interface ExportStats {
  /** Spans that arrived. */
  readonly exported: number;
  /** Spans lost because they could not be sent or were refused. */
  readonly failed: number;
  /** Spans lost because the queue was full, or because they ended after it was closed. */
  readonly dropped: number;
  /** Spans that wait. */
  readonly queued: number;
}

/**
 * Collects spans and sends them together: as soon as a batch is full, and else after a while. The
 * figures are OpenTelemetry's defaults. Code that ends a span neither waits nor sees an error, and a
 * receiver that is down costs spans, not memory.
 */
export class BatchProcessor implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #options: Required<BatchProcessorOptions>;
  #queue: SpanData[] = [];
  /** Spans at the head of the queue that are to be sent without waiting for more. */
  #due = 0;
  #timer: Timer | undefined;
  #sending: Promise<void> | undefined;
  #cancel: AbortController | undefined;
  #closing: Promise<void> | undefined;
  #exported = 0;
  #failed = 0;
  #dropped = 0;
  #lastError = "";

  /**
   * Makes an empty one, which owns `exporter` from then on.
   *
   * @throws {RangeError} If an option is out of its range.
   */
  constructor(exporter: SpanExporter, options: BatchProcessorOptions = {}) {
    this.#exporter = exporter;
    this.#options = checked(options);
  }

  /** What became of the spans so far. */
  get stats(): ExportStats {
    return {
      exported: this.#exported,
      failed: this.#failed,
      dropped: this.#dropped,
      queued: this.#queue.length,
    };
  }

  /** Queues a span, or drops it if there is no room. */
  onEnd(span: SpanData): void {
    const { maxQueueSize, maxBatchSize, delayMs, clock } = this.#options;
    if (this.#closing || this.#queue.length >= maxQueueSize) {
      this.#dropped++;
      return;
    }
    this.#queue.push(span);
    if (this.#queue.length >= maxBatchSize) this.#send(maxBatchSize);
    else if (!this.#sending) this.#timer ??= clock.setTimer(() => this.#sendAll(), delayMs);
  }

  /** Sends what waits now. Resolves when that is done, or given up after `flushTimeoutMs`. */
  async flush(): Promise<void> {
    const { clock, flushTimeoutMs } = this.#options;
    this.#sendAll();
    // The wait holds the process: nothing else would, between two tries of an export.
    using _timer = clock.setTimer(() => this.#giveUp(), flushTimeoutMs, { keepAlive: true });
    await this.#sending;
  }

  /** Sends what waits and closes the exporter. Spans that end later are dropped. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.flush();
    this.#timer?.cancel();
    try {
      await this.#exporter.close?.();
    } catch (error) {
      this.#report(error);
    }
  }

  #giveUp(): void {
    this.#failed += this.#queue.length;
    this.#queue = [];
    this.#cancel?.abort(new DOMException("Cannot export spans in time", "TimeoutError"));
  }

  #sendAll(): void {
    this.#send(this.#queue.length);
  }

  #send(count: number): void {
    this.#due = Math.max(this.#due, count);
    if (this.#due > 0) this.#sending ??= this.#drain();
  }

  async #drain(): Promise<void> {
    const { maxBatchSize, clock, delayMs } = this.#options;
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.resolve(); // Encoding a batch is not the business of who ended the last span of it.
    // What became a full batch in the meantime goes along.
    while (this.#queue.length >= (this.#due > 0 ? 1 : maxBatchSize)) {
      const batch = this.#queue.splice(0, maxBatchSize);
      this.#due -= batch.length;
      await this.#export(batch);
    }
    this.#due = 0;
    this.#sending = undefined;
    if (this.#queue.length > 0) this.#timer = clock.setTimer(() => this.#sendAll(), delayMs);
  }

  async #export(batch: readonly SpanData[]): Promise<void> {
    const { clock, exportTimeoutMs } = this.#options;
    const cancel = this.#cancel = new AbortController();
    const reason = new DOMException("Cannot export spans in time", "TimeoutError");
    using _timer = clock.setTimer(() => cancel.abort(reason), exportTimeoutMs);
    try {
      const refused = await orAborted(this.#exporter.export(batch, cancel.signal), cancel.signal);
      this.#failed += refused ?? 0;
      this.#exported += batch.length - (refused ?? 0);
      this.#lastError = "";
    } catch (error) {
      this.#failed += batch.length;
      this.#report(error);
    } finally {
      this.#cancel = undefined;
    }
  }

  #report(error: unknown): void {
    const message = `[otel] error: ${reasonOf(error)}`;
    // A receiver that is down fails every batch; saying so once is enough.
    if (message !== this.#lastError) this.#options.onError(message);
    this.#lastError = message;
  }
}

/** An exporter that does not heed its signal must not hold up the spans behind it. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function checked(options: BatchProcessorOptions): Required<BatchProcessorOptions> {
  const { maxQueueSize = 2048, maxBatchSize = Math.min(512, maxQueueSize) } = options;
  const { delayMs = 5000, exportTimeoutMs = 30_000, flushTimeoutMs = 4000 } = options;
  const { onError = (message) => consoleLogger.error(message), clock = systemClock } = options;
  if (!(Number.isInteger(maxQueueSize) && maxQueueSize >= 1)) {
    throw new RangeError(
      `Cannot make batch processor: need an integer maxQueueSize >= 1, got ${maxQueueSize}`,
    );
  }
  if (!(Number.isInteger(maxBatchSize) && maxBatchSize >= 1 && maxBatchSize <= maxQueueSize)) {
    throw new RangeError(
      `Cannot make batch processor: need an integer maxBatchSize within 1 to ${maxQueueSize}, ` +
        `got ${maxBatchSize}`,
    );
  }
  for (const [name, value] of Object.entries({ delayMs, exportTimeoutMs, flushTimeoutMs })) {
    if (value > 0) continue;
    throw new RangeError(`Cannot make batch processor: need ${name} > 0, got ${value}`);
  }
  return { maxQueueSize, maxBatchSize, delayMs, exportTimeoutMs, flushTimeoutMs, onError, clock };
}
