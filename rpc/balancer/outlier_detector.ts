/**
 * Taking nodes out that fail while others do not.
 *
 * @module
 */

import type { BalancedNode } from "./balancer.ts";
import type { NodeStats } from "./node_stats.ts";

/** Options of ejection. */
export interface EjectionOptions {
  /** Failures in a row that eject, an integer >= 1. @default {5} */
  readonly failuresInRow?: number | undefined;
  /** Share of recent calls that failed which ejects, 0 < share <= 1, if the other nodes do twice as well. @default {0.3} */
  readonly failureShare?: number | undefined;
  /** Recent calls that a share needs to mean something, > 0. @default {10} */
  readonly minCalls?: number | undefined;
  /** How long a node is out the first time, in ms, > 0; doubles each time in a row. @default {5_000} */
  readonly baseMs?: number | undefined;
  /** How long it is out at most, in ms. @default {60_000} */
  readonly maxMs?: number | undefined;
  /** Share of all nodes that may be out at a time, 0 to 1: if all fail, it is not the nodes. @default {0.5} */
  readonly maxShare?: number | undefined;
}

/** A node that went this long without being ejected begins anew, in terms of the time it was out. */
const FORGIVE_FACTOR = 4;

/** Says when a node is to be taken out, and for how long. */
export class OutlierDetector {
  readonly #options: Required<{ [K in keyof EjectionOptions]: number }>;

  /** Makes a detector. */
  constructor(options: EjectionOptions = {}) {
    const { failuresInRow = 5, failureShare = 0.3, minCalls = 10 } = options;
    const { baseMs = 5_000, maxMs = 60_000, maxShare = 0.5 } = options;
    const isValid = failuresInRow >= 1 && failureShare > 0 && failureShare <= 1 && minCalls > 0 &&
      baseMs > 0 && maxMs >= baseMs && maxShare >= 0 && maxShare <= 1;
    if (!isValid) {
      throw new RangeError(
        "Cannot eject nodes: need failuresInRow >= 1, 0 < failureShare <= 1, minCalls > 0, " +
          "0 < baseMs <= maxMs and 0 <= maxShare <= 1",
      );
    }
    this.#options = { failuresInRow, failureShare, minCalls, baseMs, maxMs, maxShare };
  }

  /**
   * Looks at a node whose call has just failed, and ejects it if it is an outlier among `all`. Tells whether it has.
   */
  check<N extends BalancedNode>(
    stats: NodeStats<N>,
    all: readonly NodeStats<N>[],
    nowMs: number,
  ): boolean {
    if (stats.ejectedUntilMs !== undefined || !this.#isOutlier(stats, all)) return false;
    const out = all.filter((each) => each.ejectedUntilMs !== undefined).length;
    if (out + 1 > Math.floor(all.length * this.#options.maxShare)) return false;
    this.#eject(stats, nowMs);
    return true;
  }

  #isOutlier<N extends BalancedNode>(
    stats: NodeStats<N>,
    all: readonly NodeStats<N>[],
  ): boolean {
    const { failuresInRow, failureShare, minCalls } = this.#options;
    if (stats.failuresInRow >= failuresInRow) return true;
    if (stats.recentCalls < minCalls) return false;
    const share = stats.recentFailures / stats.recentCalls;
    if (share < failureShare) return false;
    let calls = 0;
    let failures = 0;
    for (const other of all) {
      if (other === stats) continue;
      calls += other.recentCalls;
      failures += other.recentFailures;
    }
    return failures / calls <= share / 2; // Of nobody there is no share, and no outlier.
  }

  #eject<N extends BalancedNode>(stats: NodeStats<N>, nowMs: number): void {
    const { baseMs, maxMs } = this.#options;
    const lastMs = Math.min(maxMs, baseMs * 2 ** Math.max(0, stats.ejections - 1));
    const isForgiven = nowMs - stats.returnedAtMs > FORGIVE_FACTOR * lastMs;
    stats.ejections = isForgiven ? 1 : stats.ejections + 1;
    stats.ejectedUntilMs = nowMs + Math.min(maxMs, baseMs * 2 ** (stats.ejections - 1));
  }
}
