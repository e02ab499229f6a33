/**
 * What the generator has to know of a field.
 *
 * @module
 */

import type { EnumNode, FieldNode, MessageNode } from "../../proto/ast.ts";
import { isPacked } from "../../proto/field_traits.ts";
import { type Scalar, SCALARS } from "../../proto/scalars.ts";
import type { FileContext } from "./file_context.ts";
import { messageKeys } from "./proto_names.ts";

/** Type of a value: of a field, of elements of a list, of keys or values of a map. */
export type ValueModel =
  | { readonly kind: "scalar"; readonly name: string; readonly scalar: Scalar }
  | { readonly kind: "enum"; readonly type: string; readonly node: EnumNode }
  | { readonly kind: "message"; readonly type: string };

/** A field. */
export interface FieldModel {
  readonly node: FieldNode;
  /** Property of the message, or case of the oneof. */
  readonly key: string;
  readonly value: ValueModel;
  readonly shape: "single" | "optional" | "list" | "map";
  /** Whether elements of a list stand together in one value with a length. */
  readonly packed: boolean;
  /** Keys, if it is a map. */
  readonly mapKey: ValueModel | undefined;
  /** Property of its oneof. */
  readonly oneof: string | undefined;
}

/** A oneof. */
export interface OneofModel {
  readonly key: string;
  readonly fields: readonly FieldModel[];
}

/** A message. */
export interface MessageModel {
  readonly node: MessageNode;
  /** Name of interface and constant. */
  readonly type: string;
  /** Fields in the order of their declaration. */
  readonly fields: readonly FieldModel[];
  readonly oneofs: readonly OneofModel[];
}

/** The model of a message; imports the types that it names. */
export function messageModel(node: MessageNode, context: FileContext): MessageModel {
  const keys = messageKeys(node);
  const fields = node.fields.map((field): FieldModel => {
    const oneof = field.oneof === undefined ? undefined : keys.oneofs[field.oneof];
    const value = valueModel(field, context);
    return {
      node: field,
      key: keys.fields.get(field)!,
      value,
      shape: shapeOf(field, value),
      packed: isPacked(field, node.file!),
      mapKey: field.mapKey === undefined ? undefined : scalarModel(field.mapKey),
      oneof,
    };
  });
  const oneofs = keys.oneofs.map((key) => ({
    key,
    fields: fields.filter(({ oneof }) => oneof === key),
  }));
  return { node, type: context.type(node), fields, oneofs };
}

function shapeOf(field: FieldNode, value: ValueModel): FieldModel["shape"] {
  if (field.mapKey !== undefined) return "map";
  if (field.label === "repeated") return "list";
  return field.label !== undefined || value.kind === "message" ? "optional" : "single";
}

function scalarModel(name: string): ValueModel {
  return { kind: "scalar", name, scalar: SCALARS.get(name)! };
}

function valueModel({ type, target }: FieldNode, context: FileContext): ValueModel {
  if (target === undefined) return scalarModel(type);
  return target.kind === "enum"
    ? { kind: "enum", type: context.type(target, { typeOnly: true }), node: target }
    : { kind: "message", type: context.type(target) };
}

/** The type of a value in TypeScript. */
export function typeOf(value: ValueModel): string {
  return value.kind === "scalar" ? value.scalar.type : value.type;
}

/** Wire type of a value. */
export function wireOf(value: ValueModel): number {
  return value.kind === "scalar" ? value.scalar.wire : value.kind === "enum" ? 0 : 2;
}

/** Zero of a value that is no message, as code. */
export function zeroOf(value: ValueModel): string {
  return value.kind === "scalar" ? value.scalar.zero : "0";
}

/** Field number and wire type in one number. */
export function tagOf(number: number, wire: number): number {
  return number * 8 + wire;
}
