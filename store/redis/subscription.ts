/**
 * Messages of a channel.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import type { CommandOptions } from "./command.ts";
import type { ConnectionSettings } from "./connection.ts";
import { reconnectDelayMs } from "./connection.ts";
import { WireRedis } from "./driver.ts";
import { endClient } from "./_readiness.ts";
import { failureAt, wireOptions } from "./_wire.ts";

/** Options of a subscription. */
export interface SubscribeOptions extends CommandOptions {
  /** Messages that may wait for their reader; with more the subscription fails. An integer >= 1. @default {10_000} */
  readonly maxWaiting?: number | undefined;
}

/**
 * The messages of a channel, over a connection of its own. It begins at once and ends when it is disposed, when its loop is
 * left, or when its signal is aborted. If the connection breaks it is made anew; messages of the meantime are lost, for Redis
 * keeps none.
 *
 * @example
 * ```ts ignore
 * await using news = redis.subscribe("news");
 * await news.ready;
 * for await (const message of news) console.log(message);
 * ```
 */
export class RedisSubscription implements AsyncIterable<string>, AsyncDisposable {
  /** Resolves when the server knows of the subscription; rejects if that cannot be. */
  readonly ready: Promise<void>;
  readonly #client: WireRedis;
  readonly #maxWaiting: number;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: string[] = [];
  readonly #onAbort = () => this.#end({ error: this.#signal?.reason });
  #wake: PromiseWithResolvers<void> | undefined;
  #ended: { error: unknown } | undefined;
  #closing: Promise<void> | undefined;

  /** Made by `redis.subscribe()`. */
  constructor(settings: ConnectionSettings, channel: string, options: SubscribeOptions) {
    const { maxWaiting = 10_000, signal } = options;
    this.#maxWaiting = maxWaiting;
    this.#signal = signal;
    // Messages of a cluster reach all its members.
    const { host, port } = settings.addresses[0]!;
    this.#client = new WireRedis({
      ...wireOptions({ ...settings, silenceMs: Infinity }),
      host,
      port,
      maxRetriesPerRequest: null,
      retryStrategy: reconnectDelayMs,
    });
    this.#client.on("error", () => {}); // It connects again by itself.
    this.#client.on("message", (_channel: string, message: string) => this.#take(message));
    this.ready = this.#begin(settings.name, channel);
    this.ready.catch(() => {}); // Told by the loop, too.
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** The messages. Throws the reason of the signal once that is aborted. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void> {
    try {
      for (;;) {
        const message = this.#waiting.shift();
        if (message !== undefined) yield message;
        else if (!this.#ended) await (this.#wake ??= Promise.withResolvers()).promise;
        else if (this.#ended.error === undefined) return;
        else throw this.#ended.error;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  /** Ends the subscription. The second time does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#end({ error: undefined });
    this.#signal?.removeEventListener("abort", this.#onAbort);
    return this.#closing ??= this.#close();
  }

  async #begin(server: string, channel: string): Promise<void> {
    try {
      await this.#client.subscribe(channel);
    } catch (error) {
      const failure = failureAt(server)("subscribe", error);
      this.#end({ error: failure });
      throw failure;
    }
  }

  async #close(): Promise<void> {
    await endClient(this.#client, systemClock);
  }

  #take(message: string): void {
    if (this.#ended) return;
    if (this.#waiting.length >= this.#maxWaiting) {
      const why = `${this.#maxWaiting} messages wait already; read faster, or raise maxWaiting`;
      return this.#end({
        error: new ServiceError("resource_exhausted", `Cannot keep message of Redis: ${why}`),
      });
    }
    this.#waiting.push(message);
    this.#wakeUp();
  }

  #end(ended: { error: unknown }): void {
    this.#ended ??= ended;
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake?.resolve();
    this.#wake = undefined;
  }
}
