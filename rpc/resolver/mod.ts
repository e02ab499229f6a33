/**
 * Where a service is: targets, and the addresses behind them as they come and go.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryRegistry } from "@zeno/zeno/core/discovery";
 * import { createResolver, etcdTarget } from "@zeno/zeno/rpc/resolver";
 *
 * await using registry = new MemoryRegistry(); // In the place of the etcd of the target.
 * await using _entry = await registry.publish("greet.rpc", "127.0.0.1:8080");
 * const target = etcdTarget(["127.0.0.1:2379"], "greet.rpc");
 * await using resolver = createResolver(target, { registry });
 * assertEquals(await resolver.resolve(), ["127.0.0.1:8080"]);
 * ```
 *
 * @module
 */

export { createResolver, type ResolverOptions } from "./create_resolver.ts";
export type { Lookup } from "./_dns_resolver.ts";
export * from "./resolver.ts";
export * from "./subset.ts";
export * from "./target.ts";
