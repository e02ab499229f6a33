import type { DeadlineWheel } from "../async/deadline_wheel.ts";
import type { Timer } from "../clock.ts";

/** What a watch waits for. */
export interface Watched {
  readonly deadlines: DeadlineWheel;
  /** Monotonic time by `deadlines`; `Infinity` for none. */
  readonly atMs: number;
  readonly sources: readonly AbortSignal[];
}

/**
 * Waits for the time or for one of the signals, whichever comes first, and tells `onEnd` once: of the
 * aborted signal, or of none if it was time. Disposing it takes the timer and all listeners away.
 */
export class Watch implements Disposable {
  readonly #watched: Watched;
  readonly #onEnd: (source: AbortSignal | undefined) => void;
  readonly #timer: Timer | undefined;
  readonly #onAbort: (() => void) | undefined;

  constructor(watched: Watched, onEnd: (source: AbortSignal | undefined) => void) {
    const { deadlines, atMs, sources } = watched;
    this.#watched = watched;
    this.#onEnd = onEnd;
    if (atMs !== Infinity) {
      this.#timer = deadlines.scheduleAt(atMs, () => this.#end(undefined));
    }
    if (sources.length === 0) return; // The common case makes no closure for listeners.
    const onAbort = () => this.#end(sources.find((source) => source.aborted));
    this.#onAbort = onAbort;
    for (const source of sources) source.addEventListener("abort", onAbort, { once: true });
  }

  #end(source: AbortSignal | undefined): void {
    this[Symbol.dispose]();
    this.#onEnd(source);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    if (!this.#onAbort) return;
    for (const source of this.#watched.sources) source.removeEventListener("abort", this.#onAbort);
  }
}
