import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { listenSignals, STOP_SIGNALS } from "./signals.ts";

/** Options for {@link Shutdown}. */
export interface ShutdownOptions {
  /**
   * How long requests are still taken after stopping began, so that load balancers notice, in ms.
   * @default {1000}
   */
  wrapUpMs?: number | undefined;
  /** When the process is ended by force, in ms after stopping began. @default {5500} */
  waitMs?: number | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Told of signals, of listeners that failed, and of a forced end. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Ends the process. @default {Deno.exit} */
  exit?: ((code: number) => void) | undefined;
}

type Listener = (signal: AbortSignal) => void | Promise<void>;

/**
 * Stops a process in two phases. At once {@link Shutdown.signal} is aborted and the wrap-up listeners
 * run, while requests are still taken; after `wrapUpMs` the shutdown listeners run. If not all have
 * finished `waitMs` after the beginning, the process is ended with code 1.
 *
 * Listeners of a phase run concurrently, launched in the reverse of the order they were added in, each
 * at most once; what one throws is logged and does not touch the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { noopLogger } from "@zeno/zeno/core/log";
 * const seen: string[] = [];
 * const shutdown = new Shutdown({ wrapUpMs: 0, logger: noopLogger });
 * shutdown.onShutdown(() => void seen.push("close the database"));
 * shutdown.onWrapUp(() => void seen.push("leave the registry"));
 * await shutdown.run();
 * assertEquals(seen, ["leave the registry", "close the database"]);
 * ```
 */
export class Shutdown {
  readonly #wrapUpMs: number;
  readonly #waitMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #exit: (code: number) => void;
  readonly #stopping = new AbortController();
  readonly #deadline = new AbortController();
  readonly #wrapUp = new Set<{ fn: Listener }>();
  readonly #shutdown = new Set<{ fn: Listener }>();
  #running: Promise<void> | undefined;

  /**
   * Makes one; nothing is installed until {@link listen}.
   *
   * @throws {RangeError} If a time is negative or not a number.
   */
  constructor(options: ShutdownOptions = {}) {
    const { wrapUpMs = 1000, waitMs = 5500 } = options;
    if (!(wrapUpMs >= 0) || !(waitMs >= 0)) {
      throw new RangeError(
        `Cannot set up shutdown: need times >= 0, got wrapUpMs ${wrapUpMs}, waitMs ${waitMs}`,
      );
    }
    this.#wrapUpMs = wrapUpMs;
    this.#waitMs = waitMs;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? consoleLogger;
    this.#exit = options.exit ?? Deno.exit;
  }

  /** Aborted when stopping begins. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Adds a listener to the first phase. It gets a signal that is aborted when time is up. The answer
   * takes it away again. A listener added after its phase began is not called.
   */
  onWrapUp(fn: (signal: AbortSignal) => void | Promise<void>): () => void {
    return add(this.#wrapUp, fn);
  }

  /** Adds a listener to the second phase; otherwise as {@link onWrapUp}. */
  onShutdown(fn: (signal: AbortSignal) => void | Promise<void>): () => void {
    return add(this.#shutdown, fn);
  }

  /**
   * Runs both phases; resolves when all listeners have finished. Further calls answer the same
   * promise. `reason` is logged.
   */
  run(reason?: string): Promise<void> {
    return this.#running ??= this.#run(reason);
  }

  /**
   * Stops when the process is asked to. From then on the platform's own action is back, so a second
   * signal ends the process at once. A process that is still alive when time is up, though all
   * listeners have finished, is ended by force as well. Disposing the answer ends the listening; a
   * stop that has begun goes on.
   *
   * @param signals Signals to listen for. `SIGTERM` and `SIGINT` by default.
   */
  listen(signals: readonly Deno.Signal[] = STOP_SIGNALS): Disposable {
    const listening = listenSignals(signals, async (signal) => {
      listening[Symbol.dispose]();
      const began = this.#clock.now();
      await this.run(`Got signal ${signal}, shutting down...`);
      const leftMs = this.#waitMs - (this.#clock.now() - began);
      // Holds nothing: a process that ends by itself, as it should, does not wait for this.
      this.#clock.setTimer(() => this.#force(), Math.max(0, leftMs));
    });
    return listening;
  }

  async #run(reason: string | undefined): Promise<void> {
    if (reason) this.#logger.info(reason);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const onLate = () => {
      this.#deadline.abort(new DOMException("Cannot finish shutdown in time", "TimeoutError"));
      this.#force();
      resolve();
    };
    // Timers hold the process here: a listener may wait for something that does not.
    using _timer = this.#clock.setTimer(onLate, this.#waitMs, { keepAlive: true });
    this.#stopping.abort(new DOMException(reason ?? "Shutting down", "AbortError"));
    const wrappedUp = this.#notify(this.#wrapUp, "wrap-up");
    await this.#clock.sleep(Math.min(this.#wrapUpMs, this.#waitMs), { keepAlive: true });
    const all = Promise.all([wrappedUp, this.#notify(this.#shutdown, "shutdown")]);
    await Promise.race([all, late]);
  }

  async #notify(listeners: Set<{ fn: Listener }>, phase: string): Promise<void> {
    const called = [...listeners].reverse();
    listeners.clear();
    await Promise.all(called.map(async ({ fn }) => {
      try {
        await fn(this.#deadline.signal);
      } catch (error) {
        this.#logger.error(`Cannot finish ${phase} listener: ${reasonOf(error)}`, { error });
      }
    }));
  }

  #force(): void {
    const seconds = this.#waitMs / 1000;
    // Severe lines are written at once: there is no later.
    this.#logger.severe(`Still alive after ${seconds}s, going to force kill the process...`);
    this.#exit(1);
  }
}

function add(listeners: Set<{ fn: Listener }>, fn: Listener): () => void {
  const entry = { fn }; // A wrapper, so that one function added twice is two listeners.
  listeners.add(entry);
  return () => void listeners.delete(entry);
}
