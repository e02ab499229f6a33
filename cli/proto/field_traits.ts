/**
 * What follows from how a field is declared.
 *
 * @module
 */

import type { FieldNode, OptionNode, ProtoFile } from "./ast.ts";
import { SCALARS } from "./scalars.ts";

/** The value of a plain option such as `deprecated`; `undefined` when it is not set. */
export function plainOption(options: readonly OptionNode[], name: string): string | undefined {
  const option = options.find(({ name: parts }) =>
    parts.length === 1 && parts[0]!.name === name && !parts[0]!.isExtension
  );
  switch (option?.value.kind) {
    case "name":
      return option.value.name;
    case "string":
      return new TextDecoder().decode(option.value.bytes);
    default:
      return undefined;
  }
}

/** Whether elements stand together in one value with a length. */
export function isPacked(field: FieldNode, { syntax }: ProtoFile): boolean {
  if (field.label !== "repeated" || field.mapKey !== undefined) return false;
  const canPack = field.target === undefined
    ? SCALARS.get(field.type)?.wire !== 2
    : field.target.kind === "enum";
  if (!canPack) return false;
  const packed = plainOption(field.options, "packed");
  return packed === undefined ? syntax === "proto3" : packed === "true";
}

/** Whether what has these options is marked as deprecated. */
export function isDeprecated(options: readonly OptionNode[]): boolean {
  return plainOption(options, "deprecated") === "true";
}
