/**
 * Why calls were refused: the last decisions of the protections of a server, kept for whoever asks.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** One refusal. */
export interface Decision {
  /** Names the decision; the refused caller is told it too. */
  readonly id: string;
  /** Who refused, such as `breaker`. */
  readonly protection: string;
  /** What was called: a route, or a method. */
  readonly target: string;
  /** When, in ms since the Unix epoch. */
  readonly wallTimeMs: number;
  /** What the protection knew. */
  readonly report: object;
}

/** Options for {@link DecisionLog}. */
export interface DecisionLogOptions {
  /** Decisions kept, an integer >= 1. @default {256} */
  capacity?: number;
  /** Time source. */
  clock: Clock;
}

/**
 * The last refusals of a server. A caller that was refused has the id of the decision, and this has what the protection knew
 * when it refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemClock } from "../clock.ts";
 * const decisions = new DecisionLog({ clock: systemClock });
 * const id = decisions.add("max_conns", "/greet.Greeter/Say", { limit: 10, inFlight: 10 });
 * assertEquals(decisions.explain(id)?.report, { limit: 10, inFlight: 10 });
 * ```
 */
export class DecisionLog {
  readonly #capacity: number;
  readonly #clock: Clock;
  /** Differs between processes, so that ids of two instances do not meet in one log. */
  readonly #prefix = crypto.randomUUID().slice(0, 8);
  /** A ring: the decision numbered `n` is at `n % capacity`. */
  readonly #kept: Decision[] = [];
  #count = 0;

  /**
   * Makes an empty log.
   *
   * @throws {RangeError} If `capacity` is not an integer >= 1.
   */
  constructor(options: DecisionLogOptions) {
    const { capacity = 256 } = options;
    if (!(Number.isInteger(capacity) && capacity >= 1)) {
      throw new RangeError(`Cannot log decisions: need an integer capacity >= 1, got ${capacity}`);
    }
    this.#capacity = capacity;
    this.#clock = options.clock;
  }

  /** Decisions since the start, those forgotten included. */
  get count(): number {
    return this.#count;
  }

  /** Notes a refusal, in the place of the oldest if there is no room; answers its id. */
  add(protection: string, target: string, report: object): string {
    const id = `${this.#prefix}-${this.#count}`;
    const wallTimeMs = this.#clock.wallTime();
    this.#kept[this.#count % this.#capacity] = { id, protection, target, wallTimeMs, report };
    this.#count++;
    return id;
  }

  /** The decision of this id, unless it is forgotten. */
  explain(id: string): Decision | undefined {
    const number = Number(id.slice(this.#prefix.length + 1));
    const decision = this.#kept[number % this.#capacity];
    return decision?.id === id ? decision : undefined;
  }

  /** The decisions that are kept, newest first. */
  list(): Decision[] {
    const newest = this.#kept.slice(0, this.#count % this.#capacity).reverse();
    return [...newest, ...this.#kept.slice(this.#count % this.#capacity).reverse()];
  }
}
