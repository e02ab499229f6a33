/**
 * Message types that are made at run time, from the description of their fields.
 *
 * @module
 */

import type { FieldInfo } from "../../proto/field.ts";
import { type MessageType, messageType } from "../../proto/message_type.ts";
import { type DynamicMessage, type FieldCodec, fieldCodec } from "./field_codec.ts";

/** A field, and what only the wire knows of it. */
export interface DynamicField {
  /** The field. */
  readonly info: FieldInfo;
  /** Whether a list of numbers is written in one piece. @default {true} */
  readonly packed?: boolean;
}

/** The codecs of a type, made when the first message is: types may name each other. */
interface Codecs {
  readonly all: readonly FieldCodec[];
  readonly byNumber: ReadonlyMap<number, FieldCodec>;
}

/**
 * Makes a message type. Its messages look as those of generated code do, so either can take the place of the other.
 *
 * @param typeName Full name.
 * @param fields The fields in the order of their declaration; asked for once, with the first message.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { field } from "../../proto/field.ts";
 * const point = dynamicType("demo.Point", () => [
 *   { info: field(1, "x", "int32") },
 *   { info: field(2, "y", "int32") },
 * ]);
 * assertEquals(point.encode(point.fromJson({ x: 1, y: 2 })), Uint8Array.of(8, 1, 16, 2));
 * ```
 */
export function dynamicType(
  typeName: string,
  fields: () => readonly DynamicField[],
): MessageType<object> {
  let described: readonly DynamicField[] | undefined;
  let made: Codecs | undefined;
  const describe = () => described ??= fields();
  const codecs = () => made ??= codecsOf(describe());
  return messageType<object>({
    typeName,
    fields: () => describe().map(({ info }) => info),
    create() {
      const message: DynamicMessage = {};
      for (const codec of codecs().all) codec.init(message);
      return message;
    },
    write(message, writer) {
      const fields = message as DynamicMessage & { $unknown?: Uint8Array };
      for (const codec of codecs().all) codec.write(fields, writer);
      if (fields.$unknown !== undefined) writer.raw(fields.$unknown);
    },
    read(message, reader) {
      const { byNumber } = codecs();
      while (reader.more) {
        const tag = reader.tag();
        const codec = byNumber.get(tag >>> 3);
        if (!codec?.read(message as DynamicMessage, reader, tag & 7)) reader.keep(message, tag);
      }
      return message;
    },
  });
}

function codecsOf(fields: readonly DynamicField[]): Codecs {
  // As everybody writes them, whatever the order of their declaration.
  const sorted = fields.toSorted((a, b) => a.info.number - b.info.number);
  const all = sorted.map(({ info, packed = true }) => fieldCodec(info, packed));
  return { all, byNumber: new Map(sorted.map(({ info }, at) => [info.number, all[at]!])) };
}
