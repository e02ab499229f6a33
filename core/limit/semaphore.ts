/**
 * A bound on how many things happen at once.
 *
 * @module
 */

import type { DeadlineWheel } from "../async/deadline_wheel.ts";
import type { Timer } from "../clock.ts";
import { DeadlineExceededError } from "../timeout/errors.ts";
import { sharedDeadlines } from "../timeout/shared_deadlines.ts";
import { QueueFullError } from "./errors.ts";

/** Options for {@link Semaphore}. */
export interface SemaphoreOptions {
  /** How many callers may wait, an integer >= 0; one more is refused at once. @default {Infinity} */
  maxWaiting?: number | undefined;
  /** Measures `timeoutMs`. @default {sharedDeadlines} */
  deadlines?: DeadlineWheel | undefined;
}

/** Options for {@link Semaphore.acquire}. */
export interface AcquireOptions {
  /** How much of the capacity to take, an integer from 1 to the capacity. @default {1} */
  weight?: number | undefined;
  /** Ends the wait, rejecting with its reason. */
  signal?: AbortSignal | undefined;
  /** Longest wait in ms, > 0. @default {Infinity} */
  timeoutMs?: number | undefined;
}

/** A share of a {@link Semaphore}, held until released. */
export interface Permit extends Disposable {
  /** Gives the share back. Does nothing the second time. The same as disposing. */
  release(): void;
}

class HeldPermit implements Permit {
  #giveBack: ((weight: number) => void) | undefined;
  readonly #weight: number;

  constructor(giveBack: (weight: number) => void, weight: number) {
    this.#giveBack = giveBack;
    this.#weight = weight;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined; // First, so that a permit gives back once whatever happens below.
    giveBack?.(this.#weight);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** A caller in the queue, a node of a doubly linked list: one that gives up leaves at no cost. */
class Waiter {
  previous: Waiter | undefined;
  next: Waiter | undefined;
  timer: Timer | undefined;
  signal: AbortSignal | undefined;
  onAbort: (() => void) | undefined;

  constructor(readonly weight: number, readonly grant: (permit: Permit) => void) {}

  /** Lets go of what could end the wait. */
  settle(): void {
    this.timer?.cancel();
    if (this.onAbort) this.signal?.removeEventListener("abort", this.onAbort);
  }
}

/**
 * Lets at most `capacity` shares be held at once. Who has to wait is served in the order of asking:
 * nobody overtakes, so a heavy request is not starved by light ones, and {@link tryAcquire} answers
 * `undefined` while others wait.
 *
 * @example At most two at a time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const semaphore = new Semaphore(2);
 * {
 *   using _first = await semaphore.acquire();
 *   using _second = await semaphore.acquire();
 *   assertEquals(semaphore.tryAcquire(), undefined);
 * }
 * assertEquals(semaphore.available, 2);
 * ```
 */
export class Semaphore {
  /** How much can be held at once. */
  readonly capacity: number;
  readonly #maxWaiting: number;
  readonly #deadlines: DeadlineWheel;
  readonly #giveBack: (weight: number) => void;
  #available: number;
  #waiting = 0;
  #first: Waiter | undefined;
  #last: Waiter | undefined;

  /**
   * Makes a semaphore of which nothing is held.
   *
   * @throws {RangeError} If `capacity` is not an integer >= 1, or `maxWaiting` no integer >= 0.
   */
  constructor(capacity: number, options: SemaphoreOptions = {}) {
    const { maxWaiting = Infinity, deadlines = sharedDeadlines } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`Cannot make semaphore: need an integer capacity >= 1, got ${capacity}`);
    }
    if (!(maxWaiting === Infinity || (Number.isInteger(maxWaiting) && maxWaiting >= 0))) {
      throw new RangeError(
        `Cannot make semaphore: need an integer maxWaiting >= 0, got ${maxWaiting}`,
      );
    }
    this.capacity = capacity;
    this.#available = capacity;
    this.#maxWaiting = maxWaiting;
    this.#deadlines = deadlines;
    // One closure for all permits, so that a permit is two words.
    this.#giveBack = (weight) => {
      this.#available += weight;
      if (this.#first) this.#grantWaiting();
    };
  }

  /** How much could be held right now. */
  get available(): number {
    return this.#available;
  }

  /** Number of callers that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a share if that needs no waiting.
   *
   * @param weight How much to take, an integer from 1 to the capacity.
   * @throws {RangeError} If `weight` is out of range.
   */
  tryAcquire(weight = 1): Permit | undefined {
    this.#checkWeight(weight);
    if (this.#first || this.#available < weight) return undefined;
    return this.#take(weight);
  }

  /**
   * Takes a share, waiting for it in the order of asking. Release it, best with `using`.
   *
   * Rejects with `signal.reason` once aborted, with {@link DeadlineExceededError} after `timeoutMs`, with
   * {@link QueueFullError} if `maxWaiting` others wait, with `RangeError` if an option is out of range.
   */
  acquire(options: AcquireOptions = {}): Promise<Permit> {
    try {
      return this.#acquire(options);
    } catch (error) {
      return Promise.reject(error); // Not an async function: that would be one more promise a call.
    }
  }

  #acquire({ weight = 1, signal, timeoutMs = Infinity }: AcquireOptions): Promise<Permit> {
    this.#checkWeight(weight);
    if (!(timeoutMs > 0)) {
      throw new RangeError(`Cannot acquire permit: need timeoutMs > 0, got ${timeoutMs}`);
    }
    signal?.throwIfAborted();
    if (!this.#first && this.#available >= weight) return Promise.resolve(this.#take(weight));
    if (this.#waiting >= this.#maxWaiting) throw new QueueFullError(this.#maxWaiting);
    return new Promise((resolve, reject) => {
      const waiter = new Waiter(weight, resolve);
      if (signal || timeoutMs !== Infinity) this.#limitWait(waiter, reject, signal, timeoutMs);
      this.#append(waiter);
    });
  }

  #checkWeight(weight: number): void {
    if (Number.isInteger(weight) && weight >= 1 && weight <= this.capacity) return;
    throw new RangeError(
      `Cannot acquire permit: need an integer weight from 1 to ${this.capacity}, got ${weight}`,
    );
  }

  #take(weight: number): Permit {
    this.#available -= weight;
    return new HeldPermit(this.#giveBack, weight);
  }

  /** Ends the wait of `waiter` by signal or time. */
  #limitWait(
    waiter: Waiter,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
    timeoutMs: number,
  ): void {
    const giveUp = (reason: unknown) => {
      this.#remove(waiter);
      // Who stood behind a heavy waiter may fit now that it is gone.
      this.#grantWaiting();
      reject(reason);
    };
    if (signal) {
      waiter.signal = signal;
      waiter.onAbort = () => giveUp(signal.reason);
      signal.addEventListener("abort", waiter.onAbort, { once: true });
    }
    if (timeoutMs === Infinity) return;
    waiter.timer = this.#deadlines.schedule(timeoutMs, () => {
      const message = `Cannot acquire permit: none came free in ${timeoutMs} ms`;
      giveUp(new DeadlineExceededError(message));
    });
  }

  #grantWaiting(): void {
    for (let waiter = this.#first; waiter; waiter = this.#first) {
      if (waiter.weight > this.#available) return;
      this.#remove(waiter);
      waiter.grant(this.#take(waiter.weight));
    }
  }

  #append(waiter: Waiter): void {
    waiter.previous = this.#last;
    if (this.#last) this.#last.next = waiter;
    else this.#first = waiter;
    this.#last = waiter;
    this.#waiting++;
  }

  #remove(waiter: Waiter): void {
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#last = waiter.previous;
    this.#waiting--;
    waiter.settle();
  }
}
