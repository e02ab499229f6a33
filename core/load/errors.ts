import { ServiceError, type ServiceErrorOptions } from "../errors.ts";
import type { ShedderReport } from "./shedder.ts";

/** Options for {@link OverloadedError}. */
export interface OverloadedErrorOptions extends Omit<ServiceErrorOptions, "details"> {
  /** What the shedder knew when it refused the request. */
  report?: ShedderReport | undefined;
}

/**
 * Thrown when a request is refused because the process has more work than it can do in time. Code
 * `unavailable`, HTTP 503, with the time after which to try again.
 *
 * `details.reason` is `overloaded`, so that a caller on another machine can tell it from a failure,
 * see {@link isShed}.
 */
export class OverloadedError extends ServiceError {
  /** What the shedder knew when it refused the request, for logs and consoles; not sent to callers. */
  readonly report: ShedderReport | undefined;

  /** `message` reads `Cannot <do what>: <what is>`, without a final period. */
  constructor(message: string, options: OverloadedErrorOptions = {}) {
    super("unavailable", message, { ...options, details: { reason: "overloaded" } });
    this.name = "OverloadedError";
    this.report = options.report;
  }
}

/**
 * Whether an error says that a protection of the callee refused the call before any work was done: a
 * shed request, an open circuit behind the callee, a limit. Such an answer is a sign of health; it
 * must not open a circuit, or two protections would feed each other.
 *
 * @example An error that came over the wire
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ServiceError } from "../errors.ts";
 * const remote = new ServiceError("unavailable", "no", { details: { reason: "overloaded" } });
 * assertEquals([isShed(remote), isShed(new Error("no"))], [true, false]);
 * ```
 */
export function isShed(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const reason = error.details?.reason;
  return error.code === "resource_exhausted" || reason === "overloaded" ||
    reason === "circuit_open";
}
