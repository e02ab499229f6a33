/**
 * Options as messages: what `option (google.api.http) = { get: "/v1" };` means.
 *
 * @module
 */

import { bytesToBase64 } from "../../rpc/proto/base64.ts";
import { lowerCamel } from "../../rpc/proto/field.ts";
import type { JsonValue } from "../../rpc/proto/json_value.ts";
import { Writer } from "../../rpc/proto/writer.ts";
import type { EnumNode, FieldNode, MessageNode } from "./ast.ts";
import { isMapEntry, isPacked, plainOption } from "./field_traits.ts";
import { type Scalar, SCALARS } from "./scalars.ts";

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
  #packed: { readonly typeUrl: string; readonly message: OptionMessage } | undefined;

  /** Makes one without fields. */
  constructor(node: MessageNode) {
    this.node = node;
  }

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return this.#written().length === 0;
  }

  /** Values of a field; none when it is not set. */
  values(field: FieldNode): readonly TypedValue[] {
    return this.#entries.get(field)?.values ?? [];
  }

  /**
   * Adds a value to a field; of a oneof it takes the place of others. `extensionName` is its full name when
   * it is an extension.
   */
  add(field: FieldNode, value: TypedValue, extensionName?: string): void {
    for (const other of this.#entries.keys()) {
      if (other !== field && isRival(other, field)) this.#entries.delete(other);
    }
    const entry = this.#entries.get(field);
    if (entry !== undefined) entry.values.push(value);
    else this.#entries.set(field, { name: extensionName ?? jsonNameOf(field), values: [value] });
  }

  /** Whether another field of its oneof is set. */
  hasRival(field: FieldNode): boolean {
    return [...this.#entries.keys()].some((other) => other !== field && isRival(other, field));
  }

  /** Sets the fields to zero that are not set, as those of the entry of a map are. */
  fill(): void {
    for (const field of this.node.fields) {
      if (this.#entries.has(field)) continue;
      this.add(
        field,
        field.target === undefined ? ZEROS[SCALARS.get(field.type)!.type] : zeroOf(field.target),
      );
    }
  }

  /** Makes this `google.protobuf.Any` hold `message`. */
  pack(typeUrl: string, message: OptionMessage): void {
    this.#packed = { typeUrl, message };
    const [url, value] = this.node.fields;
    this.add(url!, typeUrl);
    this.add(value!, message.encode());
  }

  /** As plain data, the way the JSON of proto3 has it. */
  toData(): { [key: string]: JsonValue } {
    if (this.#packed !== undefined) {
      return { "@type": this.#packed.typeUrl, ...this.#packed.message.toData() };
    }
    const data: [string, JsonValue][] = [];
    for (const [field, { name, values }] of this.#written()) {
      const items = values.map((value) => dataOf(value, field));
      if (field.mapKey !== undefined) data.push([name, mapOf(items)]);
      else data.push([name, field.label === "repeated" ? items : items.at(-1)!]);
    }
    // A property of any name: `__proto__` too.
    return Object.fromEntries(data);
  }

  /** On the wire. */
  encode(writer: Writer = new Writer()): Uint8Array {
    this.#write(writer);
    return writer.finish();
  }

  #written(): [FieldNode, Entry][] {
    return [...this.#entries].filter(([field, { name, values }]) => {
      // Such options are for those who read the file, not for those who read descriptors.
      if (plainOption(field.options, "retention") === "RETENTION_SOURCE") return false;
      const isExtension = name.includes(".");
      return isExtension || isMapEntry(this.node) || !hasNoPresence(field) ||
        !isZero(values.at(-1)!);
    });
  }

  #write(writer: Writer): void {
    const entries = this.#written().sort(([a], [b]) => a.number - b.number);
    for (const [field, { values }] of entries) {
      if (isPacked(field, field.file!)) {
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

const ZEROS: Readonly<Record<Scalar["type"], TypedValue>> = {
  number: 0,
  bigint: 0n,
  boolean: false,
  string: "",
  Uint8Array: new Uint8Array(),
};

function zeroOf(type: MessageNode | EnumNode): TypedValue {
  return type.kind === "message" ? new OptionMessage(type) : type.values[0]?.number ?? 0;
}

/** Whether a zero is as good as nothing. */
function hasNoPresence({ label, oneof, mapKey, target, file }: FieldNode): boolean {
  return file?.syntax === "proto3" && label === undefined && oneof === undefined &&
    mapKey === undefined && target?.kind !== "message";
}

function isZero(value: TypedValue): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value && !Object.is(value, -0) &&
    !Number.isNaN(value);
}

function isRival(other: FieldNode, field: FieldNode): boolean {
  return field.oneof !== undefined && other.oneof === field.oneof;
}

/** `{ a: 1 }` of the entries of a map. */
function mapOf(entries: readonly JsonValue[]): JsonValue {
  return Object.fromEntries(entries.map((entry) => {
    const { key, value } = entry as { key: JsonValue; value: JsonValue };
    return [String(key), value];
  }));
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
