/**
 * Services that a file lists.
 *
 * @module
 */

import { parse } from "@std/yaml/parse";
import { type Clock, systemClock } from "../../clock.ts";
import type { FollowOptions } from "../feed.ts";
import { FeedGroup } from "../feed_group.ts";
import type { SubscribeOptions, Subscriber, Subscription } from "../registry.ts";
import type { Listing, WatchSource } from "../source.ts";

/** Options for {@link FileRegistry}. */
export interface FileRegistryOptions extends FollowOptions {
  /** How often the file is looked at, in ms, > 0. @default {1_000} */
  readonly pollMs?: number | undefined;
}

/**
 * Finds services in a YAML or JSON file and follows its changes. The file has a list of addresses for each service:
 *
 * ```yaml
 * greet.rpc:
 *   - 10.0.0.7:8080
 *   - 10.0.0.8:8080
 * ```
 *
 * It is looked at again and again, not watched: that also sees a file that is exchanged by a link, as mounted
 * configuration is. While it cannot be read, what it said before holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const file = await Deno.makeTempFile({ suffix: ".yaml" });
 * await Deno.writeTextFile(file, "greet.rpc: [10.0.0.7:8080]");
 * await using registry = new FileRegistry(file);
 * assertEquals(await registry.subscribe("greet.rpc").resolve(), ["10.0.0.7:8080"]);
 * ```
 */
export class FileRegistry implements Subscriber, AsyncDisposable {
  readonly #file: string;
  readonly #feeds: FeedGroup;
  readonly #pollMs: number;
  readonly #clock: Clock;

  /** Finds services in `file`, which is read when there is a subscription. */
  constructor(file: string, options: FileRegistryOptions = {}) {
    const { pollMs = 1_000, clock = systemClock } = options;
    if (!(pollMs > 0)) throw new RangeError(`Cannot follow file: need pollMs > 0, got ${pollMs}`);
    this.#file = file;
    this.#pollMs = pollMs;
    this.#clock = clock;
    // A file loses nothing by itself: what it no longer lists is gone.
    this.#feeds = new FeedGroup({ lossGraceMs: 0, ...options });
  }

  /** Follows a service. One that the file does not name has no addresses. */
  subscribe(service: string, options: SubscribeOptions = {}): Subscription {
    return this.#feeds.subscribe(service, service, () => this.#source(service), options);
  }

  /** Ends all subscriptions. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feeds[Symbol.asyncDispose]();
  }

  #source(service: string): WatchSource {
    let seen: string | undefined;
    return {
      name: `"${service}" in ${this.#file}`,
      list: async (): Promise<Listing> => {
        const text = await Deno.readTextFile(this.#file);
        const addresses = addressesOf(text, service, this.#file);
        seen = text;
        return {
          entries: new Map(addresses.map((address) => [`${service}/${address}`, address])),
        };
      },
      watch: async (_listing, _report, signal): Promise<void> => {
        // The text and not its time: two changes may fall into one tick of the file system's clock.
        while (await Deno.readTextFile(this.#file) === seen) {
          await this.#clock.sleep(this.#pollMs, { signal });
        }
      },
    };
  }
}

function addressesOf(text: string, service: string, file: string): string[] {
  const services = parse(text, { schema: "core" }) ?? {};
  if (typeof services !== "object" || Array.isArray(services)) {
    throw new SyntaxError(`Cannot read ${file}: need a list of addresses for each service`);
  }
  const all = services as Record<string, unknown>;
  const addresses = Object.hasOwn(all, service) ? all[service] ?? [] : [];
  const isList = Array.isArray(addresses) &&
    addresses.every((address) => typeof address === "string");
  if (!isList) {
    throw new SyntaxError(`Cannot read ${file}: "${service}" needs a list of addresses`);
  }
  return addresses;
}
