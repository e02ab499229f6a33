import type { CircuitOpenError } from "./errors.ts";

/** Options for {@link Breaker.allow}. */
export interface AllowOptions {
  /** If aborted already, its reason is thrown and nothing is recorded. */
  signal?: AbortSignal | undefined;
}

/** Options for {@link Breaker.run}. */
export interface RunOptions<T> extends AllowOptions {
  /** Gives the answer when the circuit is open. What it does is not recorded. */
  fallback?: ((error: CircuitOpenError) => T | PromiseLike<T>) | undefined;
  /**
   * Whether what the call threw is the callee's failure. Not asked about sheds and cancels, which
   * never count. The error is thrown on either way. @default {isCalleeFailure}
   */
  isFailure?: ((error: unknown) => boolean) | undefined;
  /** Whether an answer is a failure though nothing was thrown. @default {() => false} */
  isFailedResult?: ((value: T) => boolean) | undefined;
}

/** A call in two steps: allowed now, its outcome told later. Only the first word counts. */
export interface BreakerToken extends Disposable {
  /** The callee did its work. */
  accept(): void;
  /** The callee failed. A shed or a cancel as the reason counts as no outcome. */
  reject(reason?: unknown): void;
  /** No outcome. Does nothing after {@link accept} or {@link reject}. */
  [Symbol.dispose](): void;
}

/** A failure that a breaker remembers. */
export interface RecordedFailure {
  /** When it was recorded, in ms since the Unix epoch. */
  readonly wallTimeMs: number;
  /** What the callee answered. */
  readonly message: string;
}

/** Why a breaker does what it does. Counts are of the window. */
export interface BreakerReport {
  /** Name of the breaker. */
  readonly name: string;
  /** `open` refuses calls; `half_open` does too, but its probes have begun to succeed. */
  readonly state: "closed" | "open" | "half_open";
  /** Calls, refused ones included. */
  readonly total: number;
  /** Calls the callee did its work for. */
  readonly accepted: number;
  /** Calls the callee failed. */
  readonly failed: number;
  /** Calls that were refused. */
  readonly dropped: number;
  /** Probability that the next call is refused, 0 to 1. */
  readonly dropRatio: number;
  /** Trailing buckets with successes and no failure. */
  readonly workingBuckets: number;
  /** Trailing buckets with failures and no success. */
  readonly failingBuckets: number;
  /** Time until a call is let through as a probe, in ms; 0 if the next one is. */
  readonly retryAfterMs: number;
  /** The last failures, newest first. */
  readonly lastFailures: readonly RecordedFailure[];
}

/** Keeps calls away from a callee that does not do its work. */
export interface Breaker {
  /** Name of the breaker. */
  readonly name: string;
  /**
   * Runs `fn` unless the circuit is open, and records its outcome. What `fn` returns or throws comes
   * back unchanged.
   *
   * @throws {CircuitOpenError} If the circuit is open and there is no `fallback`.
   */
  run<T>(fn: () => T | PromiseLike<T>, options?: RunOptions<T>): Promise<T>;
  /**
   * Allows a call whose outcome is told later, for callers that cannot wrap it in a function.
   *
   * @throws {CircuitOpenError} If the circuit is open.
   */
  allow(options?: AllowOptions): BreakerToken;
  /** What the breaker knows now. Changes nothing. */
  explain(): BreakerReport;
}
