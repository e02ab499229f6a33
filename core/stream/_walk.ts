import { Pipe } from "../async/pipe.ts";
import type { Cursor, Receiver } from "../async/source.ts";
import { WorkerPump } from "../async/worker_pump.ts";
import type { Emit, WalkContext } from "./options.ts";

type Walk<I, O> = (item: I, emit: Emit<O>, context: WalkContext) => unknown;

/** How a {@link WalkCursor} works. */
export interface WalkSetup<I, O> {
  workers: number;
  /** Items that wait for the consumer before workers are held back. */
  capacity: number;
  ordered: boolean;
  onError: ((error: unknown, item: I) => void) | undefined;
  walk: Walk<I, O>;
}

/** Works on items concurrently. Begins with the first `next`. */
export class WalkCursor<I, O> implements Cursor<O>, WalkContext {
  readonly #upstream: Cursor<I>;
  readonly #setup: WalkSetup<I, O>;
  readonly #pipe: Pipe<O>;
  #pump: WorkerPump<I> | undefined;
  #controller: AbortController | undefined;
  #stopped: { reason: unknown } | undefined;
  /** Settles when the item before has been emitted; in order only. */
  #turn: Promise<void> = Promise.resolve();

  constructor(upstream: Cursor<I>, setup: WalkSetup<I, O>) {
    this.#upstream = upstream;
    this.#setup = setup;
    this.#pipe = new Pipe(setup.capacity);
  }

  /** Aborted when the stream is closed or has failed. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#stopped) this.#controller.abort(this.#stopped.reason);
    return this.#controller.signal;
  }

  next(): Promise<IteratorResult<O, undefined>> {
    if (!this.#pump && !this.#stopped) this.#start();
    return this.#pipe.next();
  }

  read(receiver: Receiver<O>): void {
    if (!this.#pump && !this.#stopped) this.#start();
    this.#pipe.read(receiver);
  }

  async return(): Promise<IteratorResult<O, undefined>> {
    this.#stop(new DOMException("Cannot go on: the stream is closed", "AbortError"));
    this.#pipe.discard();
    if (this.#pump) await this.#pump.stop();
    else await this.#upstream.return();
    return { done: true, value: undefined };
  }

  #start(): void {
    const { workers, ordered } = this.#setup;
    this.#pump = new WorkerPump(this.#upstream, {
      workers,
      work: ordered ? (item) => this.#workInOrder(item) : (item) => this.#work(item),
      onError: (error) => {
        this.#stop(error);
        this.#pipe.fail(error);
      },
    });
    this.#pump.start();
    this.#pump.finished.then(() => this.#pipe.end());
  }

  #stop(reason: unknown): void {
    this.#stopped ??= { reason };
    this.#controller?.abort(reason);
  }

  readonly #emit: Emit<O> = (item) => this.#stopped ? undefined : this.#pipe.write(item);

  #work(item: I): unknown {
    const { walk, onError } = this.#setup;
    if (!onError) return walk(item, this.#emit, this);
    return this.#forgive(item, onError, this.#emit);
  }

  async #workInOrder(item: I): Promise<void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    const items: O[] = [];
    const emit: Emit<O> = (it) => void items.push(it);
    const { walk, onError } = this.#setup;
    try {
      if (onError) await this.#forgive(item, onError, emit);
      else await walk(item, emit, this);
      await before;
      for (const it of items) await this.#emit(it);
    } catch (error) {
      // What came before this failure is emitted before it.
      await before;
      throw error;
    } finally {
      resolve();
    }
  }

  async #forgive(item: I, onError: (error: unknown, item: I) => void, emit: Emit<O>) {
    try {
      await this.#setup.walk(item, emit, this);
    } catch (error) {
      onError(error, item);
    }
  }
}
