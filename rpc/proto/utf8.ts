/**
 * UTF-8 text in a buffer, by the fastest way that the platform has.
 *
 * @module
 */

import { WireFault } from "./errors.ts";

const encoder = new TextEncoder();
// Without `ignoreBOM` a byte order mark would vanish from the text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to here a loop over the characters beats a call into the platform. */
const SHORT_TEXT = 24;

/**
 * Node's way to read text from bytes, where there is one: ten times as fast as `TextDecoder`, but it
 * writes U+FFFD for what is not UTF-8.
 */
type Utf8Slice = (this: Uint8Array, start: number, end: number) => string;
const utf8Slice: Utf8Slice | undefined =
  (globalThis as { Buffer?: { prototype?: { utf8Slice?: Utf8Slice } } }).Buffer?.prototype
    ?.utf8Slice;

/** Up to here joining characters beats a call into the platform, and the text is of two parts at most. */
const SHORT_BYTES = utf8Slice === undefined ? 64 : 16;

/** Most bytes that `text` can take. */
export function maxUtf8Bytes(text: string): number {
  return text.length * 3;
}

/**
 * Writes `text` at `at`, where there is room for {@link maxUtf8Bytes}. A lone surrogate is written as
 * U+FFFD.
 *
 * @returns The number of bytes written.
 */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  const length = text.length;
  if (length > SHORT_TEXT) return encoder.encodeInto(text, bytes.subarray(at)).written;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at + index] = unit;
  }
  return length;
}

/**
 * Reads the text from `start` to `end`.
 *
 * @throws {WireFault} If the bytes are not UTF-8.
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= SHORT_BYTES) {
    const text = readAscii(bytes, start, end);
    if (text !== undefined) return text;
  }
  if (utf8Slice !== undefined) {
    const text = utf8Slice.call(bytes, start, end);
    // It may stand there rightly: then the slow way gives the same text.
    if (!text.includes("\ufffd")) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    throw new WireFault(`text that is not UTF-8 at byte ${start}`);
  }
}

/** The text, eight characters at a time; `undefined` if it is not ASCII. */
function readAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let at = start;
  for (; at + 7 < end; at += 8) {
    const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
    const [e, f, g, h] = [bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!];
    if (((a | b | c | d | e | f | g | h) & 0x80) !== 0) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
