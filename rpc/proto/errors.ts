/**
 * The error of bytes or JSON that are no message.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";

/** Thrown when bytes or JSON are not what a message type says; the code is `invalid_argument`. */
export class DecodeError extends ServiceError {
  /** Makes an error. `message` reads `Cannot decode <type>: <what is>`. */
  constructor(message: string, options?: ErrorOptions) {
    super("invalid_argument", message, options);
    this.name = "DecodeError";
  }
}

/**
 * Thrown inside a decoder, which knows what is wrong but not yet in which message; the message type
 * turns it into a {@link DecodeError}.
 */
export class WireFault extends Error {
  /** Makes a fault. `message` says what is wrong and where. */
  constructor(message: string) {
    super(message);
    this.name = "WireFault";
  }
}
