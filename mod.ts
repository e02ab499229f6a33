/**
 * Zeno: a Deno-native service framework whose resilience needs no configuration.
 *
 * @module
 */

export * from "./core/clock.ts";
export * from "./core/errors.ts";
