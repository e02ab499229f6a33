import { GenerationMap } from "./_generation_map.ts";

/** What the function of a {@link SingleFlight} call gets. */
export interface FlightContext {
  /**
   * Aborted once every caller has gone, with the reason of the last. Made when first asked for, so work
   * that does not need it does not pay for it.
   */
  readonly signal: AbortSignal;
}

/** Options for {@link SingleFlight.do}. */
export interface FlightOptions {
  /** Ends this caller's wait with its reason. Other callers, and the work, go on. */
  signal?: AbortSignal | undefined;
}

/** Answer of {@link SingleFlight.doShared}. */
export interface FlightResult<V> {
  /** What the work answered. */
  readonly value: V;
  /** False for the one caller whose function ran, true for all who joined it. */
  readonly shared: boolean;
}

class Flight<V> implements FlightContext {
  /** Unset only while the function runs its first synchronous part. */
  promise: Promise<V> | undefined;
  /** Callers that still wait. */
  waiting = 0;
  /** Whether later callers of the key join this. */
  listed = true;
  #controller: AbortController | undefined;
  #left: { reason: unknown } | undefined;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#left) this.#controller.abort(this.#left.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#left = { reason };
    this.#controller?.abort(reason);
  }
}

/**
 * Lets concurrent callers of one key share one piece of work, its value or its error alike. Nothing is
 * kept once the work has settled: the next call runs its own.
 *
 * A caller that gives up leaves the others alone; when all have given up the work's signal is aborted
 * and the key is free again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const flights = new SingleFlight<string, number>();
 * let loads = 0;
 * const load = () => Promise.resolve(++loads);
 * assertEquals(await Promise.all([flights.do("a", load), flights.do("a", load)]), [1, 1]);
 * ```
 */
export class SingleFlight<K, V> {
  readonly #flights = new GenerationMap<K, Flight<V>>();

  /** Number of keys with work in progress. */
  get size(): number {
    return this.#flights.size;
  }

  /**
   * Runs `fn`, or joins the run of an earlier caller of `key` that has not settled.
   *
   * @throws What the work threw, or the reason of `signal` once that is aborted.
   * @throws {TypeError} If `fn` asks for its own `key` before it first waits, which would wait forever.
   */
  do(
    key: K,
    fn: (context: FlightContext) => V | PromiseLike<V>,
    options?: FlightOptions,
  ): Promise<V> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    let flight = this.#flights.get(key);
    if (!flight) flight = this.#start(key, fn);
    const promise = flight.promise;
    if (!promise) return Promise.reject(new TypeError("Cannot join call: it is the caller's own"));
    flight.waiting++;
    return signal ? this.#wait(key, flight, promise, signal) : promise;
  }

  /** As {@link do}, and tells whether the answer came from another caller's run. */
  async doShared(
    key: K,
    fn: (context: FlightContext) => V | PromiseLike<V>,
    options?: FlightOptions,
  ): Promise<FlightResult<V>> {
    let shared = true;
    const value = await this.do(key, (context) => {
      shared = false;
      return fn(context);
    }, options);
    return { value, shared };
  }

  /** Lets the next call of `key` run its own work. Work in progress goes on for those who joined it. */
  forget(key: K): void {
    const flight = this.#flights.get(key);
    if (flight) this.#remove(key, flight);
  }

  #start(key: K, fn: (context: FlightContext) => V | PromiseLike<V>): Flight<V> {
    const flight = new Flight<V>();
    this.#flights.add(key, flight);
    let work: Promise<V>;
    try {
      work = Promise.resolve(fn(flight));
    } catch (error) {
      work = Promise.reject(error);
    }
    // Not an async method: `then` alone is a third cheaper, and this is the path of every cache miss.
    flight.promise = work.then((value) => {
      this.#remove(key, flight);
      return value;
    }, (error) => {
      this.#remove(key, flight);
      throw error;
    });
    return flight;
  }

  #wait(key: K, flight: Flight<V>, promise: Promise<V>, signal: AbortSignal): Promise<V> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(signal.reason);
        if (--flight.waiting > 0) return;
        // Before the abort, so that whoever calls next does not join work that is being stopped.
        this.#remove(key, flight);
        flight.abort(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const settled = () => signal.removeEventListener("abort", onAbort);
      promise.then((value) => {
        settled();
        resolve(value);
      }, (error) => {
        settled();
        reject(error);
      });
    });
  }

  #remove(key: K, flight: Flight<V>): void {
    if (!flight.listed) return; // What is there now is another's.
    flight.listed = false;
    this.#flights.delete(key);
  }
}
