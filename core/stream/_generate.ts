import { Pipe } from "../async/pipe.ts";
import type { Cursor, Receiver } from "../async/source.ts";
import type { Emit, WalkContext } from "./options.ts";

/** Runs a function that pushes items. It begins with the first `next`. */
export class GenerateCursor<T> implements Cursor<T> {
  readonly #generate: (emit: Emit<T>, context: WalkContext) => unknown;
  readonly #outer: AbortSignal | undefined;
  readonly #onAbort = () => this.#fail(this.#outer!.reason);
  readonly #pipe = new Pipe<T>(0);
  readonly #controller = new AbortController();
  #started = false;

  constructor(
    generate: (emit: Emit<T>, context: WalkContext) => unknown,
    signal: AbortSignal | undefined,
  ) {
    this.#generate = generate;
    this.#outer = signal;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#started) {
      this.#started = true;
      if (this.#outer?.aborted) this.#fail(this.#outer.reason);
      else void this.#run();
    }
    return this.#pipe.next();
  }

  read(receiver: Receiver<T>): void {
    this.next().then(receiver.resolve, receiver.reject);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#started = true;
    this.#outer?.removeEventListener("abort", this.#onAbort);
    this.#controller.abort(new DOMException("Cannot go on: the stream is closed", "AbortError"));
    this.#pipe.discard();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #run(): Promise<void> {
    this.#outer?.addEventListener("abort", this.#onAbort, { once: true });
    const { signal } = this.#controller;
    const emit: Emit<T> = (item) => signal.aborted ? undefined : this.#pipe.write(item);
    try {
      await this.#generate(emit, { signal });
      this.#pipe.end();
    } catch (error) {
      this.#pipe.fail(error);
    } finally {
      this.#outer?.removeEventListener("abort", this.#onAbort);
    }
  }

  #fail(reason: unknown): void {
    this.#controller.abort(reason);
    this.#pipe.fail(reason);
  }
}
