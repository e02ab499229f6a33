/**
 * What follows from how a field is declared.
 *
 * @module
 */

import type { FieldNode, MessageNode, OptionNode, ProtoFile } from "./ast.ts";
import { SCALARS } from "./scalars.ts";
import { decodeText } from "./token_cursor.ts";

/** The plain option of this name, such as `deprecated`, if it is set. */
export function optionOf(options: readonly OptionNode[], name: string): OptionNode | undefined {
  return options.find(({ name: parts }) =>
    parts.length === 1 && parts[0]!.name === name && !parts[0]!.isExtension
  );
}

/** The value of a plain option that is a word or text; `undefined` when it is not set. */
export function plainOption(options: readonly OptionNode[], name: string): string | undefined {
  const option = optionOf(options, name);
  switch (option?.value.kind) {
    case "name":
      return option.value.name;
    case "string":
      return decodeText(option.value.bytes);
    default:
      return undefined;
  }
}

/** Whether it is a list whose elements can stand together in one value with a length. */
export function canPack({ label, mapKey, type, target }: FieldNode): boolean {
  if (label !== "repeated" || mapKey !== undefined) return false;
  return target === undefined ? SCALARS.get(type)?.wire !== 2 : target.kind === "enum";
}

/** Whether elements stand together in one value with a length. */
export function isPacked(field: FieldNode, { syntax }: ProtoFile): boolean {
  if (!canPack(field)) return false;
  const packed = plainOption(field.options, "packed");
  return packed === undefined ? syntax === "proto3" : packed === "true";
}

/** Whether it is an `optional` of proto3: it stands alone in a oneof that nobody sees. */
export function isLoneOptional({ label, file }: FieldNode): boolean {
  return file?.syntax === "proto3" && label === "optional";
}

/** Names of the oneofs of {@link isLoneOptional} fields. */
export function syntheticOneofs({ fields, oneofs }: MessageNode): Map<FieldNode, string> {
  const taken = new Set([...fields, ...oneofs].map(({ name }) => name));
  const names = new Map<FieldNode, string>();
  for (const field of fields.filter(isLoneOptional)) {
    let name = field.name.replace(/^(?!_)/, "_");
    while (taken.has(name)) name = `X${name}`;
    taken.add(name);
    names.set(field, name);
  }
  return names;
}

/** `UserIdsEntry` of `user_ids`: the message that the entries of a map are. */
export function mapEntryName(field: string): string {
  return `${field.replace(/(?:^|_+)(.?)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** The message that the entries of a map are; it is declared in the message `scope`. */
export function mapEntryOf(field: FieldNode, scope: string): MessageNode {
  const { file, pos, mapKey } = field;
  const name = mapEntryName(field.name);
  const common = { ...field, label: undefined, mapKey: undefined, options: [], oneof: undefined };
  const { target: _, ...key } = { ...common, name: "key", number: 1, type: mapKey! };
  return {
    kind: "message",
    name,
    fullName: `${scope}.${name}`,
    fields: [key, { ...common, name: "value", number: 2 }],
    oneofs: [],
    messages: [],
    enums: [],
    extensions: [],
    reserved: [],
    reservedNames: [],
    extensionRanges: [],
    options: [{
      name: [{ name: "map_entry", isExtension: false }],
      value: { kind: "name", name: "true", pos },
      pos,
    }],
    docs: [],
    pos,
    ...(file === undefined ? {} : { file }),
  };
}

/** Whether the message is what {@link mapEntryOf} makes. */
export function isMapEntry({ options }: MessageNode): boolean {
  return plainOption(options, "map_entry") === "true";
}

/** Whether what has these options is marked as deprecated. */
export function isDeprecated(options: readonly OptionNode[]): boolean {
  return plainOption(options, "deprecated") === "true";
}
