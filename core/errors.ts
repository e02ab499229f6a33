/**
 * The one error type of Zeno: sixteen codes, one table to HTTP.
 *
 * Wrong arguments throw `TypeError`, `RangeError` or `SyntaxError`. A condition that callers branch
 * on is a {@link ServiceError} or a class that extends it. Match on the class or on `code`, never on
 * the text.
 *
 * @module
 */

/**
 * What went wrong, in the sixteen words of gRPC.
 *
 * @see https://grpc.io/docs/guides/status-codes/
 */
export type ErrorCode =
  | "canceled"
  | "unknown"
  | "invalid_argument"
  | "deadline_exceeded"
  | "not_found"
  | "already_exists"
  | "permission_denied"
  | "resource_exhausted"
  | "failed_precondition"
  | "aborted"
  | "out_of_range"
  | "unimplemented"
  | "internal"
  | "unavailable"
  | "data_loss"
  | "unauthenticated";

interface CodeRow {
  /** The number of the code on the gRPC wire. */
  readonly number: number;
  readonly httpStatus: number;
}

const CODES: Readonly<Record<ErrorCode, CodeRow>> = {
  canceled: { number: 1, httpStatus: 408 },
  unknown: { number: 2, httpStatus: 500 },
  invalid_argument: { number: 3, httpStatus: 400 },
  deadline_exceeded: { number: 4, httpStatus: 504 },
  not_found: { number: 5, httpStatus: 404 },
  already_exists: { number: 6, httpStatus: 409 },
  permission_denied: { number: 7, httpStatus: 403 },
  resource_exhausted: { number: 8, httpStatus: 429 },
  failed_precondition: { number: 9, httpStatus: 400 },
  aborted: { number: 10, httpStatus: 409 },
  out_of_range: { number: 11, httpStatus: 400 },
  unimplemented: { number: 12, httpStatus: 501 },
  internal: { number: 13, httpStatus: 500 },
  unavailable: { number: 14, httpStatus: 503 },
  data_loss: { number: 15, httpStatus: 500 },
  unauthenticated: { number: 16, httpStatus: 401 },
};

/** All sixteen codes, in the order of their gRPC numbers. */
export const ERROR_CODES: readonly ErrorCode[] = Object.keys(CODES) as ErrorCode[];

/**
 * The HTTP status that answers a request which failed with `code`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(httpStatusOf("not_found"), 404);
 * ```
 */
export function httpStatusOf(code: ErrorCode): number {
  return CODES[code].httpStatus;
}

/** The number of `code` on the gRPC wire, 1 to 16. */
export function grpcNumberOf(code: ErrorCode): number {
  return CODES[code].number;
}

/** The code with this gRPC number; `unknown` for a number that is none, as gRPC asks of clients. */
export function codeOfGrpcNumber(number: number): ErrorCode {
  return ERROR_CODES[number - 1] ?? "unknown";
}

/**
 * The code that best says what an HTTP status from another service means.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function codeOfHttpStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return "invalid_argument";
    case 401:
      return "unauthenticated";
    case 403:
      return "permission_denied";
    case 404:
    case 405:
    case 410:
      return "not_found";
    case 408:
    case 499:
      return "canceled";
    case 409:
      return "aborted";
    case 412:
      return "failed_precondition";
    case 416:
      return "out_of_range";
    case 429:
      return "resource_exhausted";
    case 501:
      return "unimplemented";
    case 502:
    case 503:
      return "unavailable";
    case 504:
      return "deadline_exceeded";
    default:
      return status >= 500 ? "internal" : "unknown";
  }
}

/** Options for {@link ServiceError}. */
export interface ServiceErrorOptions extends ErrorOptions {
  /** Facts for the caller, sent with the answer: anything that JSON can hold, no secrets. */
  details?: Readonly<Record<string, unknown>> | undefined;
  /** The HTTP status, where it says more than the code's own (413 for a body that is too large). */
  httpStatus?: number | undefined;
  /** Milliseconds after which the caller may try again. */
  retryAfterMs?: number | undefined;
}

const BRAND = Symbol.for("zeno.ServiceError");

/**
 * A failure that a caller can branch on. Its message is sent to the caller, so it names no secret.
 *
 * @example Refuse a request
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new ServiceError("not_found", `Cannot find user: no id "7"`);
 * assertEquals([error.code, error.httpStatus], ["not_found", 404]);
 * ```
 */
export class ServiceError extends Error {
  /** What went wrong. */
  readonly code: ErrorCode;
  /** The HTTP status that answers a request which failed so. */
  readonly httpStatus: number;
  /** Facts for the caller, if there are any. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds after which the caller may try again, where that is known. */
  readonly retryAfterMs: number | undefined;

  /** Makes an error. `message` reads `Cannot <do what>: <what is>`, without a final period. */
  constructor(code: ErrorCode, message: string, options: ServiceErrorOptions = {}) {
    super(message, options);
    this.name = "ServiceError";
    this.code = code;
    this.httpStatus = options.httpStatus ?? httpStatusOf(code);
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Marks errors of every copy of this module, so two versions in one program agree. */
  get [BRAND](): true {
    return true;
  }

  /** Whether `value` is a service error, of this copy of the module or another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== ServiceError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /**
   * Makes a service error of anything thrown. Service errors come back as they are, abort reasons
   * become `canceled` or `deadline_exceeded`, all else becomes `unknown` with the original as cause
   * and a message that tells the caller nothing.
   */
  static from(thrown: unknown): ServiceError {
    if (thrown instanceof ServiceError) return thrown;
    if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
      return new ServiceError("deadline_exceeded", "Cannot finish call: deadline exceeded", {
        cause: thrown,
      });
    }
    if (thrown instanceof DOMException && thrown.name === "AbortError") {
      return new ServiceError("canceled", "Cannot finish call: canceled", { cause: thrown });
    }
    return new ServiceError("unknown", "Cannot finish call: unexpected error", { cause: thrown });
  }
}
