/**
 * Deadlines that cost next to nothing to set and to cancel.
 *
 * A server sets one deadline a request and cancels nearly all of them. `setTimeout` costs microseconds
 * for each; a hashed timing wheel costs a few pointer writes, and pays with precision: a deadline
 * fires up to one tick late, never early.
 *
 * @see Varghese and Lauck, Hashed and Hierarchical Timing Wheels, 1987, scheme 6.
 * @module
 */

import { type Clock, systemClock, type Timer } from "../clock.ts";

/** Options for {@link DeadlineWheel}. */
export interface DeadlineWheelOptions {
  /** Granularity in ms, > 0. A deadline fires at most this much late. @default {10} */
  tickMs?: number;
  /** Number of slots, an integer >= 1. More slots mean fewer long deadlines met each tick. @default {512} */
  slots?: number;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/** How many entries of a wheel are pending; shared by the wheel and its entries. */
interface Pending {
  count: number;
}

/** A pending deadline, a node in the ring of its slot. The head of a ring is an entry without work. */
class Entry implements Timer {
  previous: Entry;
  next: Entry;

  constructor(
    readonly pending: Pending,
    /** Tick at which the deadline falls due. */
    readonly dueTick: number,
    readonly onExpire: () => void,
  ) {
    this.previous = this;
    this.next = this;
  }

  insertBefore(node: Entry): void {
    this.previous = node.previous;
    this.next = node;
    node.previous.next = this;
    node.previous = this;
    this.pending.count++;
  }

  cancel(): void {
    if (this.next === this) return; // Fired or cancelled before.
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.previous = this;
    this.next = this;
    this.pending.count--;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/**
 * A set of deadlines that share one ticking timer. The timer starts with the first deadline and stops
 * after a tick that finds none left.
 *
 * @example Set and cancel a deadline
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeClock } from "../testing/fake_clock.ts";
 * const clock = new FakeClock();
 * using wheel = new DeadlineWheel({ clock });
 * const fired: string[] = [];
 * wheel.schedule(50, () => fired.push("late"));
 * wheel.schedule(20, () => fired.push("cancelled")).cancel();
 * await clock.advance(60);
 * assertEquals(fired, ["late"]);
 * ```
 */
export class DeadlineWheel implements Disposable {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #slots: Entry[];
  readonly #origin: number;
  readonly #pending: Pending = { count: 0 };
  #tick = 0;
  #timer: Timer | undefined;

  /** Makes an empty wheel; it holds no timer until a deadline is set. */
  constructor(options: DeadlineWheelOptions = {}) {
    const { tickMs = 10, slots = 512, clock = systemClock } = options;
    if (!(tickMs > 0)) {
      throw new RangeError(`Cannot make deadline wheel: need tickMs > 0, got ${tickMs}`);
    }
    if (!(Number.isInteger(slots) && slots >= 1)) {
      throw new RangeError(`Cannot make deadline wheel: need an integer slots >= 1, got ${slots}`);
    }
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#origin = clock.now();
    this.#slots = Array.from({ length: slots }, () => new Entry(this.#pending, 0, () => {}));
  }

  /** Number of deadlines that have neither fired nor been cancelled. */
  get size(): number {
    return this.#pending.count;
  }

  /** Monotonic time in ms by the clock of the wheel, so that instants can be set and compared. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Calls `onExpire` once, `delayMs` from now or up to one tick later, unless cancelled.
   *
   * @throws {RangeError} If `delayMs` is not finite.
   */
  schedule(delayMs: number, onExpire: () => void): Timer {
    if (!Number.isFinite(delayMs)) {
      throw new RangeError(`Cannot schedule deadline: need a finite delayMs, got ${delayMs}`);
    }
    return this.scheduleAt(this.#clock.now() + delayMs, onExpire);
  }

  /**
   * As {@link schedule}, for an instant by {@link now}. Reads no clock, which is most of the cost of the
   * other.
   *
   * @throws {RangeError} If `atMs` is not finite.
   */
  scheduleAt(atMs: number, onExpire: () => void): Timer {
    if (!Number.isFinite(atMs)) {
      throw new RangeError(`Cannot schedule deadline: need a finite atMs, got ${atMs}`);
    }
    if (!this.#timer) this.#start();
    const due = Math.max(this.#tick + 1, Math.ceil((atMs - this.#origin) / this.#tickMs));
    const entry = new Entry(this.#pending, due, onExpire);
    entry.insertBefore(this.#slots[due % this.#slots.length]!);
    return entry;
  }

  /** Cancels every deadline and stops the timer. The wheel can be used again afterwards. */
  [Symbol.dispose](): void {
    for (const head of this.#slots) {
      while (head.next !== head) head.next.cancel();
    }
    this.#stop();
  }

  #start(): void {
    this.#tick = Math.floor((this.#clock.now() - this.#origin) / this.#tickMs);
    this.#timer = this.#clock.setInterval(() => this.#advance(), this.#tickMs);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #advance(): void {
    // Stopping here, and not with the last cancel, spares a busy server a new timer for each request.
    if (this.#pending.count === 0) return this.#stop();
    const now = Math.floor((this.#clock.now() - this.#origin) / this.#tickMs);
    // After a stall of more than a full turn every slot needs one visit, not one for each tick.
    const last = Math.min(now, this.#tick + this.#slots.length);
    for (let tick = this.#tick + 1; tick <= last; tick++) {
      this.#expire(this.#slots[tick % this.#slots.length]!, now);
    }
    this.#tick = Math.max(this.#tick, now);
  }

  #expire(head: Entry, now: number): void {
    const due: Entry[] = [];
    for (let entry = head.next; entry !== head; entry = entry.next) {
      if (entry.dueTick <= now) due.push(entry);
    }
    for (const entry of due) {
      if (entry.next === entry) continue; // Cancelled by an earlier callback of this tick.
      entry.cancel();
      entry.onExpire();
    }
  }
}
