/**
 * What is known of a node from the calls it took.
 *
 * @module
 */

import type { BalancedNode } from "./balancer.ts";

/** Time in which an average forgets all but 1/e of what was, in ms. */
const DECAY_MS = 10_000;
/** Success of a node that has never failed. */
const FULL_SUCCESS = 1_000;
/** At this success or below a node is passed over where there is another. */
const THROTTLE_SUCCESS = 500;
const NS_PER_MS = 1e6;

/**
 * Averages of a node, exponentially weighted by time: recent calls count, old ones fade, however many there were.
 *
 * @see Finagle's "peak EWMA" and https://en.wikipedia.org/wiki/Moving_average#Exponential_moving_average
 */
export class NodeStats<N extends BalancedNode> {
  /** Who it is. Another object after the node has reconnected. */
  node: N;
  /** Average latency in ns, an integer; 0 before the first call has ended. */
  lagNs = 0;
  /** Average success, 0 to 1000, an integer. */
  success = FULL_SUCCESS;
  /** Calls that have not ended. */
  inFlight = 0;
  /** Calls since the figures were last logged. */
  requests = 0;
  /** When a call last ended, in ms of monotonic time. */
  endedAtMs = -Infinity;
  /** When it was last chosen. */
  pickedAtMs = -Infinity;
  /** Whole root of the latency: kept, since a choice needs it and is made more often than a call ends. */
  lagRoot = 1;
  /** Calls that ended of late; each counts less the older it is. */
  recentCalls = 0;
  /** Those of them that failed. */
  recentFailures = 0;
  /** Failures since the last success. */
  failuresInRow = 0;
  /** Since when it gets its share back bit by bit, in ms; `undefined` if it has it all. */
  rampSinceMs: number | undefined;
  /** Until when it gets no calls, in ms; `undefined` if it may have some. */
  ejectedUntilMs: number | undefined;
  /** When it was last let back in. */
  returnedAtMs = -Infinity;
  /** How often in a row it has been ejected. */
  ejections = 0;

  /** Statistics of a node that nothing is known of. */
  constructor(node: N) {
    this.node = node;
  }

  /** What it has to carry: calls in flight by the root of their latency. */
  get load(): number {
    return this.lagRoot * (this.inFlight + 1);
  }

  /** Whether its calls succeed more often than not. */
  get isHealthy(): boolean {
    return this.success > THROTTLE_SUCCESS;
  }

  /** A call has ended at `nowMs`, and took `latencyMs` as far as that is a measure of the node. */
  end(latencyMs: number, nowMs: number, succeeded: boolean): void {
    this.inFlight--;
    const sinceMs = Math.max(0, nowMs - this.endedAtMs);
    this.endedAtMs = nowMs;
    const decay = Math.exp(-sinceMs / DECAY_MS);
    // Of a node that has no latency yet the first sample is all there is to know.
    const weight = this.lagNs === 0 ? 0 : decay;
    const sampleNs = Math.max(0, Math.trunc(latencyMs * NS_PER_MS));
    const grade = succeeded ? FULL_SUCCESS : 0;
    this.lagNs = Math.trunc(this.lagNs * weight + sampleNs * (1 - weight));
    this.success = Math.trunc(this.success * weight + grade * (1 - weight));
    this.lagRoot = Math.trunc(Math.sqrt(this.lagNs + 1));
    // Five times as forgetful: an outlier must be seen within seconds.
    const fast = decay * decay * decay * decay * decay;
    this.recentCalls = this.recentCalls * fast + 1;
    this.recentFailures = this.recentFailures * fast + (succeeded ? 0 : 1);
    this.failuresInRow = succeeded ? 0 : this.failuresInRow + 1;
  }
}
