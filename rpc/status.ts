/**
 * Errors as gRPC has them: a number, a message, details.
 *
 * @module
 */

import { codeOfGrpcNumber, grpcNumberOf, ServiceError } from "../core/errors.ts";
import { applyPushback, formatPushback, PUSHBACK_HEADER } from "../core/retry/chain.ts";
import { DeadlineExceededError } from "../core/timeout/errors.ts";
import { Metadata } from "./metadata.ts";
import { decodeStatusDetails, encodeStatusDetails, STATUS_DETAILS } from "./status_details.ts";

/** How a call ended. */
export interface Status {
  /** The number of the code, 0 for success to 16. */
  readonly code: number;
  /** What went wrong; empty for success. */
  readonly message: string;
}

/** The number of success. */
export const OK = 0;

/** Longer messages are cut: they travel in a header. */
const MAX_MESSAGE = 2048;

/** The number of the code that a call which threw this ended with. */
export function statusCodeOf(thrown: unknown): number {
  return grpcNumberOf(ServiceError.from(thrown).code);
}

/**
 * The status of a call that threw this. What nobody meant to throw tells the caller nothing.
 *
 * @param trailer Where the details of the error, and whether to try again, are put.
 */
export function statusOf(thrown: unknown, trailer: Metadata): Status {
  const error = ServiceError.from(thrown);
  const status = {
    code: grpcNumberOf(error.code),
    // A half of a surrogate pair cannot be written in a header.
    message: error.message.slice(0, MAX_MESSAGE).toWellFormed(),
  };
  const details = encodeStatusDetails(status, error);
  if (details) trailer.set(STATUS_DETAILS, details);
  const pushback = formatPushback(error);
  if (pushback !== undefined) trailer.set(PUSHBACK_HEADER, pushback);
  return status;
}

/** The error of a call that ended with this status, which is not success, and this trailer. */
export function errorOfStatus(status: Status, trailer: Metadata = new Metadata()): ServiceError {
  const bytes = trailer.getBytes(STATUS_DETAILS);
  const facts = bytes ? decodeStatusDetails(bytes) : {};
  const code = codeOfGrpcNumber(status.code);
  const error = code === "deadline_exceeded"
    ? new DeadlineExceededError(status.message, facts)
    : new ServiceError(code, status.message, facts);
  applyPushback(error, trailer.get(PUSHBACK_HEADER) ?? null);
  return error;
}
