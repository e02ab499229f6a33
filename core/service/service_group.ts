import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { Shutdown } from "../proc/shutdown.ts";
import { STOP_SIGNALS } from "../proc/signals.ts";
import type { Service } from "./service.ts";

/** Options for {@link ServiceGroup.run}. */
export interface RunOptions {
  /** Signals that stop the group; none if empty. @default {["SIGTERM", "SIGINT"]} */
  signals?: readonly Deno.Signal[] | undefined;
  /** Stops the group when it runs. Where it is given, the options below say nothing. */
  shutdown?: Shutdown | undefined;
  /** How long requests are still taken after a signal, in ms. @default {1000} */
  wrapUpMs?: number | undefined;
  /** When the process is ended by force, in ms after a signal. @default {5500} */
  waitMs?: number | undefined;
  /** Told of signals and failures. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Starts and stops several services as one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { taskService } from "@zeno/zeno/core/service";
 * const seen: string[] = [];
 * const group = new ServiceGroup();
 * group.add(taskService("import", () => void seen.push("import")));
 * group.add(taskService("report", () => void seen.push("report")));
 * await group.run(); // Until both have finished, or SIGTERM.
 * assertEquals(seen, ["import", "report"]);
 * ```
 */
export class ServiceGroup implements AsyncDisposable {
  readonly #services: Service[] = [];
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** Adds a service. @throws {Error} If the group has started. */
  add(service: Service): this {
    if (this.#starting || this.#stopping) {
      throw new Error(`Cannot add service "${service.name}": the group has started`);
    }
    this.#services.push(service);
    return this;
  }

  /**
   * Starts all services concurrently; resolves when all serve. If one cannot, all are stopped and its
   * error is thrown.
   */
  start(): Promise<void> {
    return this.#starting ??= this.#start();
  }

  /**
   * Stops all services concurrently, launched in the reverse of the order they were added in; resolves
   * when all have stopped. Services are stopped once, however often this is called.
   *
   * @throws What a service threw, or an `AggregateError` if several did, once all are done.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** Same as {@link stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * Starts the group and waits until all services have finished, the process gets a signal, or a
   * service breaks; then stops what still runs. Throws what broke.
   */
  async run(options: RunOptions = {}): Promise<void> {
    const { signals = STOP_SIGNALS, logger = consoleLogger, clock = systemClock } = options;
    const { wrapUpMs, waitMs } = options;
    const shutdown = options.shutdown ?? new Shutdown({ wrapUpMs, waitMs, logger, clock });
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const remove = shutdown.onShutdown(async () => {
      logger.info("Shutting down services in group");
      await this.stop().finally(resolve);
    });
    using _listening = shutdown.listen(signals);
    try {
      await this.start();
      await Promise.race([stopped, ...this.#allFinished()]);
      await this.stop();
    } catch (error) {
      await this.#stopAfter(error, logger);
      throw error;
    } finally {
      remove();
      // Others close what they own in the same phases; the caller goes on when all is closed.
      if (shutdown.signal.aborted) await shutdown.run();
    }
  }

  #allFinished(): Promise<unknown>[] {
    return this.#services.length > 0
      ? [Promise.all(this.#services.map((service) => service.finished))]
      : []; // A group of nothing waits for the signal.
  }

  async #stopAfter(error: unknown, logger: Logger): Promise<void> {
    await this.stop().catch((late) => {
      if (late !== error) logger.error("Cannot stop services", { error: late });
    });
  }

  async #start(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#services.map((service) => service.start()));
    const errors = reasons(outcomes);
    if (errors.length === 0) return;
    await this.stop().catch((error) => errors.push(error));
    throw oneOf([...new Set(errors)], "start services");
  }

  async #stop(): Promise<void> {
    const stopping = this.#services.toReversed().map(async (service) => await service.stop());
    const errors = reasons(await Promise.allSettled(stopping));
    if (errors.length > 0) throw oneOf(errors, "stop services");
  }
}

function reasons(outcomes: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return outcomes.flatMap((it) => it.status === "rejected" ? [it.reason] : []);
}

function oneOf(errors: readonly unknown[], what: string): unknown {
  if (errors.length === 1) return errors[0];
  return new AggregateError(errors, `Cannot ${what}: ${errors.length} failed`);
}
