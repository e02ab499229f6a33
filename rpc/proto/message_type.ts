/**
 * Messages as values at run time: what generated code makes of each `message`.
 *
 * @module
 */

import { DecodeError, WireFault } from "./errors.ts";
import type { FieldInfo } from "./field.ts";
import type { FromJsonOptions, ToJsonOptions } from "./json_context.ts";
import { jsonReader } from "./json_read.ts";
import { jsonWriter } from "./json_write.ts";
import type { JsonValue } from "./json_value.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** How messages of one type are made, written and read. */
export interface MessageType<T extends object> {
  /** Full name, `shop.v1.Order`. */
  readonly typeName: string;
  /** The fields, in the order of their declaration. */
  readonly fields: readonly FieldInfo[];
  /** A message whose fields are zero, but for those of `partial`; what is `undefined` there stays zero. */
  create(partial?: Partial<T>): T;
  /**
   * The message on the wire. The bytes may share a buffer with those of other messages; no later write
   * touches them.
   *
   * @throws {TypeError | RangeError} If a value is not of the type of its field.
   */
  encode(message: T): Uint8Array;
  /**
   * The message in `bytes`. Fields that the type does not know are kept in `$unknown`. Values of type
   * `bytes` are views of `bytes`, not copies.
   *
   * @throws {DecodeError} If `bytes` is no such message.
   */
  decode(bytes: Uint8Array): T;
  /** The message in the JSON of proto3. */
  toJson(message: T, options?: ToJsonOptions): JsonValue;
  /**
   * The message in `value`, which `JSON.parse` gave.
   *
   * @throws {DecodeError} If `value` is no such message; it names the place.
   */
  fromJson(value: JsonValue, options?: FromJsonOptions): T;
  /** Writes the fields of a message; for generated code. */
  write(message: T, writer: Writer): void;
  /** Reads fields into a message until the reader has no more, and gives it back; for generated code. */
  read(message: T, reader: Reader): T;
}

/** A message whose type is known at run time only. */
export type AnyMessage = Record<string, unknown>;

/** What {@link messageType} makes a type of. */
export interface MessageDefinition<T extends object> {
  /** Full name. */
  readonly typeName: string;
  /** The fields; a function, because types may name each other. */
  readonly fields: () => readonly FieldInfo[];
  /** A message whose fields are zero. */
  readonly create: () => T;
  /** Writes the fields. */
  readonly write: (message: T, writer: Writer) => void;
  /** Reads fields into a message until there are no more, and gives it back. */
  readonly read: (message: T, reader: Reader) => T;
}

/** One writer for all: messages are small, and writing is never interrupted. */
const shared = new Writer();
let isWriting = false;

/** Makes a message type. Generated code calls it. */
export function messageType<T extends object>(definition: MessageDefinition<T>): MessageType<T> {
  const { typeName, create, write, read } = definition;
  let fields: readonly FieldInfo[] | undefined;
  const type: MessageType<T> = {
    typeName,
    get fields() {
      return fields ??= definition.fields();
    },
    create: (partial) => partial === undefined ? create() : merge(create(), partial),
    encode: (message) => encode(typeName, write, message),
    decode: (bytes) => {
      try {
        return read(create(), new Reader(bytes));
      } catch (error) {
        throw decodeError(typeName, error);
      }
    },
    toJson: (message, options) => toJson(message, options),
    fromJson: (value, options) => fromJson(value, options),
    write,
    read,
  };
  const [toJson, fromJson] = [jsonWriter(type), jsonReader(type)];
  return type;
}

function merge<T extends object>(message: T, partial: Partial<T>): T {
  for (const key in partial) {
    const value = partial[key];
    if (value !== undefined) message[key] = value;
  }
  return message;
}

function encode<T>(typeName: string, write: (m: T, w: Writer) => void, message: T): Uint8Array {
  // A getter of the message may encode another one.
  const writer = isWriting ? new Writer() : shared;
  const outer = isWriting;
  isWriting = true;
  try {
    write(message, writer);
    return writer.finish();
  } catch (error) {
    writer.reset();
    throw encodeError(typeName, error);
  } finally {
    isWriting = outer;
  }
}

function encodeError(typeName: string, error: unknown): unknown {
  const text = (message: string) => `Cannot encode ${typeName}: ${message}`;
  if (error instanceof RangeError) return new RangeError(text(error.message), { cause: error });
  if (error instanceof TypeError) return new TypeError(text(error.message), { cause: error });
  return error;
}

function decodeError(typeName: string, error: unknown): unknown {
  return error instanceof WireFault
    ? new DecodeError(`Cannot decode ${typeName}: ${error.message}`, { cause: error })
    : error;
}
