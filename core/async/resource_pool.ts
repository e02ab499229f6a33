import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { abortable } from "./_abortable.ts";
import { requireInteger, requireSpan } from "./argument.ts";
import { IdleStack, type Member } from "./_idle_stack.ts";
import { Waiters } from "./_waiters.ts";
import { ClosedError } from "./errors.ts";
import type { WaitOptions } from "./mutex.ts";
import { reportPanic } from "./panic.ts";

/** Options for {@link ResourcePool}. */
export interface ResourcePoolOptions<T> {
  /** Resources at once, those in use included: an integer >= 1. */
  size: number;
  /** Makes a resource. */
  create(): T | PromiseLike<T>;
  /** Ends a resource. What it throws is reported. @default {does nothing} */
  destroy?: ((resource: T) => unknown) | undefined;
  /** A resource idle for longer is destroyed, in ms, >= 0. @default {Infinity} */
  maxIdleMs?: number | undefined;
  /** A resource older than this is destroyed when it is next idle, in ms, >= 0. @default {Infinity} */
  maxAgeMs?: number | undefined;
  /** Told of resources that could not be destroyed. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** A resource taken from a {@link ResourcePool}. */
export interface PoolLease<T> extends Disposable {
  /** The resource. */
  readonly value: T;
  /** Gives it back; the same as disposing. The second time does nothing. */
  release(): void;
  /** Gives it up, for it is broken: it is destroyed, and another may be made. */
  destroy(): void;
}

/**
 * Resources that are costly to make and can be used by one at a time. The one last used is taken first,
 * so those not needed grow old; who finds none waits, in the order of asking.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let opened = 0;
 * await using pool = new ResourcePool({ size: 2, create: () => ({ id: ++opened }) });
 * for (let i = 0; i < 100; i++) {
 *   using connection = await pool.acquire();
 *   assertEquals(connection.value.id, 1);
 * }
 * ```
 */
export class ResourcePool<T> implements AsyncDisposable {
  readonly #options: ResourcePoolOptions<T>;
  readonly #clock: Clock;
  readonly #idle: IdleStack<T>;
  /** A waiter gets a resource, or leave to make one. */
  readonly #waiters = new Waiters<Member<T> | undefined>();
  readonly #destroying = new Set<Promise<void>>();
  #size = 0;
  #closed = false;

  /** Makes an empty pool. @throws {RangeError} If an option is out of its range. */
  constructor(options: ResourcePoolOptions<T>) {
    const { size, maxIdleMs = Infinity, maxAgeMs = Infinity, clock = systemClock } = options;
    requireInteger("make pool", { size }, 1);
    requireSpan("make pool", { maxIdleMs, maxAgeMs });
    this.#options = options;
    this.#clock = clock;
    const onExpire = (member: Member<T>) => this.#drop(member);
    this.#idle = new IdleStack({ maxIdleMs, maxAgeMs, clock, onExpire });
  }

  /** Resources there are, those in use and those being made included. */
  get size(): number {
    return this.#size;
  }

  /** Resources that nobody uses. */
  get idle(): number {
    return this.#idle.size;
  }

  /** Callers that wait. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /**
   * Takes a resource, making one if there is room. Release the answer, best with `using`.
   *
   * @throws What `create` threw; the room is free again.
   * @throws {ClosedError} If the pool is disposed.
   * @throws The reason of `signal` once aborted. A resource being made goes to the next who asks.
   */
  async acquire(options: WaitOptions = {}): Promise<PoolLease<T>> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new ClosedError("acquire resource", "pool");
    const idle = this.#idle.pop();
    if (idle) return this.#lease(idle);
    if (this.#size < this.#options.size) {
      this.#size++;
    } else {
      const handed = await this.#waiters.wait(options.signal);
      if (handed) return this.#lease(handed);
    }
    const made = await this.#create(options.signal);
    if (!this.#closed) return this.#lease(made);
    this.#drop(made);
    throw new ClosedError("acquire resource", "pool");
  }

  /** Runs `fn` with a resource. Throws what `fn` throws; the resource is given back all the same. */
  async use<R>(fn: (resource: T) => R | PromiseLike<R>, options: WaitOptions = {}): Promise<R> {
    using lease = await this.acquire(options);
    return await fn(lease.value);
  }

  /**
   * Turns waiters away and destroys idle resources; resolves when they are destroyed. Those in use are
   * destroyed when they are given back.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#waiters.rejectAll(new ClosedError("acquire resource", "pool"));
    for (let it = this.#idle.pop(); it; it = this.#idle.pop()) this.#drop(it);
    await Promise.all(this.#destroying);
  }

  async #create(signal: AbortSignal | undefined): Promise<Member<T>> {
    const creating = this.#make();
    try {
      return await abortable(creating, signal);
    } catch (error) {
      // Given up while it was being made: whoever comes next gets it.
      if (signal?.aborted) creating.then((member) => this.#giveBack(member), () => {});
      throw error;
    }
  }

  async #make(): Promise<Member<T>> {
    try {
      const value = await this.#options.create();
      const now = this.#clock.now();
      return { value, createdMs: now, usedMs: now };
    } catch (error) {
      this.#freeRoom();
      throw error;
    }
  }

  #lease(member: Member<T>): PoolLease<T> {
    let held = true;
    const end = (settle: () => void) => {
      if (!held) return;
      held = false;
      settle();
    };
    const release = () => end(() => this.#giveBack(member));
    const destroy = () => end(() => this.#drop(member));
    return { value: member.value, release, destroy, [Symbol.dispose]: release };
  }

  #giveBack(member: Member<T>): void {
    member.usedMs = this.#clock.now();
    if (this.#closed || this.#idle.isExpired(member)) this.#drop(member);
    else if (!this.#waiters.resolveFirst(member)) this.#idle.push(member);
  }

  #drop(member: Member<T>): void {
    this.#freeRoom();
    const destroying: Promise<void> = this.#destroy(member.value)
      .then(() => void this.#destroying.delete(destroying));
    this.#destroying.add(destroying);
  }

  /** Whoever waits may make a resource in the room that has become free. */
  #freeRoom(): void {
    if (!this.#waiters.resolveFirst(undefined)) this.#size--;
  }

  async #destroy(resource: T): Promise<void> {
    try {
      await this.#options.destroy?.(resource);
    } catch (error) {
      reportPanic({ task: "destruction of a pooled resource", error }, this.#options.logger);
    }
  }
}
