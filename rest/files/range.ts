/**
 * Parts of files.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14
 * @module
 */

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** Byte behind the last. */
  readonly end: number;
}

/**
 * The part that a `Range` header asks for of so many bytes.
 *
 * @returns Undefined if the whole is to be sent: there is no such header, it is malformed, of another unit, or names
 * several parts (which RFC 9110 lets a server ignore, and attackers like). `unsatisfiable` if no such bytes are there.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseRange("bytes=-2", 10), { start: 8, end: 10 });
 * assertEquals(parseRange("bytes=10-", 10), "unsatisfiable");
 * assertEquals(parseRange("bytes=0-1,4-5", 10), undefined);
 * ```
 */
export function parseRange(
  header: string | null,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return suffix(Number(last), size);
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return size === 0 ? undefined : "unsatisfiable";
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

function suffix(length: number, size: number): ByteRange | "unsatisfiable" | undefined {
  if (size === 0) return undefined;
  return length === 0 ? "unsatisfiable" : { start: Math.max(0, size - length), end: size };
}
