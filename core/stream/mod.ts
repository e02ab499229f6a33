/**
 * Pipelines of items over async iterables and web streams: lazy, with back-pressure, concurrent where
 * it helps, and closed when nobody reads on.
 *
 * @example The three largest orders of many users
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Stream } from "@zeno/zeno/core/stream";
 *
 * const ordersOf = async (user: number) => await Promise.resolve([user * 10, user]);
 * const largest = Stream.from([1, 2, 3])
 *   .flatMap(ordersOf, { workers: 2 })
 *   .sort((a, b) => b - a)
 *   .head(3);
 * assertEquals(await largest.toArray(), [30, 20, 10]);
 * ```
 *
 * @module
 */

export * from "./options.ts";
export * from "./stream.ts";
export type { Items, Source } from "../async/source.ts";
