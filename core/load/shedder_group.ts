import { AdaptiveShedder, type AdaptiveShedderOptions } from "./adaptive_shedder.ts";
import { LoopSignal } from "./loop_signal.ts";
import type { Shedder } from "./shedder.ts";

/** Options for {@link ShedderGroup}, and for the shedders it makes. */
export interface ShedderGroupOptions extends Omit<AdaptiveShedderOptions, "signal"> {
  /** Makes a shedder. @default {an AdaptiveShedder of these options, all looking at one event loop} */
  create?: ((key: string) => Shedder) | undefined;
}

/**
 * Shedders by key, made when first asked for, such as one for each route: what a quick route is served
 * in must not be the measure of a slow one. Keys are of the program's own making, so they are kept
 * until the group is disposed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * using shedders = new ShedderGroup();
 * assertEquals(shedders.get("GET /orders") === shedders.get("GET /orders"), true);
 * ```
 */
export class ShedderGroup implements Disposable {
  readonly #create: (key: string) => Shedder;
  readonly #signal: LoopSignal;
  readonly #shedders = new Map<string, Shedder>();

  /** Makes an empty group. */
  constructor(options: ShedderGroupOptions = {}) {
    const { clock } = options;
    const sharing = this.#signal = new LoopSignal({ clock });
    this.#create = options.create ??
      (() => new AdaptiveShedder({ ...options, signal: new LoopSignal({ sharing, clock }) }));
  }

  /** Number of shedders made. */
  get size(): number {
    return this.#shedders.size;
  }

  /** The shedder of this key. */
  get(key: string): Shedder {
    let shedder = this.#shedders.get(key);
    if (!shedder) this.#shedders.set(key, shedder = this.#create(key));
    return shedder;
  }

  /** The keys and shedders made so far. */
  [Symbol.iterator](): IterableIterator<[string, Shedder]> {
    return this.#shedders.entries();
  }

  /** Disposes all shedders, and forgets them. */
  [Symbol.dispose](): void {
    for (const shedder of this.#shedders.values()) shedder[Symbol.dispose]();
    this.#shedders.clear();
    this.#signal[Symbol.dispose]();
  }
}
