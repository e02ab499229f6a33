/**
 * What must go on when not all can. `critical` work is refused last, `sheddable` work first. A route
 * with go-zero's `priority` is critical.
 */
export type Criticality = "critical" | "normal" | "sheddable";

/** Options for {@link Shedder.allow}. */
export interface ShedderAllowOptions {
  /** What becomes of the request when not all can be served. @default {"normal"} */
  criticality?: Criticality | undefined;
}

/** A request that was let in. Its outcome is told once; only the first word counts. */
export interface ShedderToken extends Disposable {
  /**
   * The request was served: its time counts.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already.
   */
  pass(nowMs?: number): void;
  /** The request was not served: it leaves, and its time says nothing. */
  fail(): void;
  /** The same as {@link fail}; does nothing after {@link pass}. */
  [Symbol.dispose](): void;
}

/** Why a shedder does what it does. */
export interface ShedderReport {
  /** Whether a request of this criticality is let in. */
  readonly allowed: boolean;
  /** The criticality that was asked about. */
  readonly criticality: Criticality;
  /** Pressure on the process, 0 to 1000. */
  readonly level: number;
  /** Level from which on requests may be refused. */
  readonly threshold: number;
  /** Whether something was refused and the pressure was over the threshold a moment ago. */
  readonly coolingOff: boolean;
  /** How late the event loop is, in ms. */
  readonly lagMs: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Their moving average. */
  readonly averageInFlight: number;
  /** Requests that wait for the event loop and have not been seen yet; an estimate. */
  readonly waiting: number;
  /** Requests in flight and waiting that are too many. */
  readonly limit: number;
  /** Most requests served in one bucket of the window. */
  readonly maxPass: number;
  /** Least mean time of a served request, in ms. */
  readonly minLatencyMs: number;
  /** When to try again, in ms, if not allowed. */
  readonly retryAfterMs: number;
}

/** Refuses requests when the process has more work than it can do in time. */
export interface Shedder extends Disposable {
  /**
   * Lets a request in.
   *
   * @throws {OverloadedError} If it is to be refused.
   */
  allow(options?: ShedderAllowOptions): ShedderToken;
  /**
   * Lets a request in, or gives nothing; for callers that answer without an error.
   *
   * @param nowMs The clock's `now()`, where the caller has read it already: to look at the clock costs a third of all
   * this.
   */
  tryAllow(options?: ShedderAllowOptions, nowMs?: number): ShedderToken | undefined;
  /** What would happen to a request now, and why. Changes nothing. */
  explain(options?: ShedderAllowOptions): ShedderReport;
}
