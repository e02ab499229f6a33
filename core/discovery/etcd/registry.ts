/**
 * etcd as a registry, with keys laid out as go-zero lays them out.
 *
 * @module
 */

import { consoleLogger } from "../../log/create_logger.ts";
import type { FollowOptions } from "../feed.ts";
import { FeedGroup } from "../feed_group.ts";
import type {
  Publication,
  PublishOptions,
  Registry,
  SubscribeOptions,
  Subscription,
} from "../registry.ts";
import type { EtcdClient } from "./client.ts";
import { GatewayClient } from "./gateway_client.ts";
import { KeySource, type KeySourceOptions } from "./key_source.ts";
import type { EtcdOptions } from "./options.ts";
import { EtcdPublication } from "./publication.ts";

/** Options for {@link EtcdRegistry}. */
export interface EtcdRegistryOptions extends EtcdOptions, FollowOptions, KeySourceOptions {
  /** Seconds that an entry outlives its owner, an integer >= 1. @default {10} */
  readonly leaseTtlS?: number | undefined;
  /** Talks to etcd, and is left open when the registry is closed. @default {a GatewayClient of its own} */
  readonly client?: EtcdClient | undefined;
}

/**
 * A registry in etcd. A service named `greet.rpc` has the keys `greet.rpc/<lease>`, or `greet.rpc/<id>`, with one
 * address each, so that services written with go-zero find it and are found.
 *
 * Where Zeno decides otherwise: a member of the cluster that can be reached is enough to start; a list that an outage
 * has emptied is kept for a while; a key whose value has changed while nobody looked is not lost; listeners are told of
 * changes only, once for all that come together; a lease is given up when etcd says that it is gone, not before.
 *
 * @example
 * ```ts ignore
 * await using registry = new EtcdRegistry({ hosts: ["127.0.0.1:2379"] });
 * await using _entry = await registry.publish("greet.rpc", "10.0.0.7:8080");
 * const greeters = registry.subscribe("greet.rpc");
 * using _watch = greeters.subscribe((addresses) => console.log(addresses));
 * console.log(await greeters.resolve());
 * ```
 */
export class EtcdRegistry implements Registry {
  readonly #client: EtcdClient;
  /** Whether nobody else uses the client. */
  readonly #ownsClient: boolean;
  readonly #options: EtcdRegistryOptions;
  readonly #feeds: FeedGroup;
  readonly #publications = new Set<EtcdPublication>();
  #isClosed = false;

  /**
   * Makes a registry; connects when first used.
   *
   * @throws {TypeError} If there are no hosts.
   */
  constructor(options: EtcdRegistryOptions) {
    this.#options = options;
    this.#client = options.client ?? new GatewayClient(options);
    this.#ownsClient = options.client === undefined;
    this.#feeds = new FeedGroup(options);
    if (options.tls?.insecureSkipVerify) {
      (options.logger ?? consoleLogger).error(
        `Cannot trust ${this.#client.name}: InsecureSkipVerify is on, so whoever is between can read and change all`,
      );
    }
  }

  /**
   * Publishes `value` as an address of a service, and keeps it so.
   *
   * @throws {EtcdError} With code `unavailable` if no member can be reached now.
   */
  async publish(
    service: string,
    value: string,
    options: PublishOptions = {},
  ): Promise<Publication> {
    this.#check(service);
    const { id, signal, background } = options;
    const publication = new EtcdPublication(this.#client, service, value, {
      ...this.#options,
      id,
    });
    for (const each of this.#publications) {
      if (each.state === "closed") this.#publications.delete(each);
    }
    // Before it is there, so that it ends with the registry whenever that is.
    this.#publications.add(publication);
    if (background) publication.startSoon();
    else await publication.start(signal);
    return publication;
  }

  /** Follows a service, or one key with `exact`. */
  subscribe(service: string, options: SubscribeOptions = {}): Subscription {
    this.#check(service);
    // With the delimiter, so that `foo` does not see `foobar/1`.
    const range = options.exact ? { key: service } : { key: `${service}/`, prefix: true };
    const open = () => new KeySource(this.#client, range, this.#options);
    return this.#feeds.subscribe(range.key, service, open, options);
  }

  /** Ends all subscriptions, takes all entries out and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([
      this.#feeds[Symbol.asyncDispose](),
      ...[...this.#publications].map((publication) => publication[Symbol.asyncDispose]()),
    ]);
    if (this.#ownsClient) await this.#client[Symbol.asyncDispose]();
  }

  #check(service: string): void {
    if (service === "") throw new TypeError("Cannot use etcd: empty etcd key");
    if (this.#isClosed) throw new TypeError("Cannot use etcd: the registry is closed");
  }
}
