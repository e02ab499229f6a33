/**
 * Between `Timestamp` and `Duration` and what the platform has for times.
 *
 * @module
 */

import type { Duration } from "./google/protobuf/duration.gen.ts";
import type { Timestamp } from "./google/protobuf/timestamp.gen.ts";

const NANOS_OF_MS = 1_000_000;
const NANOS_OF_SECOND = 1_000_000_000;

/**
 * The timestamp of an instant.
 *
 * @param time A `Date`, or milliseconds since 1970-01-01T00:00:00Z.
 * @throws {RangeError} If it is no instant of the years 1 to 9999.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dateOf, timestampOf } from "@zeno/zeno/rpc/proto/google";
 *
 * assertEquals(timestampOf(-1), { seconds: -1n, nanos: 999_000_000 });
 * assertEquals(dateOf(timestampOf(new Date(1500))).getTime(), 1500);
 * ```
 */
export function timestampOf(time: Date | number): Timestamp {
  const ms = typeof time === "number" ? time : time.getTime();
  const seconds = Math.floor(ms / 1000);
  if (!(seconds >= -62_135_596_800 && seconds <= 253_402_300_799)) {
    throw new RangeError(`Cannot make timestamp: ${ms} ms is no instant of the years 1 to 9999`);
  }
  const nanos = Math.floor((ms - seconds * 1000) * NANOS_OF_MS);
  return { seconds: BigInt(seconds), nanos: Math.min(nanos, NANOS_OF_SECOND - 1) };
}

/** The instant of a timestamp, to the millisecond before it. */
export function dateOf({ seconds, nanos }: Timestamp): Date {
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / NANOS_OF_MS));
}

/**
 * The duration of so many milliseconds.
 *
 * @throws {RangeError} If it is longer than 10,000 years either way, or no number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { durationOf, msOf } from "@zeno/zeno/rpc/proto/google";
 *
 * assertEquals(durationOf(-1500), { seconds: -1n, nanos: -500_000_000 });
 * assertEquals(msOf(durationOf(0.25)), 0.25);
 * ```
 */
export function durationOf(ms: number): Duration {
  const seconds = Math.trunc(ms / 1000);
  if (!(Math.abs(seconds) <= 315_576_000_000)) {
    throw new RangeError(`Cannot make duration: ${ms} ms is not within 10,000 years`);
  }
  const nanos = Math.round((ms - seconds * 1000) * NANOS_OF_MS);
  const carried = Math.trunc(nanos / NANOS_OF_SECOND);
  return { seconds: BigInt(seconds + carried), nanos: nanos - carried * NANOS_OF_SECOND };
}

/** Milliseconds of a duration, with a fraction; exact up to 104 days. */
export function msOf({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1000 + nanos / NANOS_OF_MS;
}
