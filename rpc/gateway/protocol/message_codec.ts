/**
 * Messages as clients of Connect and gRPC-Web send them.
 *
 * @module
 */

import { parseJson } from "../../../core/schema/json.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { TypeRegistry } from "../../proto/registry.ts";
import { textOf } from "../call/read_body.ts";

/** What follows the slash or the plus of a content type. */
export type CodecName = "proto" | "json";

/** Reads and writes messages. */
export interface MessageCodec {
  /** The bytes of a message. */
  encode(type: MessageType<object>, message: object): Uint8Array<ArrayBuffer>;
  /**
   * The message in bytes.
   *
   * @throws {ServiceError} `invalid_argument` if there is none.
   */
  decode(type: MessageType<object>, bytes: Uint8Array): object;
}

const encoder = new TextEncoder();

const proto: MessageCodec = {
  encode: (type, message) => type.encode(message) as Uint8Array<ArrayBuffer>,
  decode: (type, bytes) => type.decode(bytes),
};

/** The codec of this name. */
export function codecOf(name: CodecName, registry: TypeRegistry): MessageCodec {
  if (name === "proto") return proto;
  return {
    encode: (type, message) => encoder.encode(JSON.stringify(type.toJson(message, { registry }))),
    decode: (type, bytes) =>
      type.fromJson(parseJson(textOf(bytes)) as JsonValue, { lenient: true, registry }),
  };
}
