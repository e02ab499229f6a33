/**
 * Addresses that never change.
 *
 * @module
 */

import type { Resolver } from "./resolver.ts";

/** A resolver of addresses that are known. */
export function fixedResolver(addresses: readonly string[]): Resolver {
  const known = [...new Set(addresses)];
  return {
    resolve: () => Promise.resolve(known),
    subscribe: () => ({ [Symbol.dispose]() {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
