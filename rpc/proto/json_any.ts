/**
 * `google.protobuf.Any` in the JSON of proto3.
 *
 * @module
 */

import { DecodeError } from "./errors.ts";
import type { ReadContext, WriteContext } from "./json_context.ts";
import { isJsonObject, type JsonValue, kindOf } from "./json_value.ts";
import type { AnyMessage, MessageType } from "./message_type.ts";

const REMEDY = "give a registry that has it";

/** A packed message from an object with `@type`. */
export function readAny(type: MessageType<object>, json: JsonValue, context: ReadContext): object {
  if (!isJsonObject(json)) throw context.readFault(`need object, got ${kindOf(json)}`);
  const typeUrl = json["@type"];
  if (typeUrl === undefined && Object.keys(json).length === 0) return type.create();
  if (typeof typeUrl !== "string" || !/\/./.test(typeUrl)) {
    throw context.readFault("an Any without the address of a type in @type");
  }
  const typeName = typeNameOf(typeUrl);
  const inner = context.registry.find(typeName);
  if (inner === undefined) throw context.readFault(`type ${typeName} is not known; ${REMEDY}`);
  let body: JsonValue;
  if (isSpecial(typeName)) {
    const others = Object.keys(json).filter((key) => key !== "@type" && key !== "value");
    if (others[0] !== undefined) throw context.readFault(`unknown field "${others[0]}"`);
    if (json["value"] === undefined) throw context.readFault("an Any without its value");
    body = json["value"];
  } else {
    const { "@type": _, ...fields } = json;
    body = fields;
  }
  const message = context.read(inner, body, context);
  return type.create({ typeUrl, value: inner.encode(message) } as object);
}

/** An object with `@type` of a packed message. */
export function writeAny(
  _: MessageType<object>,
  any: AnyMessage,
  context: WriteContext,
): JsonValue {
  const { typeUrl, value } = any as { typeUrl: string; value: Uint8Array };
  if (typeUrl === "" && value.length === 0) return {};
  const typeName = typeNameOf(typeUrl);
  const inner = context.registry.find(typeName);
  if (inner === undefined) throw context.writeFault(`type ${typeName} is not known; ${REMEDY}`);
  let message: object;
  try {
    message = inner.decode(value);
  } catch (error) {
    if (error instanceof DecodeError) throw context.writeFault(error.message);
    throw error;
  }
  const json = context.write(inner, message, context);
  return isSpecial(typeName) || !isJsonObject(json)
    ? { "@type": typeUrl, value: json }
    : { "@type": typeUrl, ...json };
}

function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

/** Whether the JSON of a type is no object of its fields. An `Empty` counts as one that is. */
function isSpecial(typeName: string): boolean {
  return SPECIAL.test(typeName);
}

const SPECIAL =
  /^google\.protobuf\.(?:Any|Duration|FieldMask|ListValue|Struct|Timestamp|Value|(?:Double|Float|U?Int(?:64|32)|Bool|String|Bytes)Value)$/;
