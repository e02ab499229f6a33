/**
 * From an answer that means failure to an error.
 *
 * @module
 */

import { codeOfHttpStatus, ERROR_CODES, type ErrorCode } from "../../core/errors.ts";
import { applyPushback, PUSHBACK_HEADER } from "../../core/retry/chain.ts";
import { readHead } from "./body.ts";
import { type CallTarget, HttpError } from "./errors.ts";

/** The most that is read of the body of an error. */
const MAX_ERROR_BYTES = 65_536;

/** Members of a problem that say the same as the status or the message. */
const STANDARD = new Set(["type", "title", "status", "detail", "code", "instance"]);

/** What an answer of problem+json says. */
interface ReadProblem {
  code?: ErrorCode;
  detail?: string;
  details?: Record<string, unknown>;
}

/**
 * Reads the answer into an error, its body only so far as it is not too long.
 *
 * @param nowMs The time since the Unix epoch in ms, for a `Retry-After` that is a date.
 */
export async function readHttpError(
  response: Response,
  target: CallTarget,
  nowMs: number,
): Promise<HttpError> {
  const { status, headers } = response;
  const body = await readHead(response, MAX_ERROR_BYTES, target);
  const problem = readProblem(headers.get("content-type") ?? "", body);
  const error = new HttpError(target, {
    status,
    code: problem.code ?? codeOfHttpStatus(status),
    detail: problem.detail,
    details: problem.details,
    headers,
    body,
    retryAfterMs: parseRetryAfter(headers.get("retry-after"), nowMs),
  });
  applyPushback(error, headers.get(PUSHBACK_HEADER));
  return error;
}

function readProblem(type: string, body: string): ReadProblem {
  if (!/^application\/(problem\+)?json\b/i.test(type)) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return {}; // Cut, or not what it says; the status is all there is.
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return {};
  const members = new Map(Object.entries(parsed));
  const code = ERROR_CODES.find((each) => each === members.get("code"));
  const detail = members.get("detail");
  // Only who speaks problem+json means its words for others.
  if (!/problem\+json/i.test(type)) return code ? { code } : {};
  const details = Object.fromEntries([...members].filter(([name]) => !STANDARD.has(name)));
  return {
    ...(code ? { code } : {}),
    ...(typeof detail === "string" ? { detail: detail.slice(0, 500) } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @param nowMs The time since the Unix epoch in ms.
 * @returns Milliseconds from now, or `undefined` if there is none or it cannot be read.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseRetryAfter("2", 0), 2_000);
 * assertEquals(parseRetryAfter("Thu, 01 Jan 1970 00:00:05 GMT", 1_000), 4_000);
 * assertEquals(parseRetryAfter("soon", 0), undefined);
 * ```
 */
export function parseRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Any date in a header is in GMT and says so; what else `Date.parse` takes is no date of HTTP.
  const atMs = text.endsWith("GMT") ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
