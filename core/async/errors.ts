import { ServiceError } from "../errors.ts";

/** Thrown to whoever uses, or waits for, something that has been closed or disposed. */
export class ClosedError extends ServiceError {
  /** `action` reads as in "push to queue", `what` names that which is closed. */
  constructor(action: string, what: string, options?: ErrorOptions) {
    super("failed_precondition", `Cannot ${action}: the ${what} is closed`, options);
    this.name = "ClosedError";
  }
}

/** Thrown by what never waits when there is no room. */
export class BusyError extends ServiceError {
  /** How much there is room for. */
  readonly limit: number;

  /** `action` reads as in "schedule task", `unit` as in "running". */
  constructor(action: string, limit: number, unit: string, options?: ErrorOptions) {
    super("resource_exhausted", `Cannot ${action}: ${limit} already ${unit}`, options);
    this.name = "BusyError";
    this.limit = limit;
  }
}

/** Thrown by `mapReduce` when the reducer has finished without writing its result. */
export class ReduceNoOutputError extends ServiceError {
  /** Makes the error. */
  constructor(options?: ErrorOptions) {
    super(
      "internal",
      "Cannot map and reduce: the reducer wrote nothing; write once, or use mapReduceVoid",
      options,
    );
    this.name = "ReduceNoOutputError";
  }
}

/** Thrown by the functions of map-reduce that were cancelled without a reason. */
export class CancelWithoutReasonError extends ServiceError {
  /** Makes the error. */
  constructor(options?: ErrorOptions) {
    super("canceled", "Cannot map and reduce: cancelled without a reason", options);
    this.name = "CancelWithoutReasonError";
  }
}

/** Thrown by a balanced pusher that has no pusher which takes the message. */
export class NoAvailablePusherError extends ServiceError {
  /** Makes the error; `cause` holds what the pushers said. */
  constructor(options?: ErrorOptions) {
    super("unavailable", "Cannot push message: no pusher took it", options);
    this.name = "NoAvailablePusherError";
  }
}
