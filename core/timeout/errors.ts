/**
 * The failure that timeouts and deadlines end in.
 *
 * @module
 */

import { ServiceError, type ServiceErrorOptions } from "../errors.ts";

/** Thrown when time ran out before the work was done. Code `deadline_exceeded`, HTTP 504. */
export class DeadlineExceededError extends ServiceError {
  /** `message` reads `Cannot <do what>: <what is>`. */
  constructor(message: string, options?: ServiceErrorOptions) {
    super("deadline_exceeded", message, options);
    this.name = "DeadlineExceededError";
  }
}
