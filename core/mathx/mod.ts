/**
 * The little arithmetic that `Math` lacks: evenness of a spread, decisions by chance, jitter, bounds.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { clamp, evenness, Jitter } from "@zeno/zeno/core/mathx";
 *
 * assert(evenness([98, 102, 100]) > 0.99);
 * assertEquals(clamp(new Jitter(0.1).around(1_000), 900, 1_100) > 0, true);
 * ```
 *
 * @module
 */

export { type ChanceOptions, happens, Jitter } from "./chance.ts";
export { clamp } from "./clamp.ts";
export { evenness } from "./evenness.ts";
