/**
 * Messages as the JSON that a gateway answers with.
 *
 * @module
 */

import { type FieldInfo, isMessage } from "../../proto/field.ts";
import type { ToJsonOptions } from "../../proto/json_context.ts";
import { isJsonObject, type JsonValue } from "../../proto/json_value.ts";
import { WELL_KNOWN } from "../../proto/json_well_known.ts";
import type { MessageType } from "../../proto/message_type.ts";
import type { TypeRegistry } from "../../proto/registry.ts";

/** How answers are written. */
export interface GatewayJsonOptions {
  /** Whether fields that are zero are written. @default {true} */
  readonly emitDefaults?: boolean | undefined;
  /** Whether messages that are not set are written, as `null`; with `emitDefaults` only. @default {true} */
  readonly emitNulls?: boolean | undefined;
  /** Whether fields are called as declared, `user_id`, and not `userId`. @default {false} */
  readonly protoNames?: boolean | undefined;
  /** Whether enums are written as numbers. @default {false} */
  readonly enumNumbers?: boolean | undefined;
}

/** A message as JSON. */
export function messageJson(
  type: MessageType<object>,
  message: object,
  options: GatewayJsonOptions,
  registry: TypeRegistry,
): JsonValue {
  const { emitDefaults = true, emitNulls = true, protoNames, enumNumbers } = options;
  const toJson: ToJsonOptions = { emitDefaults, protoNames, enumNumbers, registry };
  const json = type.toJson(message, toJson);
  return emitDefaults && emitNulls ? withNulls(type, json, protoNames === true) : json;
}

/** Adds `null` for messages that are not set, in the order of the fields. */
function withNulls(type: MessageType<object>, json: JsonValue, protoNames: boolean): JsonValue {
  if (WELL_KNOWN.has(type.typeName) || !isJsonObject(json)) return json;
  const result: Record<string, JsonValue> = Object.create(null);
  for (const field of type.fields) {
    const name = protoNames ? field.name : field.jsonName;
    const value = json[name];
    if (value !== undefined) result[name] = inField(field, value, protoNames);
    else if (mayBeNull(field)) result[name] = null;
  }
  return result;
}

function mayBeNull({ type, repeated, map, oneof }: FieldInfo): boolean {
  return isMessage(type) && !repeated && map === undefined && oneof === undefined;
}

function inField({ type, repeated, map }: FieldInfo, json: JsonValue, protoNames: boolean) {
  if (!isMessage(type)) return json;
  if (repeated && Array.isArray(json)) {
    return json.map((item: JsonValue) => withNulls(type, item, protoNames));
  }
  if (map === undefined || !isJsonObject(json)) return withNulls(type, json, protoNames);
  const result: Record<string, JsonValue> = Object.create(null);
  for (const [key, item] of Object.entries(json)) result[key] = withNulls(type, item, protoNames);
  return result;
}
