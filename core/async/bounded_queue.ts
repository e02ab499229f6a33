import { requireInteger } from "./argument.ts";
import { type Link, LinkedList } from "./_linked_list.ts";
import { Waiters } from "./_waiters.ts";
import { BusyError, ClosedError } from "./errors.ts";
import type { WaitOptions } from "./mutex.ts";

/**
 * What a full {@link BoundedQueue} does with one item more: `wait` makes the producer wait, `reject`
 * throws `BusyError`, `drop_newest` drops the item that came, `drop_oldest` the one that waits longest.
 */
export type OverflowPolicy = "wait" | "reject" | "drop_newest" | "drop_oldest";

/** Options for {@link BoundedQueue}. */
export interface BoundedQueueOptions<T> {
  /** Items that wait at most, an integer >= 0. With 0 an item goes from hand to hand. @default {16} */
  capacity?: number | undefined;
  /** What happens when it is full. @default {"wait"} */
  overflow?: OverflowPolicy | undefined;
  /** Told of items that were dropped. */
  onDrop?: ((item: T) => void) | undefined;
}

const POLICIES: readonly string[] = ["wait", "reject", "drop_newest", "drop_oldest"];
const CLOSED = Symbol("closed");

/** A producer that waits for room. */
interface Blocked<T> {
  readonly item: T;
  resolve(accepted: boolean): void;
  reject(reason: unknown): void;
}

/**
 * A FIFO between producers and consumers that holds only so much. Several consumers share the items:
 * each item goes to one. A consumer that leaves its loop leaves the queue open for the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const queue = new BoundedQueue<number>({ capacity: 2 });
 * await queue.push(1);
 * await queue.push(2);
 * assertEquals(queue.tryPush(3), false);
 * queue.close();
 * assertEquals(await Array.fromAsync(queue), [1, 2]);
 * ```
 */
export class BoundedQueue<T> implements AsyncIterable<T>, Disposable {
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  readonly #onDrop: ((item: T) => void) | undefined;
  readonly #items = new LinkedList<T>();
  readonly #producers = new LinkedList<Blocked<T>>();
  readonly #consumers = new Waiters<{ item: T } | typeof CLOSED>();
  #closed = false;

  /** Makes an empty queue. @throws {RangeError} If an option is out of its range. */
  constructor(options: BoundedQueueOptions<T> = {}) {
    const { capacity = 16, overflow = "wait" } = options;
    requireInteger("make queue", { capacity }, 0, true);
    if (!POLICIES.includes(overflow)) {
      throw new RangeError(`Cannot make queue: need overflow as ${POLICIES}, got "${overflow}"`);
    }
    this.#capacity = capacity;
    this.#overflow = overflow;
    this.#onDrop = options.onDrop;
  }

  /** Items that wait; those of producers that are held back not counted. */
  get size(): number {
    return this.#items.size;
  }

  /** Whether it takes no more items. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Adds an item, waiting for room where the policy says so. Waiting producers are served in order.
   *
   * @returns Whether the item was taken; false if it was dropped.
   * @throws {ClosedError} If the queue is closed, or is closed while this waits.
   * @throws {BusyError} If it is full and the policy is `reject`.
   * @throws The reason of `signal` once aborted; the item is not in the queue then.
   */
  async push(item: T, options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new ClosedError("push to queue", "queue");
    if (this.tryPush(item)) return true;
    switch (this.#overflow) {
      case "wait":
        return await this.#block(item, options.signal);
      case "reject":
        throw new BusyError("push to queue", this.#capacity, "waiting");
      case "drop_newest":
        this.#onDrop?.(item);
        return false;
      case "drop_oldest":
        return this.#replaceOldest(item);
    }
  }

  /** Adds an item if there is room; never waits, never drops. False if full or closed. */
  tryPush(item: T): boolean {
    if (this.#closed) return false;
    if (this.#consumers.resolveFirst({ item })) return true;
    if (this.#items.size >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /**
   * Takes the oldest item, waiting for one.
   *
   * @throws {ClosedError} If the queue is closed and empty.
   * @throws The reason of `signal` once aborted.
   */
  async pop(options: WaitOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    const result = await this.#take(options.signal);
    if (result === CLOSED) throw new ClosedError("pop from queue", "queue");
    return result.item;
  }

  /** Takes the oldest item; `undefined` if there is none. Never waits. */
  tryPop(): T | undefined {
    return this.#takeNow()?.item;
  }

  /** Takes no more items. Waiting producers are turned away; consumers get what is in the queue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new ClosedError("push to queue", "queue");
    for (let it = this.#producers.shift(); it; it = this.#producers.shift()) it.value.reject(error);
    this.#consumers.resolveAll(CLOSED);
  }

  /** Closes the queue and drops what is in it. */
  [Symbol.dispose](): void {
    this.close();
    for (let it = this.#items.shift(); it; it = this.#items.shift()) this.#onDrop?.(it.value);
  }

  /** Takes items until the queue is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (let it = await this.#take(); it !== CLOSED; it = await this.#take()) yield it.item;
  }

  #take(signal?: AbortSignal): Promise<{ item: T } | typeof CLOSED> {
    const taken = this.#takeNow() ?? (this.#closed ? CLOSED : undefined);
    return taken ? Promise.resolve(taken) : this.#consumers.wait(signal);
  }

  #takeNow(): { item: T } | undefined {
    const oldest = this.#items.shift();
    const producer = this.#producers.shift();
    producer?.value.resolve(true);
    if (!oldest) return producer && { item: producer.value.item };
    if (producer) this.#items.push(producer.value.item);
    return { item: oldest.value };
  }

  #replaceOldest(item: T): boolean {
    const oldest = this.#items.shift();
    if (oldest) this.#items.push(item); // With no capacity there is none, and the new one goes.
    this.#onDrop?.(oldest ? oldest.value : item);
    return oldest !== undefined;
  }

  #block(item: T, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#producers.remove(link);
        reject(signal!.reason);
      };
      const settled = () => signal?.removeEventListener("abort", onAbort);
      const link: Link<Blocked<T>> = this.#producers.push({
        item,
        resolve: (accepted) => (settled(), resolve(accepted)),
        reject: (reason) => (settled(), reject(reason)),
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
