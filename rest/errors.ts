/**
 * The failures that only HTTP has. All are `ServiceError`s; what they add is the status.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";

/** No route has this path. */
export class NotFoundError extends ServiceError {
  /** Makes the error for a canonical path. */
  constructor(path: string) {
    super("not_found", `Cannot find route: nothing is at ${path}`);
    this.name = "NotFoundError";
  }
}

/** The path has routes, but none for this method. Answered with 405 and an `Allow` header. */
export class MethodNotAllowedError extends ServiceError {
  /** The methods that the path has, for the `Allow` header. */
  readonly allowed: readonly string[];

  /** Makes the error for a method and what is allowed in its stead. */
  constructor(method: string, path: string, allowed: readonly string[]) {
    super("unimplemented", `Cannot ${method} ${path}: use ${allowed.join(", ")}`, {
      httpStatus: 405,
      details: { allowed },
    });
    this.name = "MethodNotAllowedError";
    this.allowed = allowed;
  }
}

/** The body is larger than the route takes. Answered with 413. */
export class BodyTooLargeError extends ServiceError {
  /** Makes the error for a route's limit in bytes. */
  constructor(maxBytes: number) {
    super("resource_exhausted", `Cannot read body: it is larger than ${maxBytes} bytes`, {
      httpStatus: 413,
      details: { maxBytes },
    });
    this.name = "BodyTooLargeError";
  }
}

/** The request is not one that can be routed or read. Answered with 400. */
export class BadRequestError extends ServiceError {
  /** Makes the error. `message` reads `Cannot <do what>: <what is>` and echoes nothing of a body. */
  constructor(message: string, options?: ErrorOptions) {
    super("invalid_argument", message, options);
    this.name = "BadRequestError";
  }
}

/** The handler did not answer in time. Answered with 504. */
export class HandlerTimeoutError extends ServiceError {
  /** Makes the error for a route's timeout in ms. */
  constructor(timeoutMs: number) {
    super("deadline_exceeded", `Cannot answer in time: the limit is ${timeoutMs} ms`);
    this.name = "HandlerTimeoutError";
  }
}

/** The time that the caller itself gave has passed. Answered with 504, though nobody may be there to read it. */
export class CallerTimeoutError extends ServiceError {
  /** Makes the error for the time that the caller gave, in ms. */
  constructor(timeoutMs: number) {
    super(
      "deadline_exceeded",
      `Cannot answer in time: the caller waits no more than ${timeoutMs} ms`,
    );
    this.name = "CallerTimeoutError";
  }
}

/** The client did not send its body in time. Answered with 408, for it is no failure of the service. */
export class BodyTimeoutError extends ServiceError {
  /** Makes the error for a route's timeout in ms. */
  constructor(timeoutMs: number) {
    super("deadline_exceeded", `Cannot read body: it did not arrive within ${timeoutMs} ms`, {
      httpStatus: 408,
    });
    this.name = "BodyTimeoutError";
  }
}

/** Who is asking is not known. Answered with 401 and a `WWW-Authenticate` header. */
export class UnauthorizedError extends ServiceError {
  /** How to ask again, for the `WWW-Authenticate` header. */
  readonly challenge: string;

  /** Makes the error. `message` says what is wrong with the credentials and never what they are. */
  constructor(message: string, challenge = "Bearer") {
    super("unauthenticated", message);
    this.name = "UnauthorizedError";
    this.challenge = challenge;
  }
}
