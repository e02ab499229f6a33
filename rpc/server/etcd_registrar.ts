/**
 * Servers in etcd.
 *
 * @module
 */

import { type EtcdConf, etcdOptionsOf, publishedId } from "../../core/discovery/etcd/config.ts";
import { shareEtcdRegistry } from "../../core/discovery/etcd/shared_registry.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { Registrar } from "./registrar.ts";

/**
 * Makes a registrar of the section `Etcd`: an instance is published under the key of the service, where clients written with
 * go-zero look for it too. A registry that is away holds nothing up; it is tried again until it is there.
 *
 * @throws {TypeError} If the section is not complete.
 */
export function etcdRegistrar(config: EtcdConf, logger: Logger): Registrar {
  const options = { ...etcdOptionsOf(config), logger };
  return {
    async register(address: string): Promise<AsyncDisposable> {
      const registry = shareEtcdRegistry(options);
      const id = publishedId(config);
      try {
        await registry.publish(config.Key, address, { id, background: true });
      } catch (error) {
        await registry[Symbol.asyncDispose]();
        throw error;
      }
      return registry; // Ends what was published through it.
    },
  };
}
