/**
 * Text between quotes.
 *
 * @module
 */

import { ProtoFault } from "./fault.ts";
import type { Token } from "./scanner.ts";

const ESCAPE =
  /\\(?:[xX]([0-9a-fA-F]{1,2})|([0-7]{1,3})|(u[dD][89abAB]..\\u[dD][c-fC-F]..|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|([abfnrtv?\\'"])|[^])/g;
const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const encoder = new TextEncoder();

/** The bytes that a text token stands for. */
export function unquote({ text, pos }: Token): Uint8Array {
  const body = text.slice(1, -1);
  if (!body.includes("\\")) return encoder.encode(body);
  const bytes: number[] = [];
  const add = (text: string) => bytes.push(...encoder.encode(text));
  let end = 0;
  for (const match of body.matchAll(ESCAPE)) {
    add(body.slice(end, match.index));
    end = match.index + match[0].length;
    const [whole, hex, octal, unicode, simple] = match;
    if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(parseInt(octal, 8));
    else if (simple !== undefined) add(SIMPLE[simple] ?? simple);
    else {
      const text = unicode === undefined ? undefined : unescape(unicode);
      if (text === undefined) {
        throw new ProtoFault("E-syntax", `Cannot read text: ${whole} is no escape`, pos);
      }
      add(text);
    }
  }
  add(body.slice(end));
  // Of `\\400` and more, eight bits are kept.
  return Uint8Array.from(bytes);
}

/** The character of `u00e4`, `U0001f600` or the pair `ud83d\ude00`; `undefined` for what is none. */
function unescape(unicode: string): string | undefined {
  const units = unicode.split("\\").map((escape) => parseInt(escape.slice(1), 16));
  if (units.some((unit) => !(unit <= 0x10ffff))) return undefined;
  const text = String.fromCodePoint(...units);
  return text.isWellFormed() ? text : undefined;
}
