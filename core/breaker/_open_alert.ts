import type { BreakerReport } from "./breaker.ts";

/** The text that tells somebody that a breaker refuses calls, with the failures that led to it. */
export function openAlert({ name, total, failed, dropped, lastFailures }: BreakerReport): string {
  const failures = lastFailures.map(({ wallTimeMs, message }) => {
    const time = new Date(wallTimeMs).toTimeString().slice(0, 8);
    return `${time} ${message}`;
  });
  const counts = `${failed} of ${total} calls failed, ${dropped} refused`;
  return [`breaker "${name}" is open: ${counts}`, ...failures].join("\n");
}
