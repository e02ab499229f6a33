/**
 * Kubernetes as a registry that is followed; its services register by themselves.
 *
 * @module
 */

import type { FollowOptions } from "../feed.ts";
import { FeedGroup } from "../feed_group.ts";
import type { SubscribeOptions, Subscriber, Subscription } from "../registry.ts";
import type { KubernetesApi } from "./api.ts";
import { inClusterApi } from "./in_cluster.ts";
import { parseServiceName } from "./service_name.ts";
import { SliceSource } from "./slice_source.ts";

/** Options for {@link KubernetesRegistry}. */
export interface KubernetesRegistryOptions extends FollowOptions {
  /** Finds the API server. @default {inClusterApi} */
  readonly api?: (() => Promise<KubernetesApi>) | undefined;
}

/**
 * Follows services of Kubernetes by their EndpointSlices. A service is named `namespace/service:port`; only pods count that
 * are ready and not terminating.
 *
 * Where Zeno decides otherwise than go-zero: pods that are not ready, or are about to go, get no calls; all slices of a
 * service make up its list, also after one of them has changed; an API server that is away is not an error at start.
 *
 * @example
 * ```ts ignore
 * await using registry = new KubernetesRegistry();
 * const greeters = registry.subscribe("default/greet:8080");
 * console.log(await greeters.resolve());
 * ```
 */
export class KubernetesRegistry implements Subscriber, AsyncDisposable {
  readonly #options: KubernetesRegistryOptions;
  readonly #feeds: FeedGroup;
  #api: Promise<KubernetesApi> | undefined;

  /** Makes a registry; connects when there is a subscription. */
  constructor(options: KubernetesRegistryOptions = {}) {
    this.#options = options;
    this.#feeds = new FeedGroup(options);
  }

  /**
   * Follows a service.
   *
   * @param service `namespace/service:port`; the namespace is `default`, the port the first of its pods if left out. A port is a
   * number of the pods, or a name of the service's.
   * @throws {SyntaxError} If it is no such name.
   */
  subscribe(service: string, options: SubscribeOptions = {}): Subscription {
    const parsed = parseServiceName(service);
    const open = () => new SliceSource(() => this.#connect(), parsed, this.#options);
    const { namespace, service: name, port } = parsed;
    return this.#feeds.subscribe(`${namespace}/${name}:${port}`, service, open, options);
  }

  /** Ends all subscriptions and closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feeds[Symbol.asyncDispose]();
    const api = await this.#api?.catch(() => undefined);
    api?.[Symbol.dispose]();
  }

  #connect(): Promise<KubernetesApi> {
    if (this.#api) return this.#api;
    const pending = (this.#options.api ?? inClusterApi)();
    this.#api = pending;
    // What was missing may be there the next time.
    pending.catch(() => this.#api = undefined);
    return pending;
  }
}
