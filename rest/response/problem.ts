/**
 * Answers that say what went wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457 Problem Details for HTTP APIs
 * @module
 */

import { STATUS_TEXT } from "@std/http/status";
import { ServiceError } from "../../core/errors.ts";
import { formatPushback, PUSHBACK_HEADER } from "../../core/retry/chain.ts";
import type { Context } from "../context.ts";
import { MethodNotAllowedError, UnauthorizedError } from "../errors.ts";
import { UpgradeRequiredError } from "../websocket/errors.ts";
import { stringify } from "./json.ts";

/** Makes the answer for an error. One server has one, so every error of a service looks the same. */
export type ErrorFormatter = (error: ServiceError, context: Context) => Response;

/** The body of an error answer, beside what `details` adds. */
export interface Problem {
  /** A URI that names the kind of problem; `about:blank` means the status says it all. */
  type: string;
  /** The text of the status. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What happened, for a person. */
  detail: string;
  /** What happened, for a program: one of the sixteen codes. */
  code: string;
  /** The trace, to find the log lines of this request by. */
  traceId: string;
  /** The decision of the protection that refused the request, if one did; the service can explain it. */
  decision?: string;
}

const INTERNAL_DETAIL = "Cannot answer request: unexpected error";

/**
 * The default {@link ErrorFormatter}: problem+json with the code, the message, the error's details and the
 * trace id. Of an unexpected error it tells the caller nothing but the trace id.
 */
export function formatProblem(error: ServiceError, context: Context): Response {
  const status = error.httpStatus;
  const problem: Problem = {
    type: "about:blank",
    title: STATUS_TEXT[status] ?? "Error",
    status,
    detail: error.code === "unknown" ? INTERNAL_DETAIL : error.message,
    code: error.code,
    traceId: context.traceId,
  };
  if (context.decision !== undefined) problem.decision = context.decision;
  // Twice: the first sets the order, the second keeps details from overwriting what the standard defines.
  const body = stringify({ ...problem, ...error.details, ...problem });
  return new Response(body, { status, headers: problemHeaders(error) });
}

function problemHeaders(error: ServiceError): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (error instanceof MethodNotAllowedError) headers.allow = error.allowed.join(", ");
  if (error instanceof UpgradeRequiredError) {
    headers.upgrade = "websocket";
    headers["sec-websocket-version"] = "13";
  }
  if (error instanceof UnauthorizedError) headers["www-authenticate"] = error.challenge;
  const pushback = formatPushback(error);
  if (pushback !== undefined) headers[PUSHBACK_HEADER] = pushback;
  if (error.retryAfterMs !== undefined) {
    headers["retry-after"] = String(Math.ceil(error.retryAfterMs / 1000));
  }
  return headers;
}

/** The answer for anything thrown, by the server's own formatter. */
export function problem(thrown: unknown, context: Context): Response {
  return context.environment.formatError(ServiceError.from(thrown), context);
}
