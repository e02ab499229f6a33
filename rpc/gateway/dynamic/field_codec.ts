/**
 * How fields are read and written when they are known at run time only.
 *
 * @module
 */

import type { FieldInfo } from "../../proto/field.ts";
import type { Reader } from "../../proto/reader.ts";
import type { Writer } from "../../proto/writer.ts";
import { type ValueCodec, valueCodec } from "./value_codec.ts";

/** A message by the names of its properties. */
export type DynamicMessage = Record<string, unknown>;

/** Reads and writes one field of messages. */
export interface FieldCodec {
  /** Sets the field of a new message to zero; a oneof is set by its first field. */
  init(message: DynamicMessage): void;
  /** Reads a value behind its tag. @returns Whether the wire type is one that the field can have. */
  read(message: DynamicMessage, reader: Reader, wire: number): boolean;
  /** Writes the field, if it is set. */
  write(message: DynamicMessage, writer: Writer): void;
}

/** What becomes of a field. `packed` is for lists of numbers. */
export function fieldCodec(field: FieldInfo, packed: boolean): FieldCodec {
  const value = valueCodec(field.type);
  if (field.map !== undefined) return mapCodec(field, value, valueCodec(field.map));
  if (field.repeated) return listCodec(field, value, packed && value.packable);
  return field.oneof === undefined ? plainCodec(field, value) : oneofCodec(field, value);
}

interface Oneof {
  readonly case: string | undefined;
  readonly value?: unknown;
}

const UNSET: Oneof = Object.freeze({ case: undefined });

function plainCodec({ number, key, presence }: FieldInfo, value: ValueCodec): FieldCodec {
  const tag = number << 3 | value.wire;
  const zero = presence ? undefined : value.zero;
  return {
    init: (message) => message[key] = zero,
    read(message, reader, wire) {
      if (wire !== value.wire) return false;
      message[key] = value.read(reader, message[key]);
      return true;
    },
    write(message, writer) {
      const current = message[key];
      if (current === undefined || (!presence && isZero(current))) return;
      value.write(writer, tag >>> 0, current);
    },
  };
}

/** Minus zero is a value of its own. */
function isZero(value: unknown): boolean {
  return value instanceof Uint8Array
    ? value.length === 0
    : Object.is(value, 0) || value === 0n || value === false || value === "";
}

function oneofCodec({ number, key, oneof = "" }: FieldInfo, value: ValueCodec): FieldCodec {
  const tag = number << 3 | value.wire;
  return {
    init: (message) => message[oneof] = UNSET,
    read(message, reader, wire) {
      if (wire !== value.wire) return false;
      const chosen = message[oneof] as Oneof;
      const before = chosen.case === key ? chosen.value : undefined;
      message[oneof] = { case: key, value: value.read(reader, before) };
      return true;
    },
    write(message, writer) {
      const chosen = message[oneof] as Oneof;
      if (chosen.case === key) value.write(writer, tag >>> 0, chosen.value);
    },
  };
}

function listCodec({ number, key }: FieldInfo, value: ValueCodec, packed: boolean): FieldCodec {
  const tag = (number << 3 | value.wire) >>> 0;
  const packedTag = (number << 3 | 2) >>> 0;
  return {
    init: (message) => message[key] = [],
    read(message, reader, wire) {
      const list = message[key] as unknown[];
      if (wire === value.wire) {
        list.push(value.read(reader, undefined));
        return true;
      }
      if (wire !== 2) return false;
      const outer = reader.enter();
      while (reader.more) list.push(value.read(reader, undefined));
      reader.leave(outer);
      return true;
    },
    write(message, writer) {
      const list = message[key] as readonly unknown[];
      if (list.length === 0) return;
      if (!packed) {
        for (const item of list) value.write(writer, tag, item);
        return;
      }
      const mark = writer.begin(packedTag);
      for (const item of list) value.writeBare(writer, item);
      writer.end(mark);
    },
  };
}

function mapCodec({ number, key }: FieldInfo, value: ValueCodec, name: ValueCodec): FieldCodec {
  const tag = (number << 3 | 2) >>> 0;
  const nameTag = 1 << 3 | name.wire;
  const valueTag = 2 << 3 | value.wire;
  return {
    init: (message) => message[key] = new Map(),
    read(message, reader, wire) {
      if (wire !== 2) return false;
      const outer = reader.enter();
      let entryName: unknown = name.zero;
      let entryValue: unknown = value.zero;
      while (reader.more) {
        const inner = reader.tag();
        if (inner === nameTag) entryName = name.read(reader, undefined);
        else if (inner === valueTag) entryValue = value.read(reader, entryValue);
        else reader.skip(inner);
      }
      reader.leave(outer);
      const map = message[key] as Map<unknown, unknown>;
      map.set(entryName, entryValue ?? value.empty());
      return true;
    },
    write(message, writer) {
      for (const [entryName, entryValue] of message[key] as Map<unknown, unknown>) {
        const mark = writer.begin(tag);
        name.write(writer, nameTag, entryName);
        value.write(writer, valueTag, entryValue);
        writer.end(mark);
      }
    },
  };
}
