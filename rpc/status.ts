/**
 * Errors as gRPC has them: a number, a message, details.
 *
 * @module
 */

import { codeOfGrpcNumber, grpcNumberOf, ServiceError } from "../core/errors.ts";
import { DeadlineExceededError } from "../core/timeout/errors.ts";

/** How a call ended. */
export interface Status {
  /** The number of the code, 0 for success to 16. */
  readonly code: number;
  /** What went wrong; empty for success. */
  readonly message: string;
}

/** The number of success. */
export const OK = 0;

/** The number of the code that a call which threw this ended with. */
export function statusCodeOf(thrown: unknown): number {
  return grpcNumberOf(ServiceError.from(thrown).code);
}

/** The status of a call that threw this. What nobody meant to throw tells the caller nothing. */
export function statusOf(thrown: unknown): Status {
  const { code, message } = ServiceError.from(thrown);
  return { code: grpcNumberOf(code), message };
}

/** The error of a call that ended with this status, which is not success. */
export function errorOfStatus(status: Status, options: ErrorOptions = {}): ServiceError {
  const code = codeOfGrpcNumber(status.code);
  return code === "deadline_exceeded"
    ? new DeadlineExceededError(status.message, options)
    : new ServiceError(code, status.message, options);
}
