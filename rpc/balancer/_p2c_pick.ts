/**
 * Calls that have been given to nodes.
 *
 * @module
 */

import type { Clock } from "../../core/clock.ts";
import type { BalancedNode, Pick } from "./balancer.ts";
import type { NodeStats } from "./node_stats.ts";

/** Told of the end of a call. */
export type EndOfCall<N extends BalancedNode> = (
  stats: NodeStats<N>,
  startedAtMs: number,
  answeredAtMs: number | undefined,
  succeeded: boolean | undefined,
) => void;

/** A call that was given to a node. */
export class P2cPick<N extends BalancedNode> implements Pick<N> {
  readonly node: N;
  readonly #stats: NodeStats<N>;
  readonly #startedAtMs: number;
  readonly #clock: Clock;
  #answeredAtMs: number | undefined;
  #end: EndOfCall<N> | undefined;

  constructor(stats: NodeStats<N>, startedAtMs: number, clock: Clock, end: EndOfCall<N>) {
    this.node = stats.node;
    this.#stats = stats;
    this.#startedAtMs = startedAtMs;
    this.#clock = clock;
    this.#end = end;
  }

  answered(): void {
    this.#answeredAtMs ??= this.#clock.now();
  }

  done(succeeded: boolean | undefined): void {
    const end = this.#end;
    this.#end = undefined;
    end?.(this.#stats, this.#startedAtMs, this.#answeredAtMs, succeeded);
  }
}
