/**
 * Timestamps and durations in the JSON of proto3.
 *
 * @module
 */

import { JsonFault } from "./json_context.ts";
import { type JsonValue, kindOf } from "./json_value.ts";

/** Seconds and the part of a second, as in `Timestamp` and `Duration`. */
export interface SecondsAndNanos {
  /** Whole seconds. */
  readonly seconds: bigint;
  /** Nanoseconds. */
  readonly nanos: number;
}

const NANOS = 1_000_000_000;
/** Seconds of 0001-01-01T00:00:00Z and of 9999-12-31T23:59:59Z. */
const [FIRST, LAST] = [-62_135_596_800n, 253_402_300_799n];
/** Seconds of ten thousand years. */
const LONGEST = 315_576_000_000n;

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/** `1972-01-01T10:00:20.021Z`, with no, three, six or nine digits behind the point. */
export function timestampToJson({ seconds, nanos }: SecondsAndNanos): string {
  if (seconds < FIRST || seconds > LAST || !(nanos >= 0 && nanos < NANOS)) {
    throw new JsonFault(`${seconds} s and ${nanos} ns are no time of the years 1 to 9999`);
  }
  const text = new Date(Number(seconds) * 1000).toISOString();
  return `${text.slice(0, -5)}${fraction(nanos)}Z`;
}

function fraction(nanos: number): string {
  if (nanos === 0) return "";
  return `.${String(nanos).padStart(9, "0").replace(/(?:000){1,2}$/, "")}`;
}

/** The time that `2006-01-02T15:04:05.999Z` or one with an offset stands for. */
export function timestampFromJson(value: JsonValue): SecondsAndNanos {
  const match = typeof value === "string" ? TIMESTAMP.exec(value) : null;
  if (match === null) throw new JsonFault(`need a time as text, got ${shown(value)}`);
  const [, text = "", digits = "", sign, hours = "0", minutes = "0"] = match;
  const ms = Date.parse(`${text}Z`);
  // The platform reads February 30 as March 2.
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60 : 60);
  const seconds = isReal ? BigInt(ms / 1000 - offset) : LAST + 1n;
  if (seconds < FIRST || seconds > LAST || Number(hours) > 23 || Number(minutes) > 59) {
    throw new JsonFault(`${shown(value)} is no time of the years 1 to 9999`);
  }
  return { seconds, nanos: Number(digits.padEnd(9, "0")) };
}

/** `1.5s`. */
export function durationToJson({ seconds, nanos }: SecondsAndNanos): string {
  const mixed = seconds > 0n && nanos < 0 || seconds < 0n && nanos > 0;
  const outside = seconds > LONGEST || seconds < -LONGEST || !(Math.abs(nanos) < NANOS);
  if (mixed || outside) {
    throw new JsonFault(`${seconds} s and ${nanos} ns are no duration`);
  }
  const isNegative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${isNegative ? "-" : ""}${whole}${fraction(Math.abs(nanos))}s`;
}

/** The duration that `1.5s` stands for. */
export function durationFromJson(value: JsonValue): SecondsAndNanos {
  const match = typeof value === "string" ? DURATION.exec(value) : null;
  if (match === null) {
    throw new JsonFault(`need a duration such as "1.5s", got ${shown(value)}`);
  }
  const [, sign, whole = "0", digits = ""] = match;
  const seconds = BigInt(whole);
  if (seconds > LONGEST) throw new JsonFault(`${shown(value)} is more than 10,000 years`);
  const nanos = Number(digits.padEnd(9, "0"));
  // Minus zero would not equal zero.
  return sign === "-" ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos };
}

function shown(value: JsonValue): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : kindOf(value);
}
