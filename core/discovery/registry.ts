/**
 * Where services are: what every registry can do.
 *
 * @module
 */

/** Options for {@link Publisher.publish}. */
export interface PublishOptions {
  /** A name of one's own for the entry, below the service's; without it the registry gives one, anew after each loss. */
  readonly id?: string | undefined;
  /**
   * Does not wait for the first registration, and does not fail if the registry is away: it is tried again until it
   * succeeds. @default {false}
   */
  readonly background?: boolean | undefined;
  /** Ends the wait for the first registration. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * How an entry is: `registering` until it is known to be there, again after every loss; `paused` while it is taken
 * out on purpose; `closed` for good.
 */
export type PublicationState = "registering" | "registered" | "paused" | "closed";

/** An entry of a registry, kept alive until it is disposed. Disposing removes it. */
export interface Publication extends AsyncDisposable {
  /** The service's name. */
  readonly service: string;
  /** What is published: an address, `host:port`. */
  readonly value: string;
  /** The whole key, once there is one; another after a loss unless it has an `id`. */
  readonly key: string | undefined;
  /** How it is now. */
  readonly state: PublicationState;
  /** Takes the entry out until {@link resume}; resolves when it is out, or nothing more can be done about it. */
  pause(): Promise<void>;
  /** Puts the entry back; resolves when it is in, or once the publication is closed. */
  resume(): Promise<void>;
}

/** Options for {@link Subscriber.subscribe}. */
export interface SubscribeOptions {
  /** Whether to follow the key itself instead of all that are below it. @default {false} */
  readonly exact?: boolean | undefined;
  /** Whether a value belongs to the latest of the keys that carry it, the others being forgotten. @default {false} */
  readonly exclusive?: boolean | undefined;
}

/**
 * How good a list is: `waiting` before there is any; `remembered` while it is from an earlier life of the process;
 * `live` while it follows the registry; `stale` while the registry cannot be reached and the last list is kept.
 */
export type SubscriptionState = "waiting" | "remembered" | "live" | "stale" | "closed";

/** The values of a service, followed until it is disposed. */
export interface Subscription extends AsyncDisposable {
  /** The service's name. */
  readonly service: string;
  /** The distinct values known now, in the order they came. */
  readonly values: readonly string[];
  /** The keys with their values. */
  readonly entries: ReadonlyMap<string, string>;
  /** How good the list is. */
  readonly state: SubscriptionState;
  /** The values, as soon as there is a list, be it an empty one. Rejects once aborted or closed. */
  resolve(options?: { signal?: AbortSignal | undefined }): Promise<readonly string[]>;
  /** Tells `listener` of the values whenever they have changed, once for changes that come together, until the answer is disposed. */
  subscribe(listener: (values: readonly string[]) => void): Disposable;
}

/** Can follow services. */
export interface Subscriber {
  /** Follows a service. Does not wait and does not fail: a registry that is away is tried again. */
  subscribe(service: string, options?: SubscribeOptions): Subscription;
}

/** Can publish services. */
export interface Publisher {
  /**
   * Publishes `value` as an address of a service, and keeps it so. Resolves once it is registered; later losses are
   * made good in the background.
   *
   * @throws {ServiceError} With code `unavailable` if the registry cannot be reached now.
   */
  publish(service: string, value: string, options?: PublishOptions): Promise<Publication>;
}

/** A registry that can do both. Disposing it ends its publications and subscriptions. */
export interface Registry extends Publisher, Subscriber, AsyncDisposable {}
