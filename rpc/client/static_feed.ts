/**
 * Services whose addresses are in their targets.
 *
 * @module
 */

import type { AddressFeed, Resolver, Target } from "./target.ts";

/** A list of addresses that stays as it is. */
export function staticFeed(addresses: readonly string[]): AddressFeed {
  return {
    resolve: () => Promise.resolve(addresses),
    subscribe: () => ({ [Symbol.dispose]() {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Resolves `direct:///a:80,b:80`, a plain `host:port`, and `dns:///host:port`, whose name the transport looks up each time it
 * connects.
 */
export const staticResolver: Resolver = {
  schemes: ["", "direct", "dns", "passthrough"],
  resolve({ text, scheme, path }: Target): AddressFeed {
    const items = scheme === "direct" ? path.split(",") : [path];
    const addresses = items.map((item) => item.trim()).filter((item) => item !== "");
    if (addresses.length === 0) {
      throw new SyntaxError(`Cannot resolve ${JSON.stringify(text)}: it holds no address`);
    }
    return staticFeed([...new Set(addresses)]);
  },
};

/** Resolves `inproc:///name`. */
export const inprocResolver: Resolver = {
  schemes: ["inproc"],
  resolve: ({ text }: Target): AddressFeed => staticFeed([text]),
};
