/**
 * The feeds of a registry: one for each thing that is followed, however many follow it.
 *
 * @module
 */

import { Feed, type FollowOptions } from "./feed.ts";
import { FeedSubscription } from "./feed_subscription.ts";
import type { SubscribeOptions, Subscription } from "./registry.ts";
import type { WatchSource } from "./source.ts";

interface SharedFeed {
  readonly feed: Feed;
  readonly subscriptions: Set<Subscription>;
}

/** Gives out subscriptions, and ends a feed with its last subscription. */
export class FeedGroup implements AsyncDisposable {
  readonly #options: FollowOptions;
  readonly #feeds = new Map<string, SharedFeed>();

  /** Makes a group without feeds. */
  constructor(options: FollowOptions = {}) {
    this.#options = options;
  }

  /** Follows a source, which is opened unless a feed under `name` is there already. */
  subscribe(
    name: string,
    service: string,
    open: () => WatchSource,
    options: SubscribeOptions = {},
  ): Subscription {
    let shared = this.#feeds.get(name);
    if (!shared) {
      shared = { feed: new Feed(open(), this.#options), subscriptions: new Set() };
      this.#feeds.set(name, shared);
    }
    const { feed, subscriptions } = shared;
    const subscription = new FeedSubscription(service, feed, {
      ...options,
      logger: this.#options.logger,
      onClose: async () => {
        subscriptions.delete(subscription);
        if (subscriptions.size > 0) return;
        this.#feeds.delete(name);
        await feed[Symbol.asyncDispose]();
      },
    });
    subscriptions.add(subscription);
    return subscription;
  }

  /** Ends all subscriptions. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#feeds.values()].flatMap(({ subscriptions }) => [...subscriptions]);
    await Promise.all(all.map((subscription) => subscription[Symbol.asyncDispose]()));
  }
}
