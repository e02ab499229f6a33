/**
 * Scalars and enums as values of options.
 *
 * @module
 */

import type { FieldNode, OptionValue } from "./ast.ts";
import type { TypedValue } from "./option_message.ts";

/** Why a value does not suit a field. */
export interface OptionProblem {
  readonly problem: string;
}

const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: NaN };

/** A value of the type of `field`, which is no message. */
export function scalarOf(field: FieldNode, value: OptionValue): TypedValue | OptionProblem {
  const problem = { problem: `"${field.name}" needs a ${field.type}` };
  if (field.target?.kind === "enum") {
    const { values } = field.target;
    if (value.kind === "integer") return Number(value.value);
    const found = value.kind === "name" && values.find(({ name }) => name === value.name);
    const names = values.map(({ name }) => name).slice(0, 8).join(", ");
    return found ? found.number : { problem: `"${field.name}" needs one of ${names}` };
  }
  switch (field.type) {
    case "bool":
      if (value.kind === "name" && /^(true|false)$/.test(value.name)) return value.name === "true";
      return problem;
    case "string":
      return value.kind === "string" ? new TextDecoder().decode(value.bytes) : problem;
    case "bytes":
      return value.kind === "string" ? value.bytes : problem;
    case "float":
    case "double":
      if (value.kind === "float") return value.value;
      if (value.kind === "integer") return Number(value.value);
      return value.kind === "name" && value.name in SPECIAL ? SPECIAL[value.name]! : problem;
    default:
      return value.kind === "integer" ? integerOf(field, value.value) : problem;
  }
}

function integerOf({ name, type }: FieldNode, value: bigint): TypedValue | OptionProblem {
  const bits = type.endsWith("64") ? 64 : 32;
  const isUnsigned = /^u|^fixed/.test(type);
  const fits = (isUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)) === value;
  if (!fits) return { problem: `${value} is no ${type}, which "${name}" needs` };
  return bits === 64 ? value : Number(value);
}
