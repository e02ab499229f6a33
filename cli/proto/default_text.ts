/**
 * Defaults of proto2, as descriptors have them.
 *
 * @module
 */

import type { FieldNode } from "./ast.ts";
import { optionOf } from "./field_traits.ts";
import { scalarOf } from "./option_scalar.ts";

/** The default of a field as text; `undefined` when it has none. The value has been checked. */
export function defaultText(field: FieldNode): string | undefined {
  const set = optionOf(field.options, "default")?.value;
  if (set === undefined) return undefined;
  if (set.kind === "name" && field.target?.kind === "enum") return set.name;
  const value = scalarOf(field, set, false);
  if (value instanceof Uint8Array) return escape(value);
  return typeof value === "number" && /^(?:double|float)$/.test(field.type)
    ? numberText(value, field.type)
    : String(value);
}

const ESCAPES: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  13: "\\r",
  34: '\\"',
  39: "\\'",
  92: "\\\\",
};

/** Bytes as C writes them. */
function escape(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (ESCAPES[byte] !== undefined) return ESCAPES[byte];
    return byte >= 32 && byte < 127
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}

/** The digits that give the number again, laid out as `printf("%g")` does. */
function numberText(value: number, type: string): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").toLowerCase();
  if (Object.is(value, -0)) return "-0";
  const [few, all] = type === "float" ? [6, 9] : [15, 17];
  const read = type === "float" ? Math.fround : Number;
  const digits = read(Number(value.toPrecision(few))) === value ? few : all;
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const trim = (text: string) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (exponent >= -4 && exponent < digits) return trim(value.toFixed(digits - 1 - exponent));
  const sign = exponent < 0 ? "-" : "+";
  return `${trim(mantissa!)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
