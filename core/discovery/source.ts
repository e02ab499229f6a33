/**
 * What can be listed and then followed: all that a subscription needs of a registry.
 *
 * @module
 */

import type { EntryChange } from "./entry_set.ts";

/** All entries of one moment. */
export interface Listing {
  /** Keys with their values. */
  readonly entries: ReadonlyMap<string, string>;
  /**
   * Which moment, where the registry counts them; a smaller one than before says that it has lost its data.
   */
  readonly revision?: bigint | undefined;
}

/** What is followed. */
export interface WatchSource {
  /** What it is called in logs, such as `etcd key "greet.rpc"`. */
  readonly name: string;
  /** Reads all entries. Rejects if it cannot, soon: the caller tries again. */
  list(signal: AbortSignal): Promise<Listing>;
  /**
   * Reports every change since `listing`, those that belong together in one call. Resolves when it has to be listed
   * anew, rejects when the registry is lost or the signal is aborted.
   */
  watch(
    listing: Listing,
    report: (changes: readonly EntryChange[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Where the last good list of a subscription outlives the process. */
export interface LastGoodStore {
  /** The entries last saved under `name`, unless they are too old or cannot be read. */
  load(name: string): Promise<ReadonlyMap<string, string> | undefined>;
  /** Saves entries under `name`. */
  save(name: string, entries: ReadonlyMap<string, string>): Promise<void>;
}
