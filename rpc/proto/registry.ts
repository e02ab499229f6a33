/**
 * Message types by name: what `google.protobuf.Any` in JSON needs.
 *
 * @module
 */

import { closureOf, type FileInfo, fileOf } from "./file.ts";
import type { MessageType } from "./message_type.ts";

/** Finds message types by their full name. */
export interface TypeRegistry {
  /** The type called `shop.v1.Order`; `undefined` when there is none. */
  find(typeName: string): MessageType<object> | undefined;
}

/**
 * The types that files, and all that they import, declare.
 *
 * @param files Constants of generated files, such as `shopFile`.
 */
export function typeRegistry(...files: readonly FileInfo[]): TypeRegistry {
  const types = new Map<string, MessageType<object>>();
  for (const { messages } of closureOf(...files)) {
    for (const type of messages) types.set(type.typeName, type);
  }
  return { find: (typeName) => types.get(typeName) };
}

const defaults = new WeakMap<FileInfo, TypeRegistry>();

/** The types that the file of `type` can name: what is known when no registry is given. */
export function registryOf(type: MessageType<object>): TypeRegistry {
  const file = fileOf(type);
  if (file === undefined) return typeRegistry();
  let registry = defaults.get(file);
  if (registry === undefined) defaults.set(file, registry = typeRegistry(file));
  return registry;
}
