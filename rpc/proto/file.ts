/**
 * `.proto` files as values at run time.
 *
 * @module
 */

import { base64ToBytes } from "./base64.ts";
import type { MessageType } from "./message_type.ts";

/** A `.proto` file that code was generated from. */
export interface FileInfo {
  /** Name by which others import it, `shop/v1/order.proto`. */
  readonly name: string;
  /** The files it imports. */
  readonly imports: readonly FileInfo[];
  /** All messages it declares, those inside others too. */
  readonly messages: readonly MessageType<object>[];
  /** Its `google.protobuf.FileDescriptorProto`. */
  readonly descriptor: Uint8Array;
}

/** What {@link fileInfo} makes a file of. */
export interface FileDefinition extends Omit<FileInfo, "descriptor"> {
  /** Its `google.protobuf.FileDescriptorProto`, as base64. */
  readonly descriptor: string;
}

/** Describes a file. Generated code calls it; the descriptor is decoded when it is asked for. */
export function fileInfo({ name, imports, messages, descriptor }: FileDefinition): FileInfo {
  let bytes: Uint8Array | undefined;
  const file: FileInfo = {
    name,
    imports,
    messages,
    get descriptor() {
      return bytes ??= base64ToBytes(descriptor);
    },
  };
  for (const type of messages) files.set(type, file);
  return file;
}

const files = new WeakMap<MessageType<object>, FileInfo>();

/** The file that declares a message type. */
export function fileOf(type: MessageType<object>): FileInfo | undefined {
  return files.get(type);
}

/** Files and all that they import, each behind what it imports, none twice. */
export function closureOf(...files: readonly FileInfo[]): FileInfo[] {
  const found = new Map<string, FileInfo>();
  const visit = (file: FileInfo) => {
    if (found.has(file.name)) return;
    for (const imported of file.imports) visit(imported);
    found.set(file.name, file);
  };
  files.forEach(visit);
  return [...found.values()];
}

/** A `google.protobuf.FileDescriptorSet` of files and all that they import: what reflection tells. */
export function descriptorSet(...files: readonly FileInfo[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { descriptor } of closureOf(...files)) {
    // Field 1, a message.
    parts.push(Uint8Array.of(0x0a, ...varint(descriptor.length)), descriptor);
  }
  const set = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    set.set(part, at);
    at += part.length;
  }
  return set;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...varint(value >>> 7)];
}
