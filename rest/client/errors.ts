/**
 * What can go wrong with a call to another service. All are `ServiceError`s, so a handler that does not
 * catch them still answers with a fitting status.
 *
 * No message names a query, a password or a body: only the method, the pattern of the path and the name
 * of the callee.
 *
 * @module
 */

import { ServiceError, type ServiceErrorOptions } from "../../core/errors.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { Issue } from "../../core/schema/errors.ts";

/** What a failed call was, for messages. */
export interface CallTarget {
  /** The HTTP method. */
  readonly method: string;
  /** The pattern of the path, such as `/users/:id`. */
  readonly route: string;
  /** What the callee is called. */
  readonly service: string;
}

/** `GET "/users/:id" of users`, for messages and log lines. */
export function describeCall({ method, route, service }: CallTarget): string {
  return `${method} "${route}" of ${service}`;
}

/** What {@link HttpError} is made of. */
export interface HttpErrorInit {
  /** The HTTP status of the answer. */
  status: number;
  /** The answer's code. */
  code: ErrorCode;
  /** What the callee said in words, if it said so in a way meant to be passed on. */
  detail?: string | undefined;
  /** The answer's headers. */
  headers: Headers;
  /** The answer's body as text, cut where it is long. */
  body: string;
  /** What the callee's problem says besides. */
  details?: Readonly<Record<string, unknown>> | undefined;
  /** When to try again, in ms. */
  retryAfterMs?: number | undefined;
}

/**
 * The callee answered with a status that means failure. A body of problem+json gives `code` and `details`; else
 * the status gives `code`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new HttpError({ method: "GET", route: "/users/:id", service: "users" }, {
 *   status: 404,
 *   code: "not_found",
 *   headers: new Headers(),
 *   body: "",
 * });
 * assertEquals(error.message, 'Cannot GET "/users/:id" of users: it answered 404');
 * ```
 */
export class HttpError extends ServiceError {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The answer's headers. */
  declare readonly headers: Headers;
  /** The answer's body as text, at most 64 KiB of it. It may hold what must not be logged. */
  declare readonly body: string;

  /** Makes the error of an answer. */
  constructor(target: CallTarget, init: HttpErrorInit) {
    const { status, detail, headers, body } = init;
    const said = detail ? `: ${detail}` : "";
    super(init.code, `Cannot ${describeCall(target)}: it answered ${status}${said}`, {
      details: init.details,
      retryAfterMs: init.retryAfterMs,
      httpStatus: httpStatusFor(status),
    });
    this.name = "HttpError";
    this.status = status;
    // Neither is for a logger that prints all of an error's members.
    Object.defineProperty(this, "headers", { value: headers, enumerable: false });
    Object.defineProperty(this, "body", { value: body, enumerable: false });
  }
}

/** A status that means nothing to our own caller, such as a redirect, is a failure of ours. */
function httpStatusFor(status: number): number | undefined {
  return status >= 400 && status <= 599 ? undefined : 502;
}

/** Options for {@link NetworkError}. */
export interface NetworkErrorOptions {
  /**
   * Whether the callee may have got the request. If not, it can be sent again whatever it does.
   * @default {true}
   */
  sent?: boolean;
}

/** The callee could not be reached, or the connection broke. Code `unavailable`, HTTP 503. */
export class NetworkError extends ServiceError {
  /** Whether the callee may have got the request. */
  readonly sent: boolean;

  /** `reason` says what happened in a few words, without an address. */
  constructor(target: CallTarget, reason: string, { sent = true }: NetworkErrorOptions = {}) {
    // The platform's own error is no cause: its message holds the whole URL.
    super("unavailable", `Cannot ${describeCall(target)}: ${reason}`);
    this.name = "NetworkError";
    this.sent = sent;
  }
}

/** Options for {@link BadResponseError}. */
export interface BadResponseErrorOptions extends Pick<ServiceErrorOptions, "cause"> {
  /** What is wrong with the fields, where a schema said so. */
  issues?: readonly Issue[] | undefined;
}

/**
 * The callee answered with something that cannot be used: no JSON, other fields than agreed, more bytes
 * than allowed, a redirect that must not be followed. Code `internal`, HTTP 502. Never retried: what is
 * broken breaks again.
 */
export class BadResponseError extends ServiceError {
  /** What is wrong with the fields, where a schema said so. */
  readonly issues: readonly Issue[];

  /** `reason` says what is wrong with the answer, without repeating it. */
  constructor(target: CallTarget, reason: string, options: BadResponseErrorOptions = {}) {
    super("internal", `Cannot ${describeCall(target)}: ${reason}`, {
      httpStatus: 502,
      cause: options.cause,
    });
    this.name = "BadResponseError";
    this.issues = options.issues ?? [];
  }
}

/** The request cannot be made of what was given. A mistake of the caller's program; nothing was sent. */
export class BadCallError extends TypeError {
  /** `reason` says what is wrong. */
  constructor(target: Pick<CallTarget, "method" | "route">, reason: string) {
    super(`Cannot build request ${target.method} "${target.route}": ${reason}`);
    this.name = "BadCallError";
  }
}
