/**
 * A configuration that is one key of etcd.
 *
 * @module
 */

import { type EtcdConf, etcdOptionsOf } from "../../discovery/etcd/config.ts";
import type { EtcdRegistryOptions } from "../../discovery/etcd/registry.ts";
import { shareEtcdRegistry } from "../../discovery/etcd/shared_registry.ts";
import type { ConfigSource } from "./source.ts";
import { registryConfigSource } from "./subscription_source.ts";

/**
 * Takes a configuration from the key of etcd that a section `Etcd` names: hosts, account and certificates are the section's.
 * What go-zero's configuration centre follows is followed here.
 *
 * @param options What the section cannot say, such as a store of last good lists, with which the configuration outlives an
 * outage of etcd and of the program.
 * @throws {TypeError} If the section is not complete, or certificates cannot be read.
 * @example
 * ```ts ignore
 * const section = etcdConfig.parse({ Hosts: ["127.0.0.1:2379"], Key: "config/greet" });
 * await using center = await ConfigCenter.open(etcdConfigSource(section), textParser(schema));
 * ```
 */
export function etcdConfigSource(
  section: EtcdConf,
  options: Omit<EtcdRegistryOptions, "hosts"> = {},
): ConfigSource {
  const registry = shareEtcdRegistry({ ...options, ...etcdOptionsOf(section) });
  const source = registryConfigSource(registry, section.Key);
  return {
    name: source.name,
    read: (readOptions) => source.read(readOptions),
    subscribe: (listener) => source.subscribe(listener),
    // Ends what was made through it.
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
