/**
 * What is wrong with a value: issues, and the error that carries all of them.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";

/** Where a value came from: the parts of a request. */
export type Source = "path" | "form" | "header" | "cookie" | "json";

/**
 * The kind of a problem.
 *
 * `type` also covers text that does not read as the wanted type, `int_range` an integer outside its
 * width, `range` a number outside the declared bounds, `depends` and `conflicts` a field that must or
 * must not come with another.
 */
export type IssueCode =
  | "missing"
  | "null"
  | "type"
  | "int_range"
  | "range"
  | "options"
  | "length"
  | "base64"
  | "json"
  | "unknown_key"
  | "too_many"
  | "depends"
  | "conflicts"
  | "too_deep"
  | "custom";

/** One problem of one value. */
export interface Issue {
  /** The part of the request it is in; absent outside requests. */
  readonly in?: Source;
  /** The place of the value, such as `in.a[0].b` or `m[key]`. Empty for the whole value. */
  readonly path: string;
  /** The kind of problem, for programs. */
  readonly code: IssueCode;
  /** The problem in words, for people. Names the path; never holds a whole body. */
  readonly message: string;
  /** Facts behind the message, such as the bounds of a range. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What {@link ValidationError} sends to the caller. */
function toDetails(issues: readonly Issue[]): Record<string, unknown> {
  return {
    issues: issues.map((issue) => ({
      ...(issue.in === undefined ? {} : { in: issue.in }),
      path: issue.path,
      code: issue.code,
      message: issue.message,
    })),
  };
}

function summary(action: string, issues: readonly Issue[]): string {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return `Cannot ${action}: ${first?.message ?? "invalid value"}${more}`;
}

/**
 * Thrown when a value does not fit its schema. Carries every problem, not only the first, in
 * {@link ValidationError.issues} and, for the caller, in `details.issues`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new ValidationError([
 *   { path: "age", code: "missing", message: 'field "age" is not set' },
 * ]);
 * assertEquals(error.message, 'Cannot accept value: field "age" is not set');
 * assertEquals([error.code, error.httpStatus], ["invalid_argument", 400]);
 * ```
 */
export class ValidationError extends ServiceError {
  /** Every problem found, in the order of the fields. */
  readonly issues: readonly Issue[];

  /** Makes an error of at least one issue. `action` finishes "Cannot". */
  constructor(issues: readonly Issue[], action = "accept value") {
    super("invalid_argument", summary(action, issues), { details: toDetails(issues) });
    this.name = "ValidationError";
    this.issues = issues;
  }
}
