import { Pipe } from "../async/pipe.ts";
import type { Cursor, Receiver } from "../async/source.ts";
import { WorkerPump } from "../async/worker_pump.ts";

/** Reads several sources at once, each one item ahead at most. */
export class ConcatCursor<T> implements Cursor<T> {
  readonly #cursors: readonly Cursor<T>[];
  readonly #pipe = new Pipe<T>(0);
  #pumps: WorkerPump<T>[] | undefined;
  #closed = false;

  constructor(cursors: readonly Cursor<T>[]) {
    this.#cursors = cursors;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#pumps && !this.#closed) this.#start();
    return this.#pipe.next();
  }

  read(receiver: Receiver<T>): void {
    this.next().then(receiver.resolve, receiver.reject);
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#closed = true;
    this.#pipe.discard();
    await this.#stop();
    return { done: true, value: undefined };
  }

  #start(): void {
    const work = (item: T) => this.#pipe.write(item);
    const onError = (error: unknown) => {
      this.#pipe.fail(error);
      // The consumer hears of the first failure; those of closing the others come after it.
      this.#stop().catch(() => {});
    };
    this.#pumps = this.#cursors.map((it) => new WorkerPump(it, { workers: 1, work, onError }));
    for (const pump of this.#pumps) pump.start();
    Promise.all(this.#pumps.map((pump) => pump.finished)).then(() => this.#pipe.end());
  }

  async #stop(): Promise<void> {
    if (this.#pumps) await Promise.all(this.#pumps.map((pump) => pump.stop()));
    else await Promise.all(this.#cursors.map((cursor) => cursor.return()));
  }
}
