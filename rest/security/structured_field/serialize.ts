/**
 * Writing structured fields, in the one strict form.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9651#section-4.1
 * @module
 */

import {
  type BareItem,
  Decimal,
  DisplayString,
  FieldDate,
  type InnerList,
  isInnerList,
  type Item,
  type Member,
  type Parameters,
} from "./types.ts";

/** Largest magnitude of an integer, and of the whole part of a decimal. */
const MAX_INTEGER = 999_999_999_999_999;
const MAX_DECIMAL = 999_999_999_999;

/**
 * Writes a dictionary.
 *
 * @throws {SyntaxError} If it holds something that a structured field cannot.
 */
export function serializeDictionary(members: ReadonlyMap<string, Member>): string {
  return [...members].map(([key, member]) => {
    if (!isInnerList(member) && member.value === true) {
      return serializeKey(key) + serializeParameters(member.parameters);
    }
    return `${serializeKey(key)}=${serializeMember(member)}`;
  }).join(", ");
}

/**
 * Writes a list.
 *
 * @throws {SyntaxError} If it holds something that a structured field cannot.
 */
export function serializeList(members: readonly Member[]): string {
  return members.map(serializeMember).join(", ");
}

/** Writes a member of a list or a dictionary. */
export function serializeMember(member: Member): string {
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member);
}

/** Writes a list within another. */
export function serializeInnerList({ items, parameters }: InnerList): string {
  return `(${items.map(serializeItem).join(" ")})${serializeParameters(parameters)}`;
}

/** Writes a value with its parameters. */
export function serializeItem({ value, parameters }: Item): string {
  return serializeBareItem(value) + serializeParameters(parameters);
}

/** Writes parameters. */
export function serializeParameters(parameters: Parameters): string {
  let text = "";
  for (const [key, value] of parameters) {
    text += `;${serializeKey(key)}`;
    if (value !== true) text += `=${serializeBareItem(value)}`;
  }
  return text;
}

/** Writes a value. */
export function serializeBareItem(value: BareItem): string {
  if (typeof value === "string") return serializeString(value);
  if (typeof value === "boolean") return value ? "?1" : "?0";
  if (typeof value === "number") return serializeInteger(value);
  if (value instanceof Uint8Array) return `:${value.toBase64()}:`;
  if (value instanceof Decimal) return serializeDecimal(value.value);
  if (value instanceof FieldDate) return `@${serializeInteger(value.seconds)}`;
  if (value instanceof DisplayString) return serializeDisplayString(value.value);
  // A token.
  if (/^[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*$/.test(value.value)) return value.value;
  throw unfit("a token");
}

function serializeKey(key: string): string {
  if (/^[a-z*][a-z0-9_.*-]*$/.test(key)) return key;
  throw unfit("a key");
}

function serializeString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `"${text.replace(/["\\]/g, "\\$&")}"`;
  throw unfit("a string");
}

function serializeInteger(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER) return String(value);
  throw unfit("an integer");
}

function serializeDecimal(value: number): string {
  // Thousandths, and of two that are as near the even one.
  const scaled = value * 1000;
  const floor = Math.floor(scaled);
  const tie = scaled - floor === 0.5;
  const rounded = (tie ? floor + Math.abs(floor % 2) : Math.round(scaled)) / 1000;
  if (!(Math.abs(Math.trunc(rounded)) <= MAX_DECIMAL)) throw unfit("a decimal");
  const text = rounded.toFixed(3).replace(/0{1,2}$/, "");
  return text === "-0.0" ? "0.0" : text;
}

function serializeDisplayString(text: string): string {
  if (!text.isWellFormed()) throw unfit("a display string");
  let encoded = "";
  for (const byte of new TextEncoder().encode(text)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25 && byte !== 0x22;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0")}`;
  }
  return `%"${encoded}"`;
}

function unfit(what: string): SyntaxError {
  return new SyntaxError(`Cannot write structured field: it holds ${what} that does not fit`);
}
