/**
 * Options as messages: what `option (google.api.http) = { get: "/v1" };` means.
 *
 * @module
 */

import { bytesToBase64 } from "../../rpc/proto/base64.ts";
import { lowerCamel } from "../../rpc/proto/field.ts";
import type { JsonValue } from "../../rpc/proto/json_value.ts";
import { Writer } from "../../rpc/proto/writer.ts";
import type { FieldNode, MessageNode } from "./ast.ts";
import { isPacked, plainOption } from "./field_traits.ts";
import { SCALARS } from "./scalars.ts";

/** A value of an option, of the type of its field. */
export type TypedValue = number | bigint | boolean | string | Uint8Array | OptionMessage;

interface Entry {
  /** Name as plain data: of an extension in full, of a field in lowerCamel. */
  readonly name: string;
  readonly values: TypedValue[];
}

/** A message of options. */
export class OptionMessage {
  /** Its type. */
  readonly node: MessageNode;
  readonly #entries = new Map<FieldNode, Entry>();

  /** Makes one without fields. */
  constructor(node: MessageNode) {
    this.node = node;
  }

  /** Whether no field is set. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Values of a field; none when it is not set. */
  values(field: FieldNode): readonly TypedValue[] {
    return this.#entries.get(field)?.values ?? [];
  }

  /** Adds a value to a field. `extensionName` is its full name when it is an extension. */
  add(field: FieldNode, value: TypedValue, extensionName?: string): void {
    const entry = this.#entries.get(field);
    if (entry !== undefined) entry.values.push(value);
    else this.#entries.set(field, { name: extensionName ?? jsonNameOf(field), values: [value] });
  }

  /** As plain data, the way the JSON of proto3 has it. */
  toData(): { [key: string]: JsonValue } {
    const data: { [key: string]: JsonValue } = {};
    for (const [field, { name, values }] of this.#entries) {
      const items = values.map((value) => dataOf(value, field));
      data[name] = field.label === "repeated" ? items : items.at(-1)!;
    }
    return data;
  }

  /** On the wire. */
  encode(writer: Writer = new Writer()): Uint8Array {
    this.#write(writer);
    return writer.finish();
  }

  #write(writer: Writer): void {
    const entries = [...this.#entries].sort(([a], [b]) => a.number - b.number);
    for (const [field, { values }] of entries) {
      if (isPacked(field, this.node.file!)) {
        const mark = writer.begin(field.number * 8 + 2);
        for (const value of values) writeScalar(writer, field, value);
        writer.end(mark);
        continue;
      }
      for (const value of values) {
        if (value instanceof OptionMessage) {
          const mark = writer.begin(field.number * 8 + 2);
          value.#write(writer);
          writer.end(mark);
        } else {
          writer.tag(field.number * 8 + (SCALARS.get(field.type)?.wire ?? 0));
          writeScalar(writer, field, value);
        }
      }
    }
  }
}

function jsonNameOf({ options, name }: FieldNode): string {
  return plainOption(options, "json_name") ?? lowerCamel(name);
}

function dataOf(value: TypedValue, { target }: FieldNode): JsonValue {
  if (value instanceof OptionMessage) return value.toData();
  if (value instanceof Uint8Array) return bytesToBase64(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return value;
  if (!Number.isFinite(value)) return String(value);
  const name = target?.kind === "enum"
    ? target.values.find(({ number }) => number === value)?.name
    : undefined;
  return name ?? value;
}

/** The value has been made for the type of the field. */
function writeScalar(writer: Writer, { type, target }: FieldNode, value: TypedValue): void {
  const write = writer[(target === undefined ? type : "int32") as "int32"];
  write.call(writer, value as number);
}
