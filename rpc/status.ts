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

/** Bytes of a message on the wire, where all but printable ASCII takes three each. Longer ones are cut: some callers take 8 KiB of headers in all. */
const MAX_MESSAGE_BYTES = 2048;

/** The number of the code that a call which threw this ended with. */
export function statusCodeOf(thrown: unknown): number {
  return grpcNumberOf(serviceErrorOf(thrown).code);
}

/**
 * The service error of anything thrown, as `ServiceError.from` makes it. Never throws: one that cannot be read is as any
 * other that nobody meant to throw.
 */
export function serviceErrorOf(thrown: unknown): ServiceError {
  try {
    const error = ServiceError.from(thrown);
    const { code, message, details, retryAfterMs } = error;
    const isSound = grpcNumberOf(code) > 0 && typeof message === "string" &&
      (details === undefined || typeof details === "object") &&
      (retryAfterMs === undefined || typeof retryAfterMs === "number");
    if (isSound) return error;
  } catch {
    // A getter or a proxy that throws.
  }
  return new ServiceError("unknown", "Cannot finish call: unexpected error", { cause: thrown });
}

/**
 * The status of a call that threw this. What nobody meant to throw tells the caller nothing.
 *
 * @param trailer Where the details of the error, and whether to try again, are put.
 */
export function statusOf(thrown: unknown, trailer: Metadata): Status {
  const error = serviceErrorOf(thrown);
  const status = { code: grpcNumberOf(error.code), message: fitting(error.message) };
  const details = encodeStatusDetails(status, error);
  const pushback = formatPushback(error);
  try {
    if (pushback !== undefined) trailer.set(PUSHBACK_HEADER, pushback);
    if (details) trailer.set(STATUS_DETAILS, details);
  } catch {
    // The trailer is full. The status goes all the same.
  }
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

/** As much of a message as fits in a header. */
function fitting(message: string): string {
  // A half of a surrogate pair cannot be written.
  const text = message.slice(0, MAX_MESSAGE_BYTES).toWellFormed();
  if (!/[^\x20-\x24\x26-\x7e]/.test(text)) return text;
  let bytes = 0, end = 0;
  for (const character of text) {
    bytes += encodeURI(character).length;
    if (bytes > MAX_MESSAGE_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
