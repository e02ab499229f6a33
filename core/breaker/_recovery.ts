/** Probes in a row that must succeed before the past is forgotten. */
const PROBES_TO_CLOSE = 8;

/**
 * How an open breaker finds out that its callee is back. A probe is due a while after the last call
 * that was let through; each success halves that while, so a callee that is back sees its load
 * double with each answer, and after eight successes in a row gets all of it. Waiting for
 * the window to forget the failures would refuse calls for ten seconds more.
 *
 * A callee that fails half of its calls passes eight probes once in 256 tries.
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

  /** Such a call succeeded. Answers whether the callee is back. */
  succeeded(): boolean {
    this.#successes++;
    return this.#successes >= PROBES_TO_CLOSE;
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
