/** How much a logger says. Each level includes those after it. */
export type LogLevel = "debug" | "info" | "error" | "severe";

/** A level, or `disabled`: nothing at all, alerts included. */
export type LogThreshold = LogLevel | "disabled";

/** The four levels, from the most to the least talkative. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "error", "severe"];

const SEVERITY: Readonly<Record<LogThreshold, number>> = {
  debug: 0,
  info: 1,
  error: 2,
  severe: 3,
  disabled: 255,
};

/**
 * A number that orders levels: a line is written when its severity is at least that of the threshold.
 *
 * @throws {TypeError} If `level` is none.
 */
export function severityOf(level: LogThreshold): number {
  const severity = SEVERITY[level];
  if (severity === undefined) {
    throw new TypeError(
      `Cannot set log level: "${level}" is not one of ${LOG_LEVELS.join(", ")}, disabled`,
    );
  }
  return severity;
}
