/**
 * A registry within the process.
 *
 * @module
 */

import type { EntryChange } from "./entry_set.ts";
import type { FollowOptions } from "./feed.ts";
import { FeedGroup } from "./feed_group.ts";
import type {
  Publication,
  PublicationState,
  PublishOptions,
  Registry,
  SubscribeOptions,
  Subscription,
} from "./registry.ts";
import type { Listing, WatchSource } from "./source.ts";

type Report = (changes: readonly EntryChange[]) => void;

/**
 * A registry for tests, and for programs that run several services in one process. It knows nothing of other processes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * await using registry = new MemoryRegistry();
 * await using _entry = await registry.publish("greet.rpc", "127.0.0.1:8080");
 * await using greeters = registry.subscribe("greet.rpc");
 * assertEquals(await greeters.resolve(), ["127.0.0.1:8080"]);
 * ```
 */
export class MemoryRegistry implements Registry {
  readonly #feeds: FeedGroup;
  readonly #entries = new Map<string, string>();
  /** Who has set a key last: as with leases, the others no longer take it out. */
  readonly #owners = new Map<string, Publication>();
  readonly #reports = new Set<Report>();
  readonly #publications = new Set<Publication>();
  #nextId = 1;

  /** Makes an empty registry. */
  constructor(options: Pick<FollowOptions, "logger" | "clock" | "random"> = {}) {
    // Nothing is ever lost here, so an empty list is to be believed.
    this.#feeds = new FeedGroup({ ...options, lossGraceMs: 0 });
  }

  /** Publishes `value` as an address of a service. */
  async publish(
    service: string,
    value: string,
    options: PublishOptions = {},
  ): Promise<Publication> {
    const key = `${service}/${options.id ?? this.#nextId++}`;
    const publication: Publication = new MemoryPublication(service, value, key, {
      set: () => {
        this.#owners.set(key, publication);
        this.set(key, value);
      },
      remove: () => {
        if (this.#owners.get(key) !== publication) return;
        this.#owners.delete(key);
        this.delete(key);
      },
      forget: () => void this.#publications.delete(publication),
    });
    this.#publications.add(publication);
    await publication.resume();
    return publication;
  }

  /** Follows a service. */
  subscribe(service: string, options: SubscribeOptions = {}): Subscription {
    const isWanted = (key: string) =>
      options.exact ? key === service : key.startsWith(`${service}/`);
    const name = options.exact ? service : `${service}/`;
    return this.#feeds.subscribe(name, service, () => this.#source(name, isWanted), options);
  }

  /** Sets a key, whatever service it belongs to. */
  set(key: string, value: string): void {
    this.#entries.set(key, value);
    this.#report({ type: "put", key, value });
  }

  /** Removes a key. */
  delete(key: string): void {
    if (this.#entries.delete(key)) this.#report({ type: "delete", key });
  }

  /** Ends all publications and subscriptions. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#publications].map((each) => each[Symbol.asyncDispose]()));
    await this.#feeds[Symbol.asyncDispose]();
  }

  #report(change: EntryChange): void {
    for (const report of this.#reports) report([change]);
  }

  #source(name: string, isWanted: (key: string) => boolean): WatchSource {
    // From before the list is made, so that nothing falls between it and the watch.
    let pending: EntryChange[] = [];
    let report: Report = (changes) => void pending.push(...changes);
    const filtered: Report = (changes) => report(changes.filter(({ key }) => isWanted(key)));
    const list = (): Promise<Listing> => {
      pending = [];
      this.#reports.add(filtered);
      const entries = [...this.#entries].filter(([key]) => isWanted(key));
      return Promise.resolve({ entries: new Map(entries) });
    };
    const watch = (_listing: Listing, tell: Report, signal: AbortSignal): Promise<void> => {
      tell(pending);
      report = tell;
      return new Promise((resolve) => {
        const end = () => {
          this.#reports.delete(filtered);
          resolve();
        };
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
      });
    };
    return { name: `memory "${name}"`, list, watch };
  }
}

/** What a publication does to its registry. */
interface MemoryActions {
  readonly set: () => void;
  readonly remove: () => void;
  readonly forget: () => void;
}

class MemoryPublication implements Publication {
  readonly service: string;
  readonly value: string;
  readonly key: string;
  readonly #actions: MemoryActions;
  #state: PublicationState = "registering";

  constructor(service: string, value: string, key: string, actions: MemoryActions) {
    this.service = service;
    this.value = value;
    this.key = key;
    this.#actions = actions;
  }

  get state(): PublicationState {
    return this.#state;
  }

  pause(): Promise<void> {
    return this.#become("paused", this.#actions.remove);
  }

  resume(): Promise<void> {
    return this.#become("registered", this.#actions.set);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#become("closed", this.#actions.remove);
    this.#actions.forget();
  }

  #become(state: PublicationState, act: () => void): Promise<void> {
    if (this.#state !== "closed" && this.#state !== state) {
      this.#state = state;
      act();
    }
    return Promise.resolve();
  }
}
