/**
 * `google.protobuf.Any` in the JSON of proto3.
 *
 * @module
 */

import { DecodeError } from "./errors.ts";
import type { FieldType } from "./field.ts";
import { type JsonContext, JsonFault } from "./json_context.ts";
import { isJsonObject, type JsonValue, kindOf } from "./json_value.ts";
import type { MessageType } from "./message_type.ts";

const REMEDY = "give a registry that has it";

/** What reads a packed message from an object with `@type`. `of` reads what is packed. */
export function anyReader(
  type: MessageType<object>,
  of: (type: FieldType) => (value: JsonValue, context: JsonContext) => unknown,
): (value: JsonValue, context: JsonContext) => object {
  return (json, context) => {
    if (!isJsonObject(json)) throw new JsonFault(`need object, got ${kindOf(json)}`);
    const typeUrl = json["@type"];
    if (typeUrl === undefined && Object.keys(json).length === 0) return type.create();
    if (typeof typeUrl !== "string" || !/\/./.test(typeUrl)) {
      throw new JsonFault("an Any without the address of a type in @type");
    }
    const inner = typeOf(typeUrl, context);
    context.open();
    const message = of(inner)(bodyOf(json, inner), context) as object;
    context.close();
    return type.create({ typeUrl, value: inner.encode(message) } as object);
  };
}

function bodyOf(
  json: { readonly [key: string]: JsonValue },
  { typeName }: MessageType<object>,
): JsonValue {
  if (!SPECIAL.test(typeName)) {
    const { "@type": _, ...fields } = json;
    return fields;
  }
  const others = Object.keys(json).filter((key) => key !== "@type" && key !== "value");
  if (others[0] !== undefined) throw new JsonFault(`unknown field "${others[0]}"`);
  if (json["value"] === undefined) throw new JsonFault("an Any without its value");
  return json["value"];
}

/** What writes an object with `@type` of a packed message. `of` writes what is packed. */
export function anyWriter(
  _: MessageType<object>,
  of: (type: FieldType) => (value: unknown, context: JsonContext) => JsonValue,
): (value: unknown, context: JsonContext) => JsonValue {
  return (any, context): JsonValue => {
    const { typeUrl, value } = any as { typeUrl: string; value: Uint8Array };
    if (typeUrl === "" && value.length === 0) return {};
    const inner = typeOf(typeUrl, context);
    let message: object;
    try {
      message = inner.decode(value);
    } catch (error) {
      if (error instanceof DecodeError) throw new JsonFault(error.message);
      throw error;
    }
    context.open();
    const json = of(inner)(message, context);
    context.close();
    return SPECIAL.test(inner.typeName) || !isJsonObject(json)
      ? { "@type": typeUrl, value: json }
      : { "@type": typeUrl, ...json };
  };
}

function typeOf(typeUrl: string, { registry }: JsonContext): MessageType<object> {
  const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
  const type = registry.find(typeName);
  if (type === undefined) throw new JsonFault(`type ${typeName} is not known; ${REMEDY}`);
  return type;
}

/** Types whose JSON is no object of their fields. An `Empty` counts as one that is. */
const SPECIAL =
  /^google\.protobuf\.(?:Any|Duration|FieldMask|ListValue|Struct|Timestamp|Value|(?:Double|Float|U?Int(?:64|32)|Bool|String|Bytes)Value)$/;
