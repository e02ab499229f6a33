import { type Clock, systemClock, type Timer } from "../clock.ts";

/** Where a {@link LineBuffer} writes. */
export interface ByteTarget {
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Writes all of `bytes` before it returns, where the target can; for the last words of a process. */
  writeSync?(bytes: Uint8Array<ArrayBuffer>): void;
  /** Frees what the target holds. */
  close(): Promise<void>;
}

/** Options for {@link LineBuffer}. */
export interface LineBufferOptions {
  /** Longest time a line waits, in ms. 0 writes every line at once. @default {50} */
  flushMs?: number | undefined;
  /** Characters after which lines are written without waiting for the timer. @default {65536} */
  flushChars?: number | undefined;
  /** Characters kept while the target is slow; beyond that the oldest are dropped. @default {8388608} */
  maxChars?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** The line that says how many were dropped. */
  discardedLine: (count: number) => string;
  /** Told of a failed write. @default {does nothing} */
  onError?: ((error: unknown) => void) | undefined;
}

interface Chunk {
  text: string;
  lines: number;
}

/** A write under way for this long, in ms, is taken for one that will not end. */
const STUCK_MS = 1000;

// A process that dies of an uncaught error or rejection is not unloaded.
const EXITS = ["unload", "error", "unhandledrejection"] as const;

const encoder = new TextEncoder();

/**
 * Collects lines and writes them in few large pieces. It has a timer only while it holds lines, never
 * holds more than `maxChars`, never throws, and writes what it holds when the process exits.
 */
export class LineBuffer implements AsyncDisposable {
  readonly #target: ByteTarget;
  readonly #options: LineBufferOptions;
  readonly #flushMs: number;
  readonly #flushChars: number;
  readonly #maxChars: number;
  readonly #clock: Clock;
  /** Oldest first; lines are added to the last one. */
  #chunks: Chunk[] = [];
  #chars = 0;
  #discarded = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #urgent = false;
  #writingSince = 0;
  // Even in the midst of a write: a line out of place beats a line lost. But a reader that has taken
  // nothing for long would take nothing now, and the process could never exit.
  readonly #onExit = (): void => {
    if (!this.#writing || this.#clock.now() - this.#writingSince < STUCK_MS) this.#writeAllSync();
  };

  /** Makes a buffer before `target`, which it owns from then on. */
  constructor(target: ByteTarget, options: LineBufferOptions) {
    this.#target = target;
    this.#options = options;
    this.#flushMs = options.flushMs ?? 50;
    this.#flushChars = options.flushChars ?? 64 * 1024;
    this.#maxChars = options.maxChars ?? 8 * 1024 * 1024;
    this.#clock = options.clock ?? systemClock;
  }

  /** Lines dropped and not reported yet. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Takes a line, its `\n` included. `urgent` ones do not wait for company. */
  add(line: string, urgent = false): void {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.text.length >= this.#flushChars) {
      chunk = { text: "", lines: 0 };
      this.#chunks.push(chunk);
    }
    chunk.text += line;
    chunk.lines++;
    this.#chars += line.length;
    if (this.#chars > this.#maxChars) this.#dropOldest();
    if (urgent || this.#flushMs <= 0 || this.#closing) this.flushSync();
    else if (chunk.text.length >= this.#flushChars) this.#start();
    else if (!this.#timer && !this.#writing) this.#arm();
  }

  /** Resolves once all lines added before have been written. */
  async flush(): Promise<void> {
    await this.#writing; // May have begun before the newest lines came.
    await this.#start();
  }

  /** Writes all lines before it returns, where the target can and is not in the middle of a write. */
  flushSync(): void {
    if (this.#writing || !this.#target.writeSync) {
      this.#urgent = true;
      this.#start();
    } else {
      this.#disarm();
      this.#writeAllSync();
    }
  }

  /** Writes all lines, then closes the target. Lines added later are written at once, if at all. */
  close(): Promise<void> {
    return this.#closing ??= (async () => {
      await this.flush();
      await this.#target.close();
    })();
  }

  /** Same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): Promise<void> {
    this.#disarm();
    if (this.#writing) return this.#writing;
    if (this.#chunks.length === 0) return Promise.resolve();
    // The hook stays while a write is under way: an exit in its midst still gets the lines behind it.
    this.#watchExit();
    return this.#writing = this.#drain();
  }

  #writeAllSync(): void {
    this.#reportDiscarded();
    for (let left = this.#chunks.length; left > 0; left--) {
      const chunk = this.#take()!;
      try {
        this.#target.writeSync?.(encoder.encode(chunk.text));
      } catch (error) {
        this.#fail(chunk, error);
      }
    }
  }

  async #drain(): Promise<void> {
    this.#reportDiscarded();
    for (let left = this.#chunks.length; left > 0; left--) {
      const chunk = this.#take();
      if (!chunk) break; // Dropped meanwhile.
      this.#writingSince = this.#clock.now();
      try {
        await this.#target.write(encoder.encode(chunk.text));
      } catch (error) {
        this.#fail(chunk, error);
      }
    }
    const urgent = this.#urgent || this.#closing !== undefined;
    this.#urgent = false;
    this.#writing = undefined;
    this.#unwatchExit();
    // Lines that came meanwhile wait for company like any others, unless there is enough of them.
    if (urgent || this.#chars >= this.#flushChars) await this.#start();
    else if (this.#chunks.length > 0) this.#arm();
  }

  #take(): Chunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk) this.#chars -= chunk.text.length;
    return chunk;
  }

  #fail(chunk: Chunk, error: unknown): void {
    this.#discarded += chunk.lines;
    this.#options.onError?.(error);
  }

  #dropOldest(): void {
    // The chunk being filled stays: it holds the newest lines.
    while (this.#chars > this.#maxChars && this.#chunks.length > 1) {
      this.#discarded += this.#take()!.lines;
    }
  }

  #reportDiscarded(): void {
    if (this.#discarded === 0) return;
    const count = this.#discarded; // Carried by the line: if it is lost too, they still count.
    const line = this.#options.discardedLine(count);
    this.#discarded = 0;
    this.#chunks.unshift({ text: line, lines: count });
    this.#chars += line.length;
  }

  /** Only while there is something to lose, so that an idle buffer can be collected. */
  #watchExit(): void {
    for (const event of EXITS) globalThis.addEventListener(event, this.#onExit);
  }

  #unwatchExit(): void {
    for (const event of EXITS) globalThis.removeEventListener(event, this.#onExit);
  }

  #arm(): void {
    this.#watchExit();
    this.#timer = this.#clock.setTimer(() => this.#start(), this.#flushMs);
  }

  #disarm(): void {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#unwatchExit();
  }
}
