/**
 * The fields of a message, from its descriptor.
 *
 * @module
 */

import type { EnumType } from "../../proto/enum_type.ts";
import { field, type FieldType, lowerCamel, type ScalarType } from "../../proto/field.ts";
import {
  type DescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
} from "../../proto/google/protobuf/descriptor.gen.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { DynamicField } from "./dynamic_type.ts";
import { type FieldFeatures, fieldFeatures, withFeatures } from "./field_features.ts";

/** A message with what surrounds it. */
export interface MessageNode {
  /** Full name. */
  readonly typeName: string;
  /** The descriptor. */
  readonly descriptor: DescriptorProto;
  /** What holds for its fields where they do not say. */
  readonly features: FieldFeatures;
}

/** Finds what a field may be of. */
export interface TypeFinder {
  /** An enum or a message by its full name. */
  typeOf(typeName: string): EnumType | MessageType<object> | undefined;
  /** A message by its full name. */
  nodeOf(typeName: string): MessageNode | undefined;
}

/** By number in a descriptor; 10 is a group, 11 a message, 14 an enum. */
const SCALARS: Readonly<Record<number, ScalarType>> = {
  1: "double",
  2: "float",
  3: "int64",
  4: "uint64",
  5: "int32",
  6: "fixed64",
  7: "fixed32",
  8: "bool",
  9: "string",
  12: "bytes",
  13: "uint32",
  15: "sfixed32",
  16: "sfixed64",
  17: "sint32",
  18: "sint64",
};

/**
 * The fields of a message. Groups are left out: they are kept as fields that nobody knows.
 *
 * @throws {TypeError} If a field is of a type that is not there.
 */
export function describeMessage(node: MessageNode, finder: TypeFinder): DynamicField[] {
  const { descriptor, features } = node;
  const outer = withFeatures(features, descriptor.options?.features);
  const keys = new Set<string>();
  const fields: DynamicField[] = [];
  for (const each of descriptor.field) {
    const own = fieldFeatures(each, outer);
    if (own.delimited) continue;
    fields.push(describeField(node, each, own, { finder, keys }));
  }
  return fields;
}

function describeField(
  node: MessageNode,
  descriptor: FieldDescriptorProto,
  { presence, packed }: FieldFeatures,
  { finder, keys }: { readonly finder: TypeFinder; readonly keys: Set<string> },
): DynamicField {
  const { number = 0, name = "", label } = descriptor;
  const repeated = label === FieldDescriptorProto_Label.LABEL_REPEATED;
  const entry = repeated ? mapEntry(descriptor, finder) : undefined;
  const typed = entry ? entry.descriptor.field.find(({ number }) => number === 2) : descriptor;
  const type = typed && typeOf(typed, finder);
  if (type === undefined) {
    const what = typed?.typeName ?? `number ${typed?.type}`;
    throw new TypeError(
      `Cannot use ${node.typeName}: field ${name} is of type ${what.replace(/^\./, "")}, ` +
        "which no file declares; make the descriptor set with all imports",
    );
  }
  const camel = lowerCamel(name);
  const key = keys.has(camel) ? name : camel;
  keys.add(key);
  const { jsonName } = descriptor;
  const info = field(number, name, type, {
    key,
    presence,
    repeated: repeated && entry === undefined,
    ...(jsonName === undefined ? {} : { jsonName }),
    ...(entry === undefined ? {} : { map: keyTypeOf(entry) }),
    ...oneofOption(node, descriptor),
  });
  return { info, packed };
}

/** A oneof that `optional` makes up is none. */
function oneofOption(
  { descriptor }: MessageNode,
  { oneofIndex, proto3Optional }: FieldDescriptorProto,
): { oneof?: string } {
  if (oneofIndex === undefined || proto3Optional) return {};
  return { oneof: lowerCamel(descriptor.oneofDecl[oneofIndex]?.name ?? "") };
}

function mapEntry(
  { typeName = "" }: FieldDescriptorProto,
  finder: TypeFinder,
): MessageNode | undefined {
  const node = finder.nodeOf(typeName.replace(/^\./, ""));
  return node?.descriptor.options?.mapEntry ? node : undefined;
}

function keyTypeOf({ descriptor }: MessageNode): ScalarType {
  const type = descriptor.field.find(({ number }) => number === 1)?.type;
  return SCALARS[type ?? 0] ?? "string";
}

function typeOf(
  { type, typeName = "" }: FieldDescriptorProto,
  finder: TypeFinder,
): FieldType | undefined {
  return SCALARS[type ?? 0] ?? finder.typeOf(typeName.replace(/^\./, ""));
}
