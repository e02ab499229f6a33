/**
 * The abort signal of one attempt.
 *
 * @module
 */

/**
 * One attempt's own signal, tied to that of the call for as long as the call decides. What remains of an answer
 * afterwards, a body that is read bit by bit, can be tied to another.
 */
export class Line {
  readonly #controller = new AbortController();
  readonly #live: Set<Line>;
  readonly #onAbort: (reason: unknown) => void;
  readonly #listener = () => this.abort(this.#source?.reason);
  #source: AbortSignal | undefined;
  #kept = false;
  #ended: { readonly reason: unknown } | undefined;

  /**
   * Makes one that is aborted when `source` is; `onAbort` is told before those who listen.
   *
   * @param live Holds it until it is let go of.
   */
  constructor(
    live: Set<Line>,
    source: AbortSignal | undefined,
    onAbort: (reason: unknown) => void,
  ) {
    this.#live = live;
    this.#onAbort = onAbort;
    live.add(this);
    this.#tie(source);
  }

  /** The signal, for the network. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it was aborted from outside, if it was. */
  get ended(): { readonly reason: unknown } | undefined {
    return this.#ended;
  }

  /** Ties it to another signal, past the end of the attempt and until {@link close}. */
  keep(source: AbortSignal | undefined): void {
    this.#untie();
    this.#kept = true;
    this.#tie(source);
  }

  /** Lets go of it at the end of the attempt, unless it is kept. */
  letGo(): void {
    if (this.#kept) return;
    this.#untie();
    this.#live.delete(this);
  }

  /** Lets go of it, and ends what is still going on unless all is `complete`. */
  close(complete: boolean): void {
    this.#kept = false;
    this.letGo();
    if (complete || this.#controller.signal.aborted) return;
    this.#controller.abort(new DOMException("The answer is not read any further", "AbortError"));
  }

  /** Ends what is going on. */
  abort(reason: unknown): void {
    this.#untie();
    this.#ended ??= { reason };
    this.#onAbort(reason);
    this.#controller.abort(reason);
  }

  #tie(source: AbortSignal | undefined): void {
    this.#source = source;
    if (source?.aborted) this.abort(source.reason);
    else source?.addEventListener("abort", this.#listener, { once: true });
  }

  #untie(): void {
    this.#source?.removeEventListener("abort", this.#listener);
    this.#source = undefined;
  }
}
