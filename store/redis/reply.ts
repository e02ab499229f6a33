/**
 * From what the driver gives to what callers get.
 *
 * The driver gives text as bytes, and integers as digits where it can be told to, for a JavaScript number would round those
 * beyond 2^53.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { ServiceError } from "../../core/errors.ts";

/** An integer: a number where that is exact, else a bigint. */
export type RedisInteger = number | bigint;

/** Any reply. */
export type RedisReply = string | RedisInteger | null | readonly RedisReply[];

/** Makes what a caller gets of what the driver gives. */
export type Decode<T> = (reply: unknown) => T;

/** Text, or `null`. */
export const textOrNull: Decode<string | null> = (reply) => {
  if (reply === null || reply === undefined) return null;
  return text(reply);
};

/** Text. */
export const text: Decode<string> = (reply) => {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (typeof reply === "string" || typeof reply === "number") return String(reply);
  throw unexpected("text", reply);
};

/** Bytes, or `null`. */
export const bytesOrNull: Decode<Uint8Array | null> = (reply) => {
  if (reply === null) return null;
  // The driver's bytes may be a piece of what came from the network; nobody wants to keep all of that.
  if (Buffer.isBuffer(reply)) return new Uint8Array(reply);
  throw unexpected("bytes", reply);
};

/** Near 2^53 the driver rounds already: it adds the code of each digit before it takes that of 0 away. */
const LARGEST_EXACT = 2 ** 53 - 64;

/** An integer. */
export const integer: Decode<RedisInteger> = (reply) => {
  if (typeof reply === "string") {
    const number = Number(reply);
    return Number.isSafeInteger(number) ? number : BigInt(reply);
  }
  if (typeof reply !== "number") throw unexpected("an integer", reply);
  if (Math.abs(reply) <= LARGEST_EXACT) return reply;
  throw new ServiceError(
    "out_of_range",
    "Cannot read integer: it lies beyond 2^53, and the client of a cluster would round it",
  );
};

/** An integer that is a count, so never beyond 2^53. */
export const count: Decode<number> = (reply) => Number(integer(reply));

/** A count, or `null`. */
export const countOrNull: Decode<number | null> = (reply) => reply === null ? null : count(reply);

/** Whether an integer is not 0. */
export const flag: Decode<boolean> = (reply) => count(reply) !== 0;

/** Whether anything was answered: `OK`, or `null` if a condition did not hold. */
export const isDone: Decode<boolean> = (reply) => reply !== null;

/** Nothing. */
export const nothing: Decode<void> = () => {};

/** A number with a fraction, which Redis sends as text. */
export const float: Decode<number> = (reply) => {
  const written = text(reply);
  if (written === "inf") return Infinity;
  return written === "-inf" ? -Infinity : Number(written);
};

/** A number with a fraction, or `null`. */
export const floatOrNull: Decode<number | null> = (reply) => reply === null ? null : float(reply);

/** A list of which each item is decoded. */
export function listOf<T>(item: Decode<T>): Decode<T[]> {
  return (reply) => {
    if (Array.isArray(reply)) return reply.map(item);
    if (reply === null) return [];
    throw unexpected("a list", reply);
  };
}

/** A list of texts. */
export const texts: Decode<string[]> = listOf(text);

/** A list of texts and nulls. */
export const textsOrNulls: Decode<(string | null)[]> = listOf(textOrNull);

/** A flat list of names and values, as a list of pairs. */
export function pairsOf<A, B>(first: Decode<A>, second: Decode<B>): Decode<[A, B][]> {
  return (reply) => {
    const items = listOf((item) => item)(reply);
    const pairs: [A, B][] = [];
    for (let i = 0; i + 1 < items.length; i += 2) {
      pairs.push([first(items[i]), second(items[i + 1])]);
    }
    return pairs;
  };
}

/** A flat list of names and values, as an object. */
export const record: Decode<Record<string, string>> = (reply) => {
  if (typeof reply !== "object" || reply === null || Array.isArray(reply)) {
    return Object.fromEntries(pairsOf(text, text)(reply));
  }
  // The driver has made an object of some replies already.
  return Object.fromEntries(Object.entries(reply).map(([name, value]) => [name, text(value)]));
};

/** Any reply: text, integer, `null`, or a list of these. */
export const anything: Decode<RedisReply> = (reply) => {
  if (reply === null || reply === undefined) return null;
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (Array.isArray(reply)) return reply.map(anything);
  if (typeof reply === "number" && !Number.isInteger(reply)) return reply;
  if (typeof reply === "string" && !/^-?\d+$/.test(reply)) return reply;
  return integer(reply);
};

/** A number as Redis reads it: without exponent, and `+inf` for the largest. */
export function formatNumber(value: number): string {
  if (value === Infinity) return "+inf";
  if (value === -Infinity) return "-inf";
  if (Number.isNaN(value)) throw new RangeError("Cannot send number: got NaN");
  const short = String(value);
  return short.includes("e") ? withoutExponent(short) : short;
}

/** Writes `1.5e-7` as `0.00000015`. */
function withoutExponent(short: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(short) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}0.${"0".repeat(-point)}${digits}`; // The exponent is at most -7, so the point lies left of all.
}

function unexpected(what: string, reply: unknown): ServiceError {
  const got = Array.isArray(reply) ? "a list" : reply === null ? "null" : typeof reply;
  return new ServiceError("internal", `Cannot read reply of Redis: need ${what}, got ${got}`);
}
