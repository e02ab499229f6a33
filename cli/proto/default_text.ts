/**
 * Defaults of proto2, as descriptors have them.
 *
 * @module
 */

import type { FieldNode } from "./ast.ts";
import { optionOf } from "./field_traits.ts";

/** The default of a field as text; `undefined` when it has none. */
export function defaultText({ options, type }: FieldNode): string | undefined {
  const value = optionOf(options, "default")?.value;
  switch (value?.kind) {
    case "string":
      return type === "bytes" ? escape(value.bytes) : new TextDecoder().decode(value.bytes);
    case "name":
      return value.name;
    case "integer":
      return type === "double" || type === "float"
        ? numberText(Number(value.value), type)
        : value.value.toString();
    case "float":
      return numberText(value.value, type);
    default:
      return undefined;
  }
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

/** The shortest digits that give the number again, as `printf("%g")` lays them out. */
function numberText(value: number, type: string): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").toLowerCase();
  const [least, most] = type === "float" ? [6, 9] : [15, 17];
  let digits = least;
  const read = type === "float" ? Math.fround : Number;
  while (digits < most && read(Number(value.toPrecision(digits))) !== read(value)) digits++;
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const trim = (text: string) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (exponent >= -4 && exponent < digits) return trim(value.toFixed(digits - 1 - exponent));
  const sign = exponent < 0 ? "-" : "+";
  return `${trim(mantissa!)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
