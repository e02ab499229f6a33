/** Hands an item on. Await the answer: it is a promise while the consumer lags behind. */
export type Emit<T> = (item: T) => void | Promise<void>;

/** What callbacks that run concurrently get. */
export interface WalkContext {
  /** Aborted when the stream is closed or has failed. Made when first asked for. */
  readonly signal: AbortSignal;
}

/** Options of steps that work on several items at once. */
export interface WorkOptions<T> {
  /**
   * Items worked on at once: an integer, fewer than 1 are raised to 1, or `Infinity`. As many results
   * wait for the consumer before workers are held back.
   * @default {16}
   */
  workers?: number | undefined;
  /** Whether results keep the order of the items they come from. @default {false} */
  ordered?: boolean | undefined;
  /**
   * Told of what the callback throws; the item is dropped then and the stream goes on. Without it the
   * stream fails with what was thrown.
   */
  onError?: ((error: unknown, item: T) => void) | undefined;
}

/** Orders items as `Array.prototype.sort` does: negative if `a` comes first. */
export type Compare<T> = (a: T, b: T) => number;

/** Options for making a stream. */
export interface StreamOptions {
  /** Closes the source once aborted; the consumer gets its reason. */
  signal?: AbortSignal | undefined;
}
