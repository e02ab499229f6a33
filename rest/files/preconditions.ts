/**
 * Requests that hold only on conditions.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13
 * @module
 */

/** What tells one state of a file from another. */
export interface Validators {
  /** The etag, quotes included. */
  readonly etag: string;
  /** When it was last changed, in ms since the Unix epoch, where that is known. */
  readonly modifiedMs: number | undefined;
}

/** What the conditions of a request come to: answer it, answer 304, or answer 412. */
export type Verdict = "proceed" | "not_modified" | "failed";

/**
 * Weighs the conditions of a GET or HEAD in the order of RFC 9110, 13.2.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const headers = new Headers({ "if-none-match": '"a", W/"b"' });
 * assertEquals(weighPreconditions(headers, { etag: '"b"', modifiedMs: 0 }), "not_modified");
 * ```
 */
export function weighPreconditions(headers: Headers, file: Validators): Verdict {
  const match = headers.get("if-match");
  if (match !== null) {
    if (!names(match, file.etag, "strong")) return "failed";
  } else if (changedSince(headers.get("if-unmodified-since"), file) === true) return "failed";
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== null) {
    return names(noneMatch, file.etag, "weak") ? "not_modified" : "proceed";
  }
  return changedSince(headers.get("if-modified-since"), file) === false
    ? "not_modified"
    : "proceed";
}

/** Whether a range may be answered: the file is the one that the client has a part of, if it says which. */
export function rangeStillHolds(headers: Headers, file: Validators): boolean {
  const condition = headers.get("if-range");
  if (condition === null) return true;
  if (/^(W\/)?"/.test(condition)) return names(condition, file.etag, "strong");
  const date = Date.parse(condition);
  return file.modifiedMs !== undefined && date === wholeSeconds(file.modifiedMs);
}

/** Whether a list of etags has this one. A weak one never is the same strongly. */
function names(list: string, etag: string, comparison: "strong" | "weak"): boolean {
  if (list.trim() === "*") return true;
  const bare = etag.replace(/^W\//, "");
  if (comparison === "strong" && bare !== etag) return false;
  for (const [one] of list.matchAll(/(?:W\/)?"[^"]*"/g)) {
    if (one === bare || (comparison === "weak" && one === `W/${bare}`)) return true;
  }
  return false;
}

/** Whether a file was changed after a date; undefined if there is no such date, or none of the file. */
function changedSince(date: string | null, { modifiedMs }: Validators): boolean | undefined {
  const since = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(since) || modifiedMs === undefined) return undefined;
  return wholeSeconds(modifiedMs) > since;
}

/** Dates of HTTP have no fractions. */
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
