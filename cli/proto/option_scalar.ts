/**
 * Scalars and enums as values of options.
 *
 * @module
 */

import type { EnumNode, FieldNode, OptionValue } from "./ast.ts";
import type { TypedValue } from "./option_message.ts";
import { decodeText } from "./token_cursor.ts";

/** Why a value does not suit a field. */
export interface OptionProblem {
  readonly problem: string;
}

/** Words for numbers, within braces in any case. */
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["inf", Infinity],
  ["-inf", -Infinity],
  ["nan", NaN],
  ["-nan", NaN],
]);
const WORDS: ReadonlyMap<string, boolean> = new Map([["true", true], ["false", false]]);
/** The ways to write a `bool` within braces. */
const SHORT_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...WORDS,
  ...[["True", true], ["t", true], ["False", false], ["f", false]] as const,
]);

/**
 * A value of the type of `field`, which is no message.
 *
 * @param isText Whether it stands within braces, where there are more ways to write it.
 */
export function scalarOf(
  field: FieldNode,
  value: OptionValue,
  isText: boolean,
): TypedValue | OptionProblem {
  const problem = { problem: `"${field.name}" needs a ${field.type}` };
  if (field.target?.kind === "enum") return enumOf(field.name, field.target, value, isText);
  switch (field.type) {
    case "bool": {
      if (value.kind === "name") {
        return (isText ? SHORT_WORDS : WORDS).get(value.name) ?? problem;
      }
      const isBit = isText && value.kind === "integer" &&
        (value.value === 0n || value.value === 1n);
      return isBit ? value.value === 1n : problem;
    }
    case "string": {
      const text = value.kind === "string" ? decodeText(value.bytes) : undefined;
      return text ??
        (value.kind === "string"
          ? { problem: `"${field.name}" needs text that is UTF-8` }
          : problem);
    }
    case "bytes":
      return value.kind === "string" ? value.bytes : problem;
    case "float":
    case "double": {
      const number = numberOf(value, isText);
      if (number === undefined) return problem;
      return field.type === "float" ? Math.fround(number) : number;
    }
    default:
      return value.kind === "integer" ? integerOf(field, value.value) : problem;
  }
}

function enumOf(
  name: string,
  { values, file }: EnumNode,
  value: OptionValue,
  isText: boolean,
): TypedValue | OptionProblem {
  if (isText && value.kind === "integer") {
    const isKnown = values.some(({ number }) => BigInt(number) === value.value);
    const isOpen = file?.syntax === "proto3" && BigInt.asIntN(32, value.value) === value.value;
    if (isKnown || isOpen) return Number(value.value);
  }
  const found = value.kind === "name" && values.find((known) => known.name === value.name);
  const names = values.map(({ name }) => name).slice(0, 8).join(", ");
  return found ? found.number : { problem: `"${name}" needs one of ${names}` };
}

function numberOf(value: OptionValue, isText: boolean): number | undefined {
  if (value.kind === "float") return value.value;
  if (value.kind === "integer") return Number(value.value);
  if (value.kind !== "name") return undefined;
  const word = isText ? value.name.toLowerCase().replace("infinity", "inf") : value.name;
  return SPECIAL.get(word);
}

function integerOf({ name, type }: FieldNode, value: bigint): TypedValue | OptionProblem {
  const bits = type.endsWith("64") ? 64 : 32;
  const isUnsigned = /^u|^fixed/.test(type);
  const fits = (isUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)) === value;
  if (!fits) return { problem: `${value} is no ${type}, which "${name}" needs` };
  return bits === 64 ? value : Number(value);
}
