/**
 * The instant by which work must be done.
 *
 * @module
 */

import type { DeadlineWheel } from "../async/deadline_wheel.ts";
import { DeadlineExceededError } from "./errors.ts";
import { sharedDeadlines } from "./shared_deadlines.ts";
import { watch, type Watched } from "./_watch.ts";

/** Options for {@link Deadline}. */
export interface DeadlineOptions {
  /** A deadline that this one may not outlive. Its signals end this one as well. */
  parent?: Deadline | undefined;
  /** Ends the work early when aborted. */
  signal?: AbortSignal | undefined;
  /** Where time is kept; a deadline with a parent uses the parent's. @default {sharedDeadlines} */
  deadlines?: DeadlineWheel | undefined;
}

const NO_SIGNALS: readonly AbortSignal[] = [];

/**
 * An instant, in monotonic time, by which work must be done. It costs two words until someone waits for it:
 * timer and `AbortSignal` are made when first asked for.
 *
 * Whatever waits for it ends up to one tick of its wheel late, 10 ms unless told otherwise, never early.
 *
 * @example Pass what is left of the time to each step
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * using deadline = new Deadline(300);
 * assert(deadline.remainingMs <= 300 && !deadline.expired);
 * using step = deadline.child(60_000);
 * assertEquals(step.atMs, deadline.atMs);
 * // Such as: await step.run(({ signal }) => fetch(url, { signal }));
 * ```
 */
export class Deadline implements Disposable {
  /** The instant, in ms of the monotonic time of its wheel. `Infinity` if there is none. */
  readonly atMs: number;
  readonly #timeoutMs: number;
  readonly #watched: Watched;
  #controller: AbortController | undefined;
  #watch: Disposable | undefined;
  #ended: { reason: unknown; error: unknown } | undefined;

  /**
   * Makes a deadline `timeoutMs` from now, or at that of its parent if that comes first.
   *
   * @param timeoutMs Time from now in ms, >= 0. `Infinity` sets no time, but signals and parent count.
   * @throws {RangeError} If `timeoutMs` is not >= 0.
   */
  constructor(timeoutMs: number, options: DeadlineOptions = {}) {
    const { parent, signal } = options;
    if (!(timeoutMs >= 0)) {
      throw new RangeError(`Cannot set deadline: need timeoutMs >= 0, got ${timeoutMs}`);
    }
    // Instants of two clocks cannot be compared.
    const deadlines = parent ? parent.#watched.deadlines : options.deadlines ?? sharedDeadlines;
    const ownMs = timeoutMs === Infinity ? Infinity : deadlines.now() + timeoutMs;
    const inherits = parent !== undefined && parent.atMs < ownMs;
    this.atMs = inherits ? parent.atMs : ownMs;
    this.#timeoutMs = inherits ? parent.#timeoutMs : timeoutMs;
    const inherited = parent ? parent.#watched.sources : NO_SIGNALS;
    const sources = signal ? [...inherited, signal] : inherited;
    this.#watched = { deadlines, atMs: this.atMs, sources };
  }

  /**
   * As {@link run} of a new deadline, which is disposed when `fn` is done. `withTimeout` is this within the
   * current deadline.
   *
   * @throws {RangeError} If `timeoutMs` is not >= 0.
   */
  static run<T>(
    fn: (deadline: Deadline) => T | PromiseLike<T>,
    timeoutMs: number,
    options: DeadlineOptions = {},
  ): Promise<T> {
    const deadline = new Deadline(timeoutMs, options);
    const { parent } = options;
    // A time that has just been set cannot be up, and to look at the clock is half of the cost.
    const fresh = timeoutMs > 0 && deadline.#watched.sources.length === 0 &&
      (!parent || parent.atMs > deadline.atMs);
    const early = fresh ? undefined : deadline.#endNow();
    return early ? Promise.reject(early.error) : deadline.#race(fn, true);
  }

  /** Milliseconds left, never below 0. `Infinity` if there is no end. */
  get remainingMs(): number {
    if (this.atMs === Infinity) return Infinity;
    return Math.max(0, this.atMs - this.#watched.deadlines.now());
  }

  /** Whether the time is up. A deadline that was cancelled is not thereby expired. */
  get expired(): boolean {
    return this.remainingMs === 0;
  }

  /** Whether nothing can end the work early: no time is set, and no signal. */
  get endless(): boolean {
    return this.atMs === Infinity && this.#watched.sources.length === 0;
  }

  /**
   * Aborted when time is up, with a `TimeoutError`, or when a signal of this deadline is, with its reason.
   * Made when first asked for.
   */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    this.#controller = new AbortController();
    const early = this.#ended ?? this.#endNow();
    if (early) this.#controller.abort(early.reason);
    else this.#watch = watch(this.#watched, (source) => this.#end(source));
    return this.#controller.signal;
  }

  /** A deadline `timeoutMs` from now that does not outlive this one. */
  child(timeoutMs: number, options: Omit<DeadlineOptions, "parent"> = {}): Deadline {
    return new Deadline(timeoutMs, { ...options, parent: this });
  }

  /**
   * Throws if work should not go on.
   *
   * @throws {DeadlineExceededError} If the time is up. The reason of a signal that is aborted, if one is.
   */
  throwIfEnded(): void {
    const ended = this.#ended ?? this.#endNow();
    if (ended) throw ended.error;
  }

  /**
   * Runs `fn`, but no longer than this deadline: `signal` is aborted then, and the answer rejects though
   * `fn` may go on. What `fn` settles to later is dropped. If the time is up already `fn` is not called.
   *
   * Rejects with {@link DeadlineExceededError} in time, with a signal's reason once aborted, else as `fn`
   * does.
   */
  run<T>(fn: (deadline: Deadline) => T | PromiseLike<T>): Promise<T> {
    const early = this.#ended ?? this.#endNow();
    return early ? Promise.reject(early.error) : this.#race(fn, false);
  }

  /** Lets go of the timer and of all listeners. A signal that was made is not aborted any more. */
  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
  }

  /** Settles as `fn` does or with the end of this deadline, which is disposed then if it is `owned`. */
  #race<T>(fn: (deadline: Deadline) => T | PromiseLike<T>, owned: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      // Set before the call, so that what `fn` sets up for the same instant comes after it.
      const watching = watch(this.#watched, (source) => reject(this.#end(source).error));
      const fail = (thrown: unknown) => {
        this.#letGo(watching, owned);
        reject(thrown);
      };
      try {
        Promise.resolve(fn(this)).then((value) => {
          this.#letGo(watching, owned);
          resolve(value);
        }, fail);
      } catch (thrown) {
        fail(thrown);
      }
    });
  }

  #letGo(watching: Disposable | undefined, owned: boolean): void {
    watching?.[Symbol.dispose]();
    if (owned) this[Symbol.dispose]();
  }

  /** How this deadline has ended by now without anyone watching, if it has. */
  #endNow(): { reason: unknown; error: unknown } | undefined {
    const source = this.#watched.sources.find((source) => source.aborted);
    return source || this.expired ? this.#end(source) : undefined;
  }

  #end(source: AbortSignal | undefined): { reason: unknown; error: unknown } {
    if (this.#ended) return this.#ended;
    this.#ended = source ? { reason: source.reason, error: source.reason } : this.#timeUp();
    this.#watch?.[Symbol.dispose]();
    this.#controller?.abort(this.#ended.reason);
    return this.#ended;
  }

  #timeUp(): { reason: unknown; error: unknown } {
    const message = `Cannot finish call: the time of ${this.#timeoutMs} ms is up`;
    // What the platform's own `AbortSignal.timeout` gives, so that libraries know it.
    const reason = new DOMException(message, "TimeoutError");
    return { reason, error: new DeadlineExceededError(message, { cause: reason }) };
  }
}
