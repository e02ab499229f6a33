import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { mergeSnapshots } from "../metric/merge.ts";
import type { MetricFamily } from "../metric/snapshot.ts";
import type { WorkerState } from "./messages.ts";
import { SupervisedWorker, type WorkerPort } from "./supervised_worker.ts";
import { workerName } from "./worker_link.ts";

/** Options for {@link WorkerPool}. */
export interface WorkerPoolOptions {
  /** The module that each worker runs; it asks `workerLink` for its line. */
  module: string | URL;
  /** Number of workers, an integer >= 1. */
  count: number;
  /** Told of workers that broke. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Longest wait for an answer to a question, in ms, > 0. @default {1000} */
  answerMs?: number | undefined;
  /** Makes a worker. @default {a Web Worker} */
  create?: ((module: string | URL, name: string) => WorkerPort) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Wait before a broken worker is made anew, in ms; doubled for each that breaks soon after the one before. */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A worker that served so long, in ms, has earned a fresh start. */
const STABLE_MS = 60_000;

/**
 * The workers of a process, one JavaScript thread each, under one supervisor: it starts them, makes anew those that
 * break, adds up their figures, and stops them as one.
 *
 * @example
 * ```ts ignore
 * const pool = new WorkerPool({ module: import.meta.resolve("./worker.ts"), count: 2 });
 * await pool.start();
 * console.log(await pool.snapshot());
 * await pool.stop(5_000);
 * ```
 */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #answerMs: number;
  readonly #workers = new Map<number, SupervisedWorker>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  #started = false;

  /**
   * Makes a pool without workers.
   *
   * @throws {RangeError} If a number is out of range.
   */
  constructor(options: WorkerPoolOptions) {
    const { count, answerMs = 1000 } = options;
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(`Cannot make workers: need an integer count >= 1, got ${count}`);
    }
    if (!(answerMs > 0)) {
      throw new RangeError(`Cannot make workers: need answerMs > 0, got ${answerMs}`);
    }
    this.#options = options;
    this.#answerMs = answerMs;
    this.#logger = options.logger ?? consoleLogger;
    this.#clock = options.clock ?? systemClock;
  }

  /** Workers that serve now. */
  get readyCount(): number {
    return [...this.#workers.values()].filter(({ isReady }) => isReady).length;
  }

  /** Resolves when all workers have ended and none is to come. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Starts the workers; resolves when all serve. If one cannot, all are ended and its error is thrown: what
   * breaks at the start would break for ever.
   */
  async start(): Promise<void> {
    if (this.#started) throw new TypeError("Cannot start workers: they were started before");
    this.#started = true;
    const workers = Array.from({ length: this.#options.count }, (_, i) => this.#make(i + 1));
    try {
      await Promise.all(workers.map((worker) => worker.ready));
    } catch (error) {
      await this.stop(0);
      throw error;
    }
    for (const worker of workers) this.#watch(worker, FIRST_BACKOFF_MS);
  }

  /** Asks all workers to stop, and ends those that have not after `waitMs`. */
  async stop(waitMs: number): Promise<void> {
    this.#stopping.abort();
    const workers = [...this.#workers.values()];
    for (const worker of workers) worker.stop();
    await this.#within(waitMs, Promise.all(workers.map((worker) => worker.ended)));
    for (const worker of this.#workers.values()) worker.terminate();
    this.#finished.resolve();
  }

  /** Ends all workers at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }

  /** The figures of all workers, added up; of those that answer in time. */
  async snapshot(): Promise<MetricFamily[]> {
    const answers = await this.#askAll("snapshot");
    return mergeSnapshots(answers.map(([, value]) => value as readonly MetricFamily[]));
  }

  /** The state of the parts of each worker that answers in time, by its number. */
  async state(): Promise<Map<number, WorkerState>> {
    const answers = await this.#askAll("state");
    return new Map(answers.map(([number, value]) => [number, value as WorkerState]));
  }

  #make(number: number): SupervisedWorker {
    const { module, create = webWorker } = this.#options;
    const worker = new SupervisedWorker(number, create(module, workerName(number)));
    this.#workers.set(number, worker);
    return worker;
  }

  async #watch(worker: SupervisedWorker, backoffMs: number): Promise<void> {
    const { number } = worker;
    const startedMs = this.#clock.now();
    const reason = await worker.ended;
    this.#workers.delete(number);
    if (this.#stopping.signal.aborted || reason === undefined) {
      if (this.#workers.size === 0) this.#finished.resolve();
      return;
    }
    const served = this.#clock.now() - startedMs;
    const waitMs = served >= STABLE_MS ? FIRST_BACKOFF_MS : backoffMs;
    this.#logger.error(`Worker ${number} broke and is made anew in ${waitMs} ms: ${reason}`);
    const { signal } = this.#stopping;
    try {
      await this.#clock.sleep(waitMs, { signal, keepAlive: true });
    } catch {
      return; // Stopped meanwhile.
    }
    this.#watch(this.#make(number), Math.min(MAX_BACKOFF_MS, 2 * waitMs));
  }

  async #askAll(what: "snapshot" | "state"): Promise<[number, unknown][]> {
    const workers = [...this.#workers.values()];
    const answers = await Promise.all(
      workers.map((worker) => this.#within(this.#answerMs, worker.ask(what))),
    );
    return workers.flatMap(({ number }, i): [number, unknown][] =>
      answers[i] === undefined ? [] : [[number, answers[i]]]
    );
  }

  async #within<T>(limitMs: number, promise: Promise<T>): Promise<T | undefined> {
    const limit = new AbortController();
    const { signal } = limit;
    const timeUp = this.#clock.sleep(limitMs, { signal, keepAlive: true }).catch(() => {});
    try {
      return await Promise.race([promise, timeUp.then(() => undefined)]);
    } finally {
      limit.abort();
    }
  }
}

function webWorker(module: string | URL, name: string): WorkerPort {
  return new Worker(module, { type: "module", name });
}
