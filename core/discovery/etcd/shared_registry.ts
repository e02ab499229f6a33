/**
 * One registry for a cluster, however many parts of a program use it.
 *
 * @module
 */

import type {
  Publication,
  PublishOptions,
  Registry,
  SubscribeOptions,
  Subscription,
} from "../registry.ts";
import { clusterName } from "./options.ts";
import { EtcdRegistry, type EtcdRegistryOptions } from "./registry.ts";

interface Shared {
  readonly options: EtcdRegistryOptions;
  readonly registry: EtcdRegistry;
  users: number;
}

const all = new Set<Shared>();

/**
 * The registry of a cluster that the parts of this process share which want the same of it: it is made for the first of them
 * and closed with the last. Other options, such as another account or another place for last good lists, make another
 * registry.
 *
 * @returns A registry whose disposal ends what was made through it, and no more.
 * @throws {TypeError} If there are no hosts, or certificates cannot be read.
 * @example A service that publishes itself in the etcd of its configuration
 * ```ts ignore
 * await using registry = shareEtcdRegistry(etcdOptionsOf(config.Etcd));
 * await registry.publish(config.Etcd.Key, "10.0.0.7:8080", { background: true });
 * ```
 */
export function shareEtcdRegistry(options: EtcdRegistryOptions): Registry {
  let shared = [...all].find((each) => isSame(each.options, options));
  if (!shared) all.add(shared = { options, registry: new EtcdRegistry(options), users: 0 });
  shared.users++;
  return new SharedRegistry(shared);
}

function isSame(a: EtcdRegistryOptions, b: EtcdRegistryOptions): boolean {
  if (clusterName(a.hosts) !== clusterName(b.hosts)) return false;
  if (JSON.stringify(a.tls) !== JSON.stringify(b.tls)) return false;
  const { hosts: _hosts, tls: _tls, ...others } = { ...a, ...b };
  return (Object.keys(others) as (keyof typeof others)[]).every((key) => a[key] === b[key]);
}

class SharedRegistry implements Registry {
  readonly #shared: Shared;
  readonly #made = new Set<Publication | Subscription>();
  #closing: Promise<void> | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  async publish(
    service: string,
    value: string,
    options?: PublishOptions,
  ): Promise<Publication> {
    const publication = await this.#shared.registry.publish(service, value, options);
    this.#keep(publication);
    // Whoever closed it meanwhile could not end what was not there yet.
    if (this.#closing) await publication[Symbol.asyncDispose]();
    return publication;
  }

  subscribe(service: string, options?: SubscribeOptions): Subscription {
    const subscription = this.#shared.registry.subscribe(service, options);
    this.#keep(subscription);
    return subscription;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Notes what has to be ended, and forgets what has ended. */
  #keep(made: Publication | Subscription): void {
    for (const each of this.#made) if (each.state === "closed") this.#made.delete(each);
    this.#made.add(made);
  }

  async #close(): Promise<void> {
    const isLast = --this.#shared.users === 0;
    if (isLast) all.delete(this.#shared);
    await Promise.all([...this.#made].map((each) => each[Symbol.asyncDispose]()));
    if (isLast) await this.#shared.registry[Symbol.asyncDispose]();
  }
}
