/**
 * Entries that a registry has lost, kept until their owners had time to come back.
 *
 * @module
 */

import type { Clock, Timer } from "../clock.ts";
import type { EntryChange } from "./entry_set.ts";

/**
 * A registry that starts anew without its data, or with none left, says that nobody is there, while everybody is. Those
 * who were there are kept for a while, and go when they have not registered again by then.
 */
export class HeldEntries {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #expire: (changes: readonly EntryChange[]) => void;
  readonly #held = new Map<string, string>();
  #timer: Timer | undefined;

  /** `expire` is told of the entries whose time is up. */
  constructor(clock: Clock, graceMs: number, expire: (changes: readonly EntryChange[]) => void) {
    if (!(graceMs >= 0)) {
      throw new RangeError(`Cannot follow registry: need lossGraceMs >= 0, got ${graceMs}`);
    }
    this.#clock = clock;
    this.#graceMs = graceMs;
    this.#expire = expire;
  }

  /** What is to be believed of a new list: the list, and what is kept of the one before. */
  keep(
    before: ReadonlyMap<string, string>,
    listed: ReadonlyMap<string, string>,
    hasLostData: boolean,
  ): ReadonlyMap<string, string> {
    if (this.#graceMs > 0 && (hasLostData || listed.size === 0)) {
      for (const [key, value] of before) this.#held.set(key, value);
    }
    for (const key of listed.keys()) this.#held.delete(key);
    if (this.#held.size === 0) return listed;
    this.#timer ??= this.#clock.setTimer(() => this.#end(), this.#graceMs);
    return new Map([...this.#held, ...listed]);
  }

  /** Stops the time until the next list: nobody can come back to a registry that is away. */
  pause(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Lets go of a key that the registry speaks of again. */
  release(key: string): void {
    this.#held.delete(key);
  }

  /** Lets go of all. */
  clear(): void {
    this.pause();
    this.#held.clear();
  }

  #end(): void {
    const keys = [...this.#held.keys()];
    this.clear();
    this.#expire(keys.map((key) => ({ type: "delete", key })));
  }
}
