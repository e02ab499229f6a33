/**
 * etcd as a registry, laid out as go-zero lays it out, over the JSON gateway that every etcd has: `fetch` is all that it
 * needs. Where that gateway is shut, or will not do, gRPC is spoken.
 *
 * Account and certificates come from the section `Etcd` of a configuration: see `etcdConfig` and `etcdOptionsOf`.
 *
 * @example
 * ```ts ignore
 * import { EtcdRegistry } from "@zeno/zeno/core/discovery/etcd";
 *
 * await using registry = new EtcdRegistry({ hosts: ["127.0.0.1:2379"] });
 * await using _entry = await registry.publish("greet.rpc", "10.0.0.7:8080");
 * console.log(await registry.subscribe("greet.rpc").resolve());
 * ```
 *
 * @module
 */

export * from "./client.ts";
export * from "./config.ts";
export * from "./errors.ts";
export * from "./gateway_client.ts";
export type { KeySourceOptions } from "./key_source.ts";
export * from "./options.ts";
export * from "./registry.ts";
export * from "./shared_registry.ts";
