/**
 * Messages in a `google.protobuf.Any`.
 *
 * @module
 */

import type { Any } from "./google/protobuf/any.gen.ts";
import type { MessageType } from "./message_type.ts";

/**
 * Packs a message with the name of its type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Duration, durationOf, packAny, unpackAny } from "@zeno/zeno/rpc/proto/google";
 *
 * const any = packAny(Duration, durationOf(1000));
 * assertEquals(any.typeUrl, "type.googleapis.com/google.protobuf.Duration");
 * assertEquals(unpackAny(any, Duration)?.seconds, 1n);
 * ```
 */
export function packAny<T extends object>(type: MessageType<T>, message: T): Any {
  return { typeUrl: `type.googleapis.com/${type.typeName}`, value: type.encode(message) };
}

/**
 * The message that is packed; `undefined` if it is of another type.
 *
 * @throws {DecodeError} If its bytes are no such message.
 */
export function unpackAny<T extends object>(
  { typeUrl, value }: Any,
  type: MessageType<T>,
): T | undefined {
  const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
  return typeName === type.typeName ? type.decode(value) : undefined;
}
