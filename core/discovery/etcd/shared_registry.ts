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
  readonly registry: EtcdRegistry;
  users: number;
}

const clusters = new Map<string, Shared>();

/**
 * The registry of a cluster that the parts of this process share: it is made for the first of them and closed with the
 * last. The options of the first hold; another account makes another registry.
 *
 * @returns A registry whose disposal ends what was made through it, and no more.
 */
export function shareEtcdRegistry(options: EtcdRegistryOptions): Registry {
  const name = `${options.user ?? ""}@${options.tls ? "https" : "http"}://${
    clusterName(options.hosts)
  }`;
  let shared = clusters.get(name);
  if (!shared) clusters.set(name, shared = { registry: new EtcdRegistry(options), users: 0 });
  shared.users++;
  return new SharedRegistry(shared, () => {
    if (clusters.get(name) === shared) clusters.delete(name);
  });
}

class SharedRegistry implements Registry {
  readonly #shared: Shared;
  readonly #forget: () => void;
  readonly #made = new Set<Publication | Subscription>();
  #closing: Promise<void> | undefined;

  constructor(shared: Shared, forget: () => void) {
    this.#shared = shared;
    this.#forget = forget;
  }

  async publish(
    service: string,
    value: string,
    options?: PublishOptions,
  ): Promise<Publication> {
    const publication = await this.#shared.registry.publish(service, value, options);
    this.#keep(publication);
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
    if (isLast) this.#forget();
    await Promise.all([...this.#made].map((each) => each[Symbol.asyncDispose]()));
    if (isLast) await this.#shared.registry[Symbol.asyncDispose]();
  }
}
