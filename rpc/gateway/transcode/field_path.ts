/**
 * Values at places within JSON that is to become a message.
 *
 * @module
 */

import { type FieldInfo, isMessage } from "../../proto/field.ts";
import { isJsonObject, type JsonValue } from "../../proto/json_value.ts";
import type { MessageType } from "../../proto/message_type.ts";

/** JSON that is being put together. */
export type JsonDraft = { [name: string]: JsonValue };

/** A place within a message: the fields on the way, and the key if the last is a map. */
export interface FieldPlace {
  /** Fields, each within the one before. */
  readonly fields: readonly FieldInfo[];
  /** Key within a map. */
  readonly mapKey: string | undefined;
}

/** An empty draft. It has no prototype, so that a field may be called anything. */
export function draft(): JsonDraft {
  return Object.create(null);
}

const indexes = new WeakMap<MessageType<object>, ReadonlyMap<string, FieldInfo>>();

/** The field of this name, as declared or as in JSON. */
export function fieldNamed(type: MessageType<object>, name: string): FieldInfo | undefined {
  let index = indexes.get(type);
  if (!index) {
    const { fields } = type;
    const declared = fields.map((field) => [field.name, field] as const);
    index = new Map([...declared, ...fields.map((field) => [field.jsonName, field] as const)]);
    indexes.set(type, index);
  }
  return index.get(name);
}

/**
 * Where names, each within the one before, lead; the last may be that of a map with a key, `labels[env]`.
 * `undefined` if they lead nowhere.
 */
export function findPlace(
  type: MessageType<object>,
  names: readonly string[],
): FieldPlace | undefined {
  const fields: FieldInfo[] = [];
  let within: MessageType<object> | undefined = type;
  let mapKey: string | undefined;
  for (const [at, text] of names.entries()) {
    if (within === undefined) return undefined;
    const keyed: RegExpExecArray | null = /^([^[\]]+)\[(.*)\]$/.exec(text);
    const field = fieldNamed(within, keyed?.[1] ?? text);
    const isLast = at === names.length - 1;
    if (!field || (field.map !== undefined) !== (keyed !== null)) return undefined;
    if (keyed && !isLast) return undefined;
    mapKey = keyed?.[2];
    fields.push(field);
    within = isMessage(field.type) && !field.repeated ? field.type : undefined;
  }
  return fields.length === 0 ? undefined : { fields, mapKey };
}

/** Puts values at a place: all into a list, the last into anything else. */
export function setPlace(
  json: JsonDraft,
  { fields, mapKey }: FieldPlace,
  values: readonly string[],
): void {
  let within = json;
  const last = fields.length - 1;
  for (let at = 0; at < last; at++) within = innerDraft(within, fields[at]!);
  const field = fields[last]!;
  if (mapKey !== undefined) innerDraft(within, field)[mapKey] = values.at(-1)!;
  else put(within, field, field.repeated ? values : values.at(-1)!);
}

/** Puts a value in the place of what is there under either name. */
function put(within: JsonDraft, { name, jsonName }: FieldInfo, value: JsonValue): void {
  if (name !== jsonName) delete within[name];
  within[jsonName] = value;
}

/** The object in a field: that which is there, the last of a list of them, or a new one. */
function innerDraft(within: JsonDraft, field: FieldInfo): JsonDraft {
  const there = within[field.jsonName] ?? within[field.name];
  const one = Array.isArray(there) ? there.at(-1) : there;
  const inner = isJsonObject(one) ? one as JsonDraft : draft();
  put(within, field, inner);
  return inner;
}
