import { ServiceError, type ServiceErrorOptions } from "../errors.ts";
import type { BreakerReport } from "./breaker.ts";

/** Options for {@link CircuitOpenError}. */
export interface CircuitOpenErrorOptions extends Omit<ServiceErrorOptions, "details"> {
  /** What the breaker knew when it refused the call. */
  report?: BreakerReport | undefined;
}

/**
 * Thrown when a circuit is open and the call was not attempted. Code `unavailable`, HTTP 503.
 *
 * `details.reason` is `circuit_open`, so that the caller of a service which answers with this error
 * can tell it from a failure, see `isShed`.
 */
export class CircuitOpenError extends ServiceError {
  /** What the breaker knew when it refused the call, for logs and consoles; not sent to callers. */
  readonly report: BreakerReport | undefined;

  /** `target` names the callee as it should read in a log line. */
  constructor(target: string, options: CircuitOpenErrorOptions = {}) {
    super("unavailable", `Cannot call "${target}": circuit open`, {
      ...options,
      details: { reason: "circuit_open" },
    });
    this.name = "CircuitOpenError";
    this.report = options.report;
  }
}
