/**
 * Where services are: registries that are published to and followed, and heal themselves.
 *
 * A subscription keeps the last good list while its registry is away, and after every loss lists anew, so that nothing is
 * missed; on request the list outlives the process in a file. A publication comes back whenever it is lost.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryRegistry } from "@zeno/zeno/core/discovery";
 *
 * await using registry = new MemoryRegistry();
 * await using greeters = registry.subscribe("greet.rpc");
 * assertEquals(await greeters.resolve(), []);
 *
 * const changed = new Promise((resolve) => greeters.subscribe(resolve));
 * await using _entry = await registry.publish("greet.rpc", "127.0.0.1:8080");
 * assertEquals(await changed, ["127.0.0.1:8080"]);
 * ```
 *
 * @module
 */

export type { EntryChange } from "./entry_set.ts";
export type { FollowOptions } from "./feed.ts";
export * from "./memory_registry.ts";
export * from "./published_address.ts";
export * from "./registry.ts";
export type { LastGoodStore } from "./source.ts";
