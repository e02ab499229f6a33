/**
 * A configuration that is one key of a registry.
 *
 * @module
 */

import type { Subscriber, Subscription } from "../../discovery/registry.ts";
import type { ConfigSource } from "./source.ts";

/**
 * Takes a configuration from one key of a registry, such as etcd. With a store of last good lists the configuration outlives
 * an outage of the registry and of the program.
 *
 * @param registry Where the key is. It stays open.
 * @param key The whole key, as go-zero's configuration centre has it.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryRegistry } from "@zeno/zeno/core/discovery";
 * await using registry = new MemoryRegistry();
 * registry.set("config/greet", "Name: greet");
 * await using source = registryConfigSource(registry, "config/greet");
 * assertEquals(await source.read(), "Name: greet");
 * ```
 */
export function registryConfigSource(registry: Subscriber, key: string): ConfigSource {
  return new SubscriptionConfigSource(registry.subscribe(key, { exact: true }));
}

class SubscriptionConfigSource implements ConfigSource {
  readonly name: string;
  readonly #subscription: Subscription;

  constructor(subscription: Subscription) {
    this.#subscription = subscription;
    this.name = `key "${subscription.service}"`;
  }

  async read(options?: { signal?: AbortSignal | undefined }): Promise<string> {
    return textOf(await this.#subscription.resolve(options));
  }

  subscribe(listener: (text: string) => void): Disposable {
    return this.#subscription.subscribe((values) => listener(textOf(values)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscription[Symbol.asyncDispose]();
  }
}

/** The latest of the values: one key has one. */
function textOf(values: readonly string[]): string {
  return values.at(-1) ?? "";
}
