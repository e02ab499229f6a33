import type { DropInputs } from "./drop_ratio.ts";

/** Fewest probes in a row that must succeed before the past is forgotten. */
const MIN_PROBES = 8;

/** How likely so many successes in a row may be for a callee that is no better than before. */
const CHANCE = 1e-6;

/**
 * How an open breaker finds out that its callee is back. A probe is due a while after the last call
 * that was let through; each success halves that while, so a callee that is back sees its load
 * double with each answer, and after eight successes in a row gets all of it. Waiting for
 * the window to forget the failures would refuse calls for ten seconds more.
 *
 * A callee that fails only some of its calls has runs of success by chance, so it must show longer ones.
 */
export class Recovery {
  readonly #probeMs: number;
  #lastPassMs: number | undefined;
  #successes = 0;

  constructor(probeMs: number) {
    this.#probeMs = probeMs;
  }

  /** Whether probes have begun to succeed. */
  get begun(): boolean {
    return this.#successes > 0;
  }

  /** Whether a probe is due. There is none before the first call that chance let through. */
  isProbeDue(nowMs: number): boolean {
    return this.#lastPassMs !== undefined && nowMs - this.#lastPassMs > this.#intervalMs();
  }

  /** Time until a probe is due, in ms. */
  dueInMs(nowMs: number): number {
    if (this.#lastPassMs === undefined) return this.#probeMs;
    return Math.max(0, this.#lastPassMs + this.#intervalMs() - nowMs);
  }

  /** A call was let through although the callee is behind. */
  passed(nowMs: number): void {
    this.#lastPassMs = nowMs;
  }

  /** Such a call succeeded, and is counted in the window. Answers whether the callee is back. */
  succeeded({ accepted, total, dropped }: DropInputs & { readonly dropped: number }): boolean {
    this.#successes++;
    if (this.#successes < MIN_PROBES) return false;
    // The run itself is no part of how good it was; nor is what has left the window.
    const others = Math.max(0, accepted - this.#successes);
    const before = others / Math.max(1, others + total - dropped - accepted);
    return before ** this.#successes <= CHANCE;
  }

  /** Any call failed. */
  failed(): void {
    this.#successes = 0;
  }

  reset(): void {
    this.#lastPassMs = undefined;
    this.#successes = 0;
  }

  #intervalMs(): number {
    return this.#probeMs / 2 ** this.#successes;
  }
}
