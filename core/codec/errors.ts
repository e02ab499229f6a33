/**
 * What coding and decoding fail with.
 *
 * @module
 */

import { type ErrorCode, ServiceError, type ServiceErrorOptions } from "../errors.ts";

/**
 * Data that cannot be decoded or decrypted, or that would grow beyond its bound. Its message never says what
 * of a secret was wrong.
 */
export class CodecError extends ServiceError {
  /** Makes an error; `code` is `invalid_argument`, or `resource_exhausted` for what grows too large. */
  constructor(message: string, options: ServiceErrorOptions & { code?: ErrorCode } = {}) {
    super(options.code ?? "invalid_argument", message, options);
    this.name = "CodecError";
  }
}
