import type { RecordedFailure } from "./breaker.ts";

const KEPT = 5;
/** Longest message that is kept: the text is the callee's, so its size is not ours to trust. */
const MAX_MESSAGE = 200;

/** The last few failures of a breaker. */
export class FailureLog {
  readonly #failures: RecordedFailure[] = [];
  #next = 0;

  add(reason: unknown, wallTimeMs: number): void {
    this.#failures[this.#next] = { wallTimeMs, message: messageOf(reason).slice(0, MAX_MESSAGE) };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Newest first. */
  list(): RecordedFailure[] {
    return [...this.#failures.slice(this.#next), ...this.#failures.slice(0, this.#next)].reverse();
  }
}

/** Reading what a callee threw can itself throw; a breaker must not. */
function messageOf(reason: unknown): string {
  try {
    return reason instanceof Error ? String(reason.message) : String(reason);
  } catch {
    return "unreadable error";
  }
}
