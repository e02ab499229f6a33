import { type Clock, systemClock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { requireInteger } from "./argument.ts";
import { BoundedQueue } from "./bounded_queue.ts";
import { reportPanic } from "./panic.ts";

/** Makes messages for a {@link MessageQueue}. */
export interface Producer<M> {
  /**
   * The next message; `undefined` if there is none now, and then it is asked again at once: wait in
   * here for one. `signal` is aborted when the queue stops.
   */
  produce(signal: AbortSignal): M | undefined | PromiseLike<M | undefined>;
}

/** Takes messages from a {@link MessageQueue}. */
export interface Consumer<M, E = never> {
  /** Takes a message. What it throws is reported; the message is not given again. */
  consume(message: M): unknown;
  /** Takes an event that was broadcast, between two messages. */
  onEvent?(event: E): unknown;
}

/** Options for {@link MessageQueue}. */
export interface MessageQueueOptions<M, E> {
  /** Makes a producer. One that fails is called again each `retryMs`. */
  createProducer(): Producer<M> | PromiseLike<Producer<M>>;
  /** Makes a consumer. One that fails is called again each `retryMs`. */
  createConsumer(): Consumer<M, E> | PromiseLike<Consumer<M, E>>;
  /** An integer >= 1. @default {navigator.hardwareConcurrency} */
  producers?: number | undefined;
  /** An integer >= 1. @default {2 * navigator.hardwareConcurrency} */
  consumers?: number | undefined;
  /** Wait before a factory that failed is called again, in ms. @default {1000} */
  retryMs?: number | undefined;
  /** Names the queue in logs and for panic observers. @default {"queue"} */
  name?: string | undefined;
  /** Told of how long each message took, in ms. */
  onConsumed?: ((durationMs: number) => void) | undefined;
  /** Told of failures. @default {consoleLogger} */
  logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Moves messages from producers to consumers in one process, from hand to hand: nothing is stored, and
 * nothing that was produced is lost when it stops.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const left = ["a", "b", "c"];
 * const seen: string[] = [];
 * const queue = new MessageQueue<string>({
 *   producers: 1,
 *   consumers: 1,
 *   createProducer: () => ({
 *     produce() {
 *       if (left.length === 1) queue.stop();
 *       return left.shift();
 *     },
 *   }),
 *   createConsumer: () => ({ consume: (message) => seen.push(message) }),
 * });
 * await queue.start();
 * assertEquals(seen, ["a", "b", "c"]);
 * ```
 */
export class MessageQueue<M, E = never> implements AsyncDisposable {
  readonly #options: MessageQueueOptions<M, E>;
  readonly #producers: number;
  readonly #consumers: number;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #stopping = new AbortController();
  /** Aborted when no message will come any more. */
  readonly #ending = new AbortController();
  readonly #messages = new BoundedQueue<{ message: M }>({ capacity: 0 });
  /** Events that each consumer has yet to see, and who wakes it. */
  readonly #inboxes = new Set<{ events: E[]; wake: AbortController }>();
  #running: Promise<void> | undefined;

  /** Makes a queue that stands still. @throws {RangeError} If an option is out of its range. */
  constructor(options: MessageQueueOptions<M, E>) {
    const cpus = navigator.hardwareConcurrency;
    const { producers = cpus, consumers = 2 * cpus } = options;
    requireInteger("make message queue", { producers, consumers }, 1);
    this.#options = options;
    this.#producers = producers;
    this.#consumers = consumers;
    this.#clock = options.clock ?? systemClock;
    this.#name = options.name ?? "queue";
  }

  /** Runs until {@link stop}; resolves when all that was produced has been consumed. */
  start(): Promise<void> {
    return this.#running ??= this.#run();
  }

  /** Lets the producers finish what they are at, and then the consumers. */
  stop(): void {
    this.#stopping.abort(new DOMException("Stopping the queue", "AbortError"));
  }

  /** Gives an event once to each consumer, between two messages; does not wait. */
  broadcast(event: E): void {
    for (const inbox of this.#inboxes) {
      inbox.events.push(event);
      inbox.wake.abort();
    }
  }

  /** Stops, and waits until all has been consumed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const consuming = Array.from({ length: this.#consumers }, () => this.#consume());
    await Promise.all(Array.from({ length: this.#producers }, () => this.#produce()));
    this.#messages.close();
    this.#ending.abort();
    await Promise.all(consuming);
  }

  async #produce(): Promise<void> {
    const { signal } = this.#stopping;
    const create = () => this.#options.createProducer();
    const producer = await this.#create("producer", create, signal);
    while (producer && !signal.aborted) {
      const message = await this.#attempt("producer", () => producer.produce(signal));
      if (message !== undefined) await this.#messages.push({ message });
      else await this.#clock.sleep(0); // A producer that does not wait must not stop the process.
    }
  }

  async #consume(): Promise<void> {
    const create = () => this.#options.createConsumer();
    // Tried even when the queue stops, as long as a message may be waiting for it.
    const consumer = await this.#create("consumer", create, this.#ending.signal);
    if (!consumer) return;
    const inbox = { events: [] as E[], wake: new AbortController() };
    this.#inboxes.add(inbox);
    for (let open = true; open;) {
      for (const event of inbox.events.splice(0)) {
        await this.#attempt("consumer", () => consumer.onEvent?.(event));
      }
      if (inbox.wake.signal.aborted) inbox.wake = new AbortController();
      open = await this.#consumeNext(consumer, inbox.wake.signal);
    }
    this.#inboxes.delete(inbox);
  }

  /** Consumes a message, unless an event comes first; false when no message will come. */
  async #consumeNext(consumer: Consumer<M, E>, wake: AbortSignal): Promise<boolean> {
    let message: M;
    try {
      ({ message } = await this.#messages.pop({ signal: wake }));
    } catch {
      return wake.aborted || !this.#messages.closed;
    }
    const began = this.#clock.now();
    await this.#attempt("consumer", () => consumer.consume(message));
    this.#options.onConsumed?.(this.#clock.now() - began);
    return true;
  }

  /** Makes a producer or a consumer, however often it takes; `undefined` once `signal` is aborted. */
  async #create<C>(
    role: string,
    create: () => C | PromiseLike<C>,
    signal: AbortSignal,
  ): Promise<C | undefined> {
    while (!signal.aborted) {
      const made = await this.#attempt(role, create);
      if (made !== undefined) return made;
      await this.#clock.sleep(this.#options.retryMs ?? 1000, { signal }).catch(() => {});
    }
  }

  async #attempt<R>(role: string, fn: () => R | PromiseLike<R>): Promise<R | undefined> {
    try {
      return await fn();
    } catch (error) {
      reportPanic({ task: `${role} of ${this.#name}`, error }, this.#options.logger);
    }
  }
}
