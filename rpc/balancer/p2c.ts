/**
 * The better of two nodes drawn by lot.
 *
 * @module
 */

import { type Clock, type Random, systemClock, systemRandom } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { BalancedNode, Balancer, Pick, PickContext } from "./balancer.ts";
import type { NodeStats } from "./node_stats.ts";
import { type EjectionOptions, OutlierDetector } from "./outlier_detector.ts";
import { P2cPick } from "./_p2c_pick.ts";
import { StatsMemory } from "./_stats_memory.ts";

/** A node that was not chosen for so long, in ms, is given a call to see how it does. */
const FORCE_PICK_MS = 1_000;
/** How often two nodes are drawn in the hope that both are healthy. */
const MAX_DRAWS = 3;
/** How often figures are logged, in ms. */
const LOG_INTERVAL_MS = 60_000;
/** Share with which a node begins that comes new to others. */
const FIRST_SHARE = 0.1;

/** Options for {@link P2cBalancer}. */
export interface P2cOptions {
  /** When nodes that fail are taken out; `false` for never. */
  readonly ejection?: EjectionOptions | false | undefined;
  /** Time in which a node that joins others, or comes back, gets up to its whole share, in ms, >= 0. @default {10_000} */
  readonly slowStartMs?: number | undefined;
  /** Gets the figures of all nodes once a minute, at level stat. */
  readonly logger?: Logger | undefined;
  /** Time source. @default {systemClock} */
  readonly clock?: Clock | undefined;
  /** Draws. @default {systemRandom} */
  readonly random?: Random | undefined;
}

/** How a node does, for people who look. */
export interface NodeFigures {
  /** Who. */
  readonly address: string;
  /** What it has to carry, without unit; the lower the likelier it is chosen. */
  readonly load: number;
  /** Average latency in ms. */
  readonly lagMs: number;
  /** Average success, 0 to 1. */
  readonly success: number;
  /** Calls that have not ended. */
  readonly inFlight: number;
  /** Milliseconds for which it still gets no calls; 0 if it gets some. */
  readonly ejectedForMs: number;
}

/**
 * Draws two nodes and gives the call to the one with less to do, in terms of calls in flight and the root of their
 * latency. A node that was left out for a second gets one call, so that it is noticed when it does better again. Nodes
 * whose calls fail are passed over where there are others.
 *
 * The figures are those of go-zero's `p2c_ewma`. Beyond that, what is known of a node outlives changes of the others
 * and its own reconnecting; a node that fails while others do not is taken out for a while; one that joins others gets
 * its share bit by bit; and one that has not answered yet counts as slow as the one it is compared with, where it would
 * get all calls at once for having no latency, and a node that never answers would keep them.
 *
 * @see Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const balancer = new P2cBalancer();
 * balancer.update([{ address: "10.0.0.1:80" }, { address: "10.0.0.2:80" }]);
 * const pick = balancer.pick()!;
 * pick.done(true);
 * assertEquals(balancer.figures().length, 2);
 * ```
 */
export class P2cBalancer<N extends BalancedNode> implements Balancer<N> {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #slowStartMs: number;
  readonly #detector: OutlierDetector | undefined;
  readonly #logger: Logger | undefined;
  readonly #memory: StatsMemory<N>;
  #all: readonly NodeStats<N>[] = [];
  /** Those that are not ejected. */
  #candidates: readonly NodeStats<N>[] = [];
  /** When the first ejection ends. */
  #nextReturnMs = Infinity;
  /** When there were nodes again after there were none. */
  #sinceMs: number | undefined;
  #loggedAtMs = -Infinity;

  /** Makes a balancer without nodes. */
  constructor(options: P2cOptions = {}) {
    const { clock = systemClock, random = systemRandom, slowStartMs = 10_000 } = options;
    if (!(slowStartMs >= 0)) {
      throw new RangeError(`Cannot balance: need slowStartMs >= 0, got ${slowStartMs}`);
    }
    this.#clock = clock;
    this.#random = random;
    this.#slowStartMs = slowStartMs;
    this.#detector = options.ejection === false ? undefined : new OutlierDetector(options.ejection);
    this.#logger = options.logger;
    this.#memory = new StatsMemory();
  }

  /** Replaces the nodes. */
  update(nodes: readonly N[]): void {
    const nowMs = this.#clock.now();
    const before = new Set(this.#all);
    if (before.size === 0) this.#sinceMs = nodes.length > 0 ? nowMs : undefined;
    this.#all = this.#memory.select(nodes);
    // Nodes that all start together have nobody who could carry their share meanwhile.
    const isSettled = nowMs - (this.#sinceMs ?? nowMs) >= this.#slowStartMs;
    if (isSettled) {
      for (const stats of this.#all) if (!before.has(stats)) this.#ramp(stats, nowMs);
    }
    this.#refresh(nowMs);
  }

  /** Chooses the better of two drawn by lot. */
  pick(context?: PickContext): Pick<N> | undefined {
    const nowMs = this.#clock.now();
    if (nowMs >= this.#nextReturnMs) this.#refresh(nowMs);
    const avoid = context?.avoid;
    const candidates = avoid === undefined || avoid.size === 0
      ? this.#candidates
      : this.#without(avoid);
    if (candidates.length === 0) return undefined;
    const stats = this.#select(candidates, nowMs);
    stats.inFlight++;
    stats.requests++;
    return new P2cPick(stats, nowMs, this.#clock, this.#end);
  }

  /** How the nodes do now. */
  figures(): NodeFigures[] {
    const nowMs = this.#clock.now();
    return this.#all.map((stats) => ({
      address: stats.node.address,
      load: stats.load,
      lagMs: stats.lagNs / 1e6,
      success: stats.success / 1_000,
      inFlight: stats.inFlight,
      ejectedForMs: Math.max(0, (stats.ejectedUntilMs ?? nowMs) - nowMs),
    }));
  }

  /** Takes note that a call has ended. Bound once, not for each call. */
  readonly #end = (
    stats: NodeStats<N>,
    startedAtMs: number,
    answeredAtMs: number | undefined,
    succeeded: boolean | undefined,
  ): void => {
    if (succeeded === undefined) {
      stats.inFlight--;
      return;
    }
    const nowMs = this.#clock.now();
    stats.end((answeredAtMs ?? nowMs) - startedAtMs, nowMs, succeeded);
    if (!succeeded && this.#detector?.check(stats, this.#all, nowMs)) this.#refresh(nowMs);
    if (this.#logger && nowMs - this.#loggedAtMs >= LOG_INTERVAL_MS) this.#log(nowMs);
  };

  #select(candidates: readonly NodeStats<N>[], nowMs: number): NodeStats<N> {
    const { length } = candidates;
    if (length === 1) {
      const only = candidates[0]!;
      only.pickedAtMs = nowMs;
      return only;
    }
    if (length === 2) return this.#choose(candidates[0]!, candidates[1]!, nowMs);
    for (let draw = 1;; draw++) {
      const first = Math.floor(this.#random() * length);
      const second = Math.floor(this.#random() * (length - 1));
      const a = candidates[first]!;
      // Of the others, so that no node is compared with itself.
      const b = candidates[second >= first ? second + 1 : second]!;
      if (draw === MAX_DRAWS || (a.isHealthy && b.isHealthy)) return this.#choose(a, b, nowMs);
    }
  }

  #choose(a: NodeStats<N>, b: NodeStats<N>, nowMs: number): NodeStats<N> {
    // One that nothing is known of is taken for as slow as the other, not for infinitely fast.
    const rootOfA = a.lagNs === 0 ? b.lagRoot : a.lagRoot;
    const rootOfB = b.lagNs === 0 ? a.lagRoot : b.lagRoot;
    const isFirstHeavier = rootOfA * (a.inFlight + 1) > rootOfB * (b.inFlight + 1);
    const lighter = isFirstHeavier ? b : a;
    const heavier = isFirstHeavier ? a : b;
    let chosen = nowMs - heavier.pickedAtMs > FORCE_PICK_MS ? heavier : lighter;
    if (chosen.rampSinceMs !== undefined && !this.#mayRamp(chosen, nowMs)) {
      chosen = chosen === a ? b : a;
    }
    chosen.pickedAtMs = nowMs;
    return chosen;
  }

  /** Whether a node that is on its way to its whole share gets this call. */
  #mayRamp(stats: NodeStats<N>, nowMs: number): boolean {
    const share = (nowMs - stats.rampSinceMs!) / this.#slowStartMs;
    if (share < 1) return this.#random() < Math.max(FIRST_SHARE, share);
    stats.rampSinceMs = undefined;
    return true;
  }

  #ramp(stats: NodeStats<N>, nowMs: number): void {
    if (this.#slowStartMs > 0) stats.rampSinceMs = nowMs;
  }

  /** Lets nodes back in whose time is up, and notes who can be chosen. */
  #refresh(nowMs: number): void {
    this.#nextReturnMs = Infinity;
    for (const stats of this.#all) {
      if (stats.ejectedUntilMs === undefined) continue;
      if (stats.ejectedUntilMs <= nowMs) {
        stats.ejectedUntilMs = undefined;
        stats.returnedAtMs = nowMs;
        stats.failuresInRow = 0;
        stats.recentCalls = 0;
        stats.recentFailures = 0;
        this.#ramp(stats, nowMs);
      } else this.#nextReturnMs = Math.min(this.#nextReturnMs, stats.ejectedUntilMs);
    }
    const candidates = this.#all.filter(({ ejectedUntilMs }) => ejectedUntilMs === undefined);
    // Of nodes that left meanwhile all that remain may be out; one of them is better than none.
    this.#candidates = candidates.length > 0 ? candidates : this.#all;
  }

  #without(avoid: ReadonlySet<BalancedNode>): readonly NodeStats<N>[] {
    const others = this.#candidates.filter(({ node }) => !avoid.has(node));
    return others.length > 0 ? others : this.#candidates;
  }

  #log(nowMs: number): void {
    this.#loggedAtMs = nowMs;
    const lines = this.#all.map((stats) => {
      const line = `conn: ${stats.node.address}, load: ${stats.load}, reqs: ${stats.requests}`;
      stats.requests = 0;
      return line;
    });
    this.#logger!.stat(`p2c - ${lines.join("; ")}`);
  }
}
