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
export function watch(
  watched: Watched,
  onEnd: (source?: AbortSignal) => void,
): Disposable | undefined {
  if (watched.sources.length > 0) return new Watch(watched, onEnd);
  // The common case: the timer alone will do.
  return watched.atMs === Infinity ? undefined : watched.deadlines.scheduleAt(watched.atMs, onEnd);
}

class Watch implements Disposable {
  readonly #sources: readonly AbortSignal[];
  readonly #onEnd: (source?: AbortSignal) => void;
  readonly #timer: Timer | undefined;
  readonly #onAbort = () => this.#end(this.#sources.find((source) => source.aborted));

  constructor(watched: Watched, onEnd: (source?: AbortSignal) => void) {
    const { deadlines, atMs, sources } = watched;
    this.#sources = sources;
    this.#onEnd = onEnd;
    if (atMs !== Infinity) {
      this.#timer = deadlines.scheduleAt(atMs, () => this.#end(undefined));
    }
    for (const source of sources) source.addEventListener("abort", this.#onAbort, { once: true });
  }

  #end(source: AbortSignal | undefined): void {
    this[Symbol.dispose]();
    this.#onEnd(source);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    for (const source of this.#sources) source.removeEventListener("abort", this.#onAbort);
  }
}
