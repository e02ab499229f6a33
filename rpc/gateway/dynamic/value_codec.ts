/**
 * How values of fields are read and written when their type is known at run time only.
 *
 * @module
 */

import { type FieldType, isMessage } from "../../proto/field.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { Reader } from "../../proto/reader.ts";
import type { Writer } from "../../proto/writer.ts";
import { SCALAR_CODECS, type ScalarCodec } from "./scalar_codec.ts";

/** Reads and writes values of one type. */
export interface ValueCodec {
  /** The wire type. */
  readonly wire: 0 | 1 | 2 | 5;
  /** Whether lists of it may be written in one piece. */
  readonly packable: boolean;
  /** What a field that is not set has, where that does not differ from zero. */
  readonly zero: unknown;
  /** An empty value, for an entry of a map that came without one. */
  empty(): unknown;
  /** Reads a value behind its tag; a message goes on where `before` has begun. */
  read(reader: Reader, before: unknown): unknown;
  /** Writes the tag and a value. */
  write(writer: Writer, tag: number, value: unknown): void;
  /** Writes a value without a tag, for what is packable. */
  writeBare(writer: Writer, value: unknown): void;
}

/** The codec of a type. */
export function valueCodec(type: FieldType): ValueCodec {
  if (typeof type === "string") return scalar(SCALAR_CODECS[type]);
  return isMessage(type) ? message(type) : scalar(SCALAR_CODECS.int32);
}

function scalar({ wire, zero, read, write }: ScalarCodec): ValueCodec {
  return {
    wire,
    packable: wire !== 2,
    zero,
    empty: () => zero,
    read,
    write: (writer, tag, value) => write(writer.tag(tag), value as never),
    writeBare: (writer, value) => write(writer, value as never),
  };
}

function message(type: MessageType<object>): ValueCodec {
  return {
    wire: 2,
    packable: false,
    zero: undefined,
    empty: () => type.create(),
    read(reader, before) {
      const outer = reader.enter();
      const value = type.read(before === undefined ? type.create() : before as object, reader);
      reader.leave(outer);
      return value;
    },
    write(writer, tag, value) {
      const mark = writer.begin(tag);
      type.write(value as object, writer);
      writer.end(mark);
    },
    writeBare: () => {},
  };
}
