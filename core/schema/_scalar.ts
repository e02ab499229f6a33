/**
 * Decoders of scalars, by how strictly a place takes other JSON types.
 *
 * @module
 */

import type { Definition, IntegerKind } from "./definition.ts";
import { ExactNumber } from "./exact_number.ts";
import {
  bigintConversion,
  type Conversion,
  floatConversion,
  integerConversion,
} from "./_convert_number.ts";
import {
  booleanConversion,
  durationConversion,
  stringConversion,
  timestampConversion,
} from "./_convert_text.ts";
import { at, type Decoder, kindOf, mismatch } from "./_run.ts";

/**
 * How a place reads scalars.
 *
 * - `native`: members of JSON and config objects; only the kind's own JSON type.
 * - `text`: path, form, header, cookie and environment; everything is text.
 * - `element`: list items; text and numbers convert into each other.
 * - `value`: map values; numbers convert to any scalar, text only to text.
 */
export type Mode = "native" | "text" | "element" | "value";

function conversionOf(definition: Definition): Conversion {
  switch (definition.kind) {
    case "string":
      return stringConversion;
    case "boolean":
      return booleanConversion;
    case "float32":
    case "float64":
      return floatConversion(definition.kind);
    case "bigint":
      return bigintConversion();
    case "duration":
      return durationConversion;
    case "timestamp":
      return timestampConversion;
    default:
      return integerConversion(definition.kind as IntegerKind);
  }
}

/** The kind of JSON value that a conversion's `native` takes. */
function isOwnType(definition: Definition, value: unknown): boolean {
  switch (definition.kind) {
    case "string":
    case "duration":
    case "timestamp":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      return isNumeric(value);
  }
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint" || value instanceof ExactNumber;
}

/** Decodes a scalar kind in one mode. */
export function scalarDecoder(definition: Definition, mode: Mode): Decoder {
  const { native, text } = conversionOf(definition);
  if (definition.asString || mode === "text") {
    const numbersToo = definition.asString === true;
    return (value, run) => {
      if (typeof value === "string") return text(value, run);
      if (numbersToo && isNumeric(value)) return text(String(value), run);
      const actual = kindOf(value);
      return run.fail(
        "type",
        (path) => `the value of ${at(path)} is not string, but ${actual}`,
        { expected: "string", actual },
      );
    };
  }
  if (mode === "native") return native;
  const textToo = mode === "element";
  return (value, run) => {
    if (isOwnType(definition, value)) return native(value, run);
    if (isNumeric(value)) return text(String(value), run);
    if (textToo && typeof value === "string") return text(value, run);
    return value instanceof Date ? native(value, run) : mismatch(run, definition.kind, value);
  };
}
