import type { Service } from "./service.ts";

/**
 * Makes a service of a function that runs until it has finished or `signal` is aborted.
 *
 * @param run Called once by `start`. What it throws makes `finished` reject.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * let aborted = false;
 * const service = taskService("worker", (signal) =>
 *   new Promise((resolve) =>
 *     signal.addEventListener("abort", () => {
 *       aborted = true;
 *       resolve();
 *     })
 *   ));
 * await service.start();
 * await service.stop();
 * assertEquals(aborted, true);
 * ```
 */
export function taskService(
  name: string,
  run: (signal: AbortSignal) => void | Promise<void>,
): Service {
  return new TaskService(name, run);
}

class TaskService implements Service {
  readonly name: string;
  readonly finished: Promise<void>;
  readonly #run: (signal: AbortSignal) => void | Promise<void>;
  readonly #abort = new AbortController();
  readonly #finish: (outcome: void | Promise<void>) => void;
  #started = false;

  constructor(name: string, run: (signal: AbortSignal) => void | Promise<void>) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.name = name;
    this.#run = run;
    this.finished = promise;
    this.#finish = resolve;
    promise.catch(() => {}); // Whoever awaits `finished` hears of it; nobody else has to.
  }

  start(): Promise<void> {
    if (!this.#started && !this.#abort.signal.aborted) {
      this.#started = true;
      this.#finish((async () => await this.#run(this.#abort.signal))());
    }
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#abort.abort(new DOMException(`Stopping ${this.name}`, "AbortError"));
    if (!this.#started) this.#finish();
    await this.finished.catch(() => {}); // It has stopped, which is all that was asked.
  }
}
