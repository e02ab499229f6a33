import type { LogEncoder } from "./record.ts";

/** Makes the line by which a sink owns up to lines it had to drop. */
export function discardedLine(encoder: LogEncoder, wallTime: () => number): (n: number) => string {
  return (count) =>
    encoder.encode({
      time: wallTime(),
      level: "error",
      channel: "error",
      content: `Discarded ${count} log lines`,
      fields: {},
    });
}
