import { ClosedError } from "./errors.ts";
import { type FlightContext, SingleFlight } from "./single_flight.ts";
import type { WaitOptions } from "./mutex.ts";

/** Options for {@link ResourceManager}. */
export interface ResourceManagerOptions<R> {
  /** Closes a resource. */
  close(resource: R): unknown;
}

/**
 * Shares resources by key, as connections by address: made when first asked for, once for all who ask,
 * and closed together. A failure to make one is not kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const closed: string[] = [];
 * {
 *   await using connections = new ResourceManager<string, string>({ close: (it) => closed.push(it) });
 *   const connect = () => Promise.resolve("a connection");
 *   assertEquals(await connections.get("db", connect), "a connection");
 * }
 * assertEquals(closed, ["a connection"]);
 * ```
 */
export class ResourceManager<K, R> implements AsyncDisposable {
  readonly #close: (resource: R) => unknown;
  readonly #resources = new Map<K, R>();
  readonly #creating = new SingleFlight<K, R>();
  #closing: Promise<void> | undefined;

  /** Makes a manager without resources. */
  constructor(options: ResourceManagerOptions<R>) {
    this.#close = (resource) => options.close(resource);
  }

  /** Number of resources. */
  get size(): number {
    return this.#resources.size;
  }

  /**
   * The resource of `key`, made by `create` if there is none.
   *
   * @throws What `create` threw; the next call tries again.
   * @throws The reason of `signal` once aborted. The making is aborted when all callers have gone.
   * @throws {ClosedError} If the manager is closed. A resource that was being made is closed then.
   */
  async get(
    key: K,
    create: (context: FlightContext) => R | PromiseLike<R>,
    options: WaitOptions = {},
  ): Promise<R> {
    if (this.#closing) throw this.#closed();
    if (this.#resources.has(key)) return this.#resources.get(key)!;
    return await this.#creating.do(key, (context) => this.#create(key, create, context), options);
  }

  /** Puts a resource in place of what `key` has, which is not closed. @throws {ClosedError} If closed. */
  inject(key: K, resource: R): void {
    if (this.#closing) throw this.#closed();
    this.#resources.set(key, resource);
  }

  /**
   * Closes all resources. Those still being made are closed when they appear; nobody waits for them.
   *
   * @throws {AggregateError} If some could not be closed; all were tried.
   */
  close(): Promise<void> {
    return this.#closing ??= this.#closeAll();
  }

  /** The same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #create(
    key: K,
    create: (context: FlightContext) => R | PromiseLike<R>,
    context: FlightContext,
  ): Promise<R> {
    const resource = await create(context);
    if (this.#closing) {
      await this.#close(resource);
      throw this.#closed();
    }
    const injected = this.#resources.has(key);
    // What was injected meanwhile was put there on purpose.
    if (injected) await this.#close(resource);
    else this.#resources.set(key, resource);
    return this.#resources.get(key)!;
  }

  async #closeAll(): Promise<void> {
    const resources = [...this.#resources.values()];
    this.#resources.clear();
    const outcomes = await Promise.allSettled(resources.map(async (it) => await this.#close(it)));
    const errors = outcomes.flatMap((it) => it.status === "rejected" ? [it.reason] : []);
    if (errors.length === 0) return;
    throw new AggregateError(errors, `Cannot close resources: ${errors.length} failed`);
  }

  #closed(): ClosedError {
    return new ClosedError("get resource", "resource manager");
  }
}
