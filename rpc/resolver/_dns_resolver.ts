/**
 * The addresses of a name.
 *
 * @module
 */

import { type Clock, systemClock } from "../../core/clock.ts";
import { Feed, type FollowOptions } from "../../core/discovery/feed.ts";
import { FeedSubscription } from "../../core/discovery/feed_subscription.ts";
import type { WatchSource } from "../../core/discovery/source.ts";
import type { Resolver } from "./resolver.ts";

/** All addresses of a name, IPv4 and IPv6. Rejects if there are none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Options for {@link dnsResolver}. */
export interface DnsOptions extends FollowOptions {
  /** Asks for the addresses. */
  readonly lookup: Lookup;
  /** How often they are asked for, in ms, > 0. @default {30_000} */
  readonly refreshMs?: number | undefined;
}

/** Asks for the addresses of a name again and again. The last ones hold while nobody answers. */
export function dnsResolver(host: string, port: number, options: DnsOptions): Resolver {
  const { lookup, refreshMs = 30_000, clock = systemClock } = options;
  if (!(refreshMs > 0)) {
    throw new RangeError(`Cannot resolve "${host}": need refreshMs > 0, got ${refreshMs}`);
  }
  const feed = new Feed(dnsSource(host, port, lookup, refreshMs, clock), options);
  return new FeedSubscription(host, feed, {
    logger: options.logger,
    onClose: () => feed[Symbol.asyncDispose](),
  });
}

function dnsSource(
  host: string,
  port: number,
  lookup: Lookup,
  refreshMs: number,
  clock: Clock,
): WatchSource {
  return {
    name: `name "${host}"`,
    list: async () => {
      const addresses = await lookup(host);
      const entries = addresses.map((ip) => ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
      return { entries: new Map(entries.map((entry) => [entry, entry])) };
    },
    // Names do not tell when they change.
    watch: (_listing, _report, signal) => clock.sleep(refreshMs, { signal }),
  };
}
