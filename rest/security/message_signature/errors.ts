/**
 * Why a signature was not accepted.
 *
 * @module
 */

import { UnauthorizedError } from "../../errors.ts";

/** What is wrong with a signature. */
export type MessageSignatureFault =
  | "missing"
  | "malformed"
  | "coverage"
  | "key"
  | "algorithm"
  | "time"
  | "mismatch"
  | "digest"
  | "replay";

/** A message without an acceptable signature. For a request, answered with 401. */
export class MessageSignatureError extends UnauthorizedError {
  /** What is wrong. */
  readonly fault: MessageSignatureFault;

  /** Makes the error. `why` completes "Cannot accept signature:" and tells nothing secret. */
  constructor(fault: MessageSignatureFault, why: string) {
    super(`Cannot accept signature: ${why}`, "Signature");
    this.name = "MessageSignatureError";
    this.fault = fault;
  }
}
