/**
 * Keys of etcd as something that can be followed.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import type { EntryChange } from "../entry_set.ts";
import type { Listing, WatchSource } from "../source.ts";
import type { EtcdClient, EtcdEvent, KeyRange } from "./client.ts";
import { CompactedError, EtcdError } from "./errors.ts";

/** Options for {@link KeySource}. */
export interface KeySourceOptions {
  /**
   * How often, in ms, > 0, it is checked that the watch still hears of changes: a connection can die without a sound.
   * @default {5_000}
   */
  readonly probeMs?: number | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/** Failed probes, or probes that saw what the watch has not, after which the watch is given up. */
const MAX_BAD_PROBES = 2;

/** What a watch has heard so far. */
interface Heard {
  readonly keys: Set<string>;
  /** The latest revision it knows of. */
  revision: bigint;
}

/** Lists and watches keys of etcd. */
export class KeySource implements WatchSource {
  readonly name: string;
  readonly #client: EtcdClient;
  readonly #range: KeyRange;
  readonly #probeMs: number;
  readonly #clock: Clock;

  /** Makes a source of the keys in `range`. */
  constructor(client: EtcdClient, range: KeyRange, options: KeySourceOptions = {}) {
    const { probeMs = 5_000, clock = systemClock } = options;
    if (!(probeMs > 0)) {
      throw new RangeError(`Cannot follow etcd key: need probeMs > 0, got ${probeMs}`);
    }
    this.name = `${client.name} ${range.prefix ? "keys below" : "key"} "${range.key}"`;
    this.#client = client;
    this.#range = range;
    this.#probeMs = probeMs;
    this.#clock = clock;
  }

  async list(signal: AbortSignal): Promise<Listing> {
    const { revision, entries } = await this.#client.range(this.#range, { signal });
    return { revision, entries: new Map(entries.map(({ key, value }) => [key, value])) };
  }

  async watch(
    listing: Listing,
    report: (changes: readonly EntryChange[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const revision = listing.revision ?? 0n;
    const heard: Heard = { keys: new Set(listing.entries.keys()), revision };
    const epoch = new AbortController();
    const onAbort = () => epoch.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const watching = this.#client.watch(this.#range, {
      fromRevision: revision + 1n,
      onEvents: (events) => {
        // A connection that was given up may still hold something.
        if (!epoch.signal.aborted) report(events.map((event) => changeOf(event, heard)));
      },
      signal: epoch.signal,
    });
    const probing = this.#probe(heard, epoch.signal);
    try {
      signal.throwIfAborted();
      await Promise.race([watching, probing]);
    } catch (error) {
      // All is listed anew at once; nothing is wrong with etcd.
      if (!(error instanceof CompactedError)) throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      epoch.abort();
      await Promise.allSettled([watching, probing]);
    }
  }

  /** Rejects once the watch can no longer be trusted. */
  async #probe(heard: Heard, signal: AbortSignal): Promise<never> {
    let failed = 0;
    let behind = 0;
    for (;;) {
      const before = heard.revision;
      await this.#clock.sleep(this.#probeMs, { signal });
      try {
        const isBehind = await this.#isBehind(heard, signal);
        // A watch that hears something is alive, be it a little late.
        behind = isBehind && heard.revision === before ? behind + 1 : 0;
        failed = 0;
      } catch (error) {
        if (signal.aborted || ++failed >= MAX_BAD_PROBES) throw error;
      }
      if (behind >= MAX_BAD_PROBES) {
        throw new EtcdError("unavailable", `Cannot watch ${this.name}: the watch has gone silent`);
      }
    }
  }

  /** Whether there are changes that the watch has not heard of. */
  async #isBehind(heard: Heard, signal: AbortSignal): Promise<boolean> {
    const { revision, keys } = heard;
    const answer = await this.#client.range(this.#range, {
      limit: 1,
      keysOnly: true,
      minModRevision: revision + 1n,
      signal,
    });
    return answer.entries.length > 0 || answer.count !== keys.size || answer.revision < revision;
  }
}

function changeOf({ type, entry }: EtcdEvent, heard: Heard): EntryChange {
  const { key, value, modRevision } = entry;
  if (modRevision > heard.revision) heard.revision = modRevision;
  if (type === "delete") {
    heard.keys.delete(key);
    return { type, key };
  }
  heard.keys.add(key);
  return { type, key, value };
}
