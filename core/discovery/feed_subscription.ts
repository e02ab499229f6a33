/**
 * A view of a feed: the distinct values, and listeners that are told when they have changed.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { type EntryChange, EntrySet } from "./entry_set.ts";
import type { Feed, FeedListener } from "./feed.ts";
import type { SubscribeOptions, Subscription, SubscriptionState } from "./registry.ts";

/** Options for {@link FeedSubscription}. */
export interface FeedSubscriptionOptions extends SubscribeOptions {
  /** Told of listeners that throw. @default {consoleLogger} */
  readonly logger?: Logger | undefined;
  /** Called once, when the subscription is disposed. */
  readonly onClose: () => Promise<void>;
}

interface Waiter {
  readonly settle: () => void;
}

/** What a caller gets of a feed. Several may share one. */
export class FeedSubscription implements Subscription, FeedListener {
  readonly service: string;
  readonly #feed: Feed;
  readonly #options: FeedSubscriptionOptions;
  readonly #set: EntrySet;
  readonly #attached: Disposable;
  readonly #listeners = new Set<{ readonly call: (values: readonly string[]) => void }>();
  readonly #waiters = new Set<Waiter>();
  #told: ReadonlySet<string>;
  #isTelling = false;
  #closing: Promise<void> | undefined;

  /** Begins to follow; what the feed knows already is known at once. */
  constructor(service: string, feed: Feed, options: FeedSubscriptionOptions) {
    this.service = service;
    this.#feed = feed;
    this.#options = options;
    this.#set = new EntrySet({ exclusive: options.exclusive });
    for (const [key, value] of feed.entries) this.#set.put(key, value);
    this.#told = new Set(this.#set.values());
    this.#attached = feed.attach(this);
  }

  get values(): readonly string[] {
    return this.#set.values();
  }

  get entries(): ReadonlyMap<string, string> {
    return this.#set.entries;
  }

  get state(): SubscriptionState {
    return this.#closing ? "closed" : this.#feed.state;
  }

  resolve(options: { signal?: AbortSignal | undefined } = {}): Promise<readonly string[]> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#closing) return Promise.reject(this.#closedError());
    if (this.#feed.failure) return Promise.reject(this.#feed.failure);
    if (this.#feed.state !== "waiting") return Promise.resolve(this.values);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiters.delete(waiter);
        reject(signal!.reason);
      };
      const settle = () => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
        const failure = this.#closing ? this.#closedError() : this.#feed.failure;
        if (failure) reject(failure);
        else resolve(this.values);
      };
      const waiter = { settle };
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  subscribe(listener: (values: readonly string[]) => void): Disposable {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  /** Takes changes of the feed. */
  onChanges(changes: readonly EntryChange[]): void {
    for (const change of changes) this.#set.apply(change);
    if (this.#isTelling) return;
    this.#isTelling = true;
    // Once for all that comes in one go: a burst of a thousand changes is one new list.
    queueMicrotask(() => this.#tell());
  }

  /** Wakes those who wait for the first list. */
  onOutcome(): void {
    for (const { settle } of [...this.#waiters]) settle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#listeners.clear();
    this.#attached[Symbol.dispose]();
    await this.#options.onClose();
    this.onOutcome();
  }

  #closedError(): ServiceError {
    return new ServiceError(
      "canceled",
      `Cannot resolve "${this.service}": the subscription is closed`,
    );
  }

  #tell(): void {
    this.#isTelling = false;
    const values = this.values;
    const isSame = values.length === this.#told.size &&
      values.every((value) => this.#told.has(value));
    if (isSame) return;
    this.#told = new Set(values);
    for (const { call } of [...this.#listeners]) {
      try {
        call(values);
      } catch (error) {
        (this.#options.logger ?? consoleLogger).error(
          `Cannot tell of ${this.service}: its listener threw ${String(error)}`,
        );
      }
    }
  }
}
