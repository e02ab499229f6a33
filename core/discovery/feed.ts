/**
 * A list that heals itself: kept through outages, listed anew after them.
 *
 * @module
 */

import { type Clock, type Random, systemClock, type Timer } from "../clock.ts";
import { ServiceError } from "../errors.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { changesBetween, type EntryChange } from "./entry_set.ts";
import { HeldEntries } from "./_held_entries.ts";
import { LastGood } from "./_last_good.ts";
import { OutageLog } from "./outage_log.ts";
import { retryDelayMs } from "./retry_delay.ts";
import type { SubscriptionState } from "./registry.ts";
import type { LastGoodStore, Listing, WatchSource } from "./source.ts";

/** Options of all that follows a registry. */
export interface FollowOptions {
  /** Where last good lists outlive the process; without it they live in memory alone. */
  readonly lastGood?: LastGoodStore | undefined;
  /**
   * How long, in ms, entries are kept that are gone after an outage, if the registry has lost its data or has none
   * left: their owners may be about to come back. 0 believes the registry at once. @default {15_000}
   */
  readonly lossGraceMs?: number | undefined;
  /** Longest wait before the second attempt after a failure, in ms, > 0; doubles with each. @default {1_000} */
  readonly retryMs?: number | undefined;
  /** Longest wait of all, in ms. @default {4_000} */
  readonly maxRetryMs?: number | undefined;
  /** Told when the registry is lost and found. @default {consoleLogger} */
  readonly logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** Spreads retries. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/** Who is told of a {@link Feed}. */
export interface FeedListener {
  /** Told of changes that belong together. */
  onChanges(changes: readonly EntryChange[]): void;
  /** Told when the first list is there, or cannot be had now. */
  onOutcome(): void;
}

/** A source that ends at once must not be asked in a loop. */
const MIN_EPOCH_MS = 100;

/**
 * Follows a source: lists, watches, and after any loss lists again. What is known stays known while the registry is
 * away.
 */
export class Feed implements AsyncDisposable {
  readonly #source: WatchSource;
  readonly #options: FollowOptions;
  readonly #clock: Clock;
  readonly #listeners = new Set<FeedListener>();
  readonly #stop = new AbortController();
  readonly #held: HeldEntries;
  readonly #lastGood: LastGood;
  readonly #outages: OutageLog;
  readonly #running: Promise<void>;
  #entries = new Map<string, string>();
  #revision: bigint | undefined;
  #state: SubscriptionState = "waiting";
  #failure: ServiceError | undefined;
  #failures = 0;
  #recallTimer: Timer | undefined;

  /** Begins to follow. */
  constructor(source: WatchSource, options: FollowOptions = {}) {
    const { clock = systemClock, logger = consoleLogger, lossGraceMs = 15_000, lastGood } = options;
    this.#source = source;
    this.#options = options;
    this.#clock = clock;
    this.#held = new HeldEntries(clock, lossGraceMs, (changes) => this.#apply(changes));
    this.#lastGood = new LastGood(source.name, lastGood, clock, logger);
    this.#outages = new OutageLog(source.name, clock, logger);
    if (lastGood) {
      this.#recallTimer = clock.setTimer(() => void this.#recall(), this.#lastGood.patienceMs);
    }
    this.#running = this.#run();
  }

  /** The entries known now. */
  get entries(): ReadonlyMap<string, string> {
    return this.#entries;
  }

  /** How good they are. */
  get state(): SubscriptionState {
    return this.#state;
  }

  /** Why there is no list, if an attempt to get the first has failed. */
  get failure(): ServiceError | undefined {
    return this.#failure;
  }

  /** Tells `listener` of all that happens from now on, until the answer is disposed. */
  attach(listener: FeedListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stops following; resolves when nothing of it runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return await this.#running;
    this.#state = "closed";
    this.#failure = new ServiceError(
      "canceled",
      `Cannot follow ${this.#source.name}: the subscription is closed`,
    );
    this.#stop.abort(this.#failure);
    this.#recallTimer?.cancel();
    this.#held.clear();
    this.#tellOutcome();
    this.#listeners.clear();
    await Promise.all([this.#running, this.#lastGood[Symbol.asyncDispose]()]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const delayMs = await this.#epoch(signal);
      if (signal.aborted) return;
      if (delayMs > 0) await this.#clock.sleep(delayMs, { signal }).catch(() => {});
    }
  }

  /** Lists and watches until that ends; answers how long to wait before the next time. */
  async #epoch(signal: AbortSignal): Promise<number> {
    const startedAt = this.#clock.now();
    try {
      const listing = await this.#source.list(signal);
      if (signal.aborted) return 0;
      this.#accept(listing);
      await this.#source.watch(listing, (changes) => this.#report(changes), signal);
      return Math.max(0, MIN_EPOCH_MS - (this.#clock.now() - startedAt));
    } catch (error) {
      if (signal.aborted) return 0;
      await this.#lost(error);
      return retryDelayMs(this.#failures, this.#options);
    }
  }

  #accept(listing: Listing): void {
    const { revision, entries } = listing;
    const hasRewound = this.#revision !== undefined && revision !== undefined &&
      revision < this.#revision;
    const kept = this.#held.keep(this.#entries, entries, hasRewound);
    this.#revision = revision;
    this.#state = "live";
    this.#failure = undefined;
    this.#failures = 0;
    this.#recallTimer?.cancel();
    this.#outages.found();
    this.#apply(changesBetween(this.#entries, kept));
    this.#tellOutcome();
  }

  #report(changes: readonly EntryChange[]): void {
    if (this.#stop.signal.aborted) return;
    for (const { key } of changes) this.#held.release(key);
    this.#apply(changes);
  }

  #apply(changes: readonly EntryChange[]): void {
    const made = changes.filter((change) => this.#change(change));
    if (made.length === 0) return;
    for (const listener of this.#listeners) listener.onChanges(made);
    if (this.#state === "live") this.#lastGood.remember(this.#entries);
  }

  /** Makes a change; false if there was nothing to do. */
  #change(change: EntryChange): boolean {
    const { key } = change;
    if (change.type === "delete") return this.#entries.delete(key);
    if (this.#entries.get(key) === change.value) return false;
    this.#entries.set(key, change.value);
    return true;
  }

  async #lost(error: unknown): Promise<void> {
    this.#failures++;
    this.#outages.lost(error);
    this.#held.pause();
    if (this.#state === "live") this.#state = "stale";
    await this.#recall();
    if (this.#state !== "waiting") return;
    const why = error instanceof Error ? error.message : String(error);
    this.#failure = new ServiceError(
      "unavailable",
      `Cannot list ${this.#source.name}: ${why}`,
      { cause: error },
    );
    this.#tellOutcome();
  }

  /** Takes what an earlier life of the process has left behind, while there is nothing better. */
  async #recall(): Promise<void> {
    this.#recallTimer?.cancel();
    if (this.#state !== "waiting") return;
    const entries = await this.#lastGood.recall();
    if (this.#state !== "waiting" || !entries) return;
    this.#state = "remembered";
    this.#apply(changesBetween(this.#entries, entries));
    this.#tellOutcome();
  }

  #tellOutcome(): void {
    for (const listener of this.#listeners) listener.onOutcome();
  }
}
