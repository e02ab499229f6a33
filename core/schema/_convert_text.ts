/**
 * Scalars that are no numbers: text, booleans, bytes, spans and instants.
 *
 * @module
 */

import { readDuration } from "./duration.ts";
import { ExactNumber } from "./exact_number.ts";
import { readTimestamp } from "./timestamp.ts";
import type { Conversion } from "./_convert_number.ts";
import { at, mismatch, quote, type Run } from "./_run.ts";

/** Reads text as it is. */
export const stringConversion: Conversion = {
  native: (value, run) => typeof value === "string" ? value : mismatch(run, "string", value),
  text: (text) => text,
};

/** Reads booleans; as text `1`, `true`, `0` and `false` in any case. */
export const booleanConversion: Conversion = {
  native: (value, run) => typeof value === "boolean" ? value : mismatch(run, "bool", value),
  text: (text, run) => {
    if (text === "true" || text === "1") return true;
    if (text === "false" || text === "0") return false;
    if (text.length === 4 && text.toLowerCase() === "true") return true;
    if (text.length === 5 && text.toLowerCase() === "false") return false;
    const shown = quote(text);
    return run.fail(
      "type",
      (path) => `type mismatch for ${at(path)}, expect "bool", actual ${shown}`,
      { expected: "bool" },
    );
  },
};

function durationText(text: string, run: Run): unknown {
  const result = readDuration(text);
  if (typeof result === "number") return result;
  return run.fail("type", (path) => `${at(path)}: time: ${result}`, { expected: "duration" });
}

/** Whether `text` is a sign and digits only. */
function isWholeNumber(text: string): boolean {
  for (let index = text[0] === "-" ? 1 : 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char < 48 || char > 57) return false;
  }
  return text !== "" && text !== "-";
}

/**
 * Reads a span as milliseconds. JSON and config need text with a unit; in text sources a plain
 * integer also counts, as nanoseconds, because fleets on the wire today send it so.
 */
export const durationConversion: Conversion = {
  native: (value, run) => {
    if (typeof value === "string") return durationText(value, run);
    if (run.durationMs && typeof value === "number" && Number.isFinite(value)) return value;
    const actual = value instanceof ExactNumber ? "number" : typeof value;
    return run.fail(
      "type",
      (path) => `expect string for ${at(path)}, but got type ${actual}`,
      { expected: "duration", actual },
    );
  },
  text: (text, run) => {
    if (isWholeNumber(text) && text.length <= 19) return Number(text) / 1e6;
    return durationText(text, run);
  },
};

function timestampText(text: string, run: Run): unknown {
  const date = readTimestamp(text);
  if (date !== undefined) return date;
  const shown = quote(text);
  return run.fail(
    "type",
    (path) => `${at(path)}: parsing time ${shown}: need "2006-01-02T15:04:05Z" (RFC 3339)`,
    { expected: "timestamp" },
  );
}

/** Reads RFC 3339 instants as `Date`. */
export const timestampConversion: Conversion = {
  native: (value, run) => {
    if (typeof value === "string") return timestampText(value, run);
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
    return mismatch(run, "timestamp", value);
  },
  text: timestampText,
};

const BASE64_CHAR = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
  BASE64_CHAR[char.charCodeAt(0)] = 1;
}

/** Whether `text` is padded base64 of the standard alphabet. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  let end = text.length;
  if (text[end - 1] === "=") end--;
  if (text[end - 1] === "=") end--;
  for (let index = 0; index < end; index++) {
    const char = text.charCodeAt(index);
    if (char > 127 || BASE64_CHAR[char] !== 1) return false;
  }
  return true;
}

/** Reads base64 of the standard alphabet, with padding. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!isBase64(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Writes base64 of the standard alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
