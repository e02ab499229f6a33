/**
 * Details of an error on the wire: a `google.rpc.Status` in the metadata `grpc-status-details-bin`.
 *
 * @see https://grpc.io/docs/guides/error/#richer-error-model
 * @module
 */

import type { Status } from "./status.ts";
import type { JsonValue } from "./proto/json_value.ts";
import { Reader } from "./proto/reader.ts";
import { Writer } from "./proto/writer.ts";

/** Where the details travel. */
export const STATUS_DETAILS = "grpc-status-details-bin";

/** What an error says besides its code and its message. */
export interface ErrorFacts {
  /** Facts for the caller. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds after which the caller may try again. */
  readonly retryAfterMs?: number | undefined;
}

const TYPES = "type.googleapis.com/";
const STRUCT = `${TYPES}google.protobuf.Struct`;
const ERROR_INFO = `${TYPES}google.rpc.ErrorInfo`;
const RETRY_INFO = `${TYPES}google.rpc.RetryInfo`;
/** Proxies and clients refuse headers of more than 8 KiB or 16 KiB in all. */
const MAX_BYTES = 4096;

/** Tag of a field whose value has a length. */
const lengthy = (field: number) => field << 3 | 2;

/**
 * Writes what an error says besides its status: facts as a `Struct`, when to come back as a `RetryInfo`. `undefined` if
 * there is nothing to say, or more than fits in a header.
 */
export function encodeStatusDetails(status: Status, facts: ErrorFacts): Uint8Array | undefined {
  const { details, retryAfterMs } = facts;
  if (details === undefined && retryAfterMs === undefined) return undefined;
  try {
    const writer = new Writer();
    writer.tag(1 << 3).int32(status.code);
    writer.tag(lengthy(2)).string(status.message);
    if (details) writeAny(writer, STRUCT, () => writeStruct(writer, details));
    if (retryAfterMs !== undefined) {
      writeAny(writer, RETRY_INFO, () => writeDelay(writer, retryAfterMs));
    }
    const bytes = writer.finish();
    return bytes.length <= MAX_BYTES ? bytes : undefined;
  } catch {
    return undefined; // An error that cannot be told in detail is told all the same.
  }
}

/** Reads what {@link encodeStatusDetails} writes, and the `ErrorInfo` of others. What cannot be read says nothing. */
export function decodeStatusDetails(bytes: Uint8Array): ErrorFacts {
  try {
    const reader = new Reader(bytes);
    let facts: ErrorFacts = {};
    while (reader.more) {
      const tag = reader.tag();
      if (tag === lengthy(3)) facts = { ...facts, ...readAny(reader.bytes()) };
      else reader.skip(tag);
    }
    return facts;
  } catch {
    return {};
  }
}

function writeAny(writer: Writer, typeUrl: string, write: () => void): void {
  const any = writer.begin(lengthy(3));
  writer.tag(lengthy(1)).string(typeUrl);
  const value = writer.begin(lengthy(2));
  write();
  writer.end(value);
  writer.end(any);
}

function writeDelay(writer: Writer, ms: number): void {
  const delay = writer.begin(lengthy(1));
  writer.tag(1 << 3).int64(BigInt(Math.floor(ms / 1000)));
  writer.tag(2 << 3).int32(Math.floor(ms % 1000 * 1e6));
  writer.end(delay);
}

function writeStruct(writer: Writer, fields: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const entry = writer.begin(lengthy(1));
    writer.tag(lengthy(1)).string(key);
    const mark = writer.begin(lengthy(2));
    writeValue(writer, value);
    writer.end(mark);
    writer.end(entry);
  }
}

function writeValue(writer: Writer, value: unknown): void {
  if (typeof value === "number") writer.tag(2 << 3 | 1).double(value);
  else if (typeof value === "string") writer.tag(lengthy(3)).string(value);
  else if (typeof value === "boolean") writer.tag(4 << 3).bool(value);
  else if (Array.isArray(value)) {
    const list = writer.begin(lengthy(6));
    for (const each of value) {
      const mark = writer.begin(lengthy(1));
      writeValue(writer, each);
      writer.end(mark);
    }
    writer.end(list);
  } else if (typeof value === "object" && value !== null) {
    const struct = writer.begin(lengthy(5));
    writeStruct(writer, value as Readonly<Record<string, unknown>>);
    writer.end(struct);
  } else writer.tag(1 << 3).int32(0);
}

function readAny(bytes: Uint8Array): ErrorFacts {
  let typeUrl = "";
  let value: Uint8Array = new Uint8Array();
  const reader = new Reader(bytes);
  while (reader.more) {
    const tag = reader.tag();
    if (tag === lengthy(1)) typeUrl = reader.string();
    else if (tag === lengthy(2)) value = reader.bytes();
    else reader.skip(tag);
  }
  switch (typeUrl) {
    case STRUCT:
      return { details: readStruct(new Reader(value)) };
    case ERROR_INFO:
      return { details: readErrorInfo(new Reader(value)) };
    case RETRY_INFO:
      return { retryAfterMs: readDelay(new Reader(value)) };
    default:
      return {};
  }
}

function readStruct(reader: Reader): Readonly<Record<string, JsonValue>> {
  const fields: [string, JsonValue][] = [];
  while (reader.more) {
    const tag = reader.tag();
    if (tag !== lengthy(1)) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    let key = "";
    let value: JsonValue = null;
    while (reader.more) {
      const inner = reader.tag();
      if (inner === lengthy(1)) key = reader.string();
      else if (inner === lengthy(2)) value = readValue(reader);
      else reader.skip(inner);
    }
    reader.leave(outer);
    fields.push([key, value]);
  }
  return Object.fromEntries(fields);
}

function readValue(reader: Reader): JsonValue {
  const outer = reader.enter();
  let value: JsonValue = null;
  while (reader.more) value = readKind(reader, reader.tag()) ?? value;
  reader.leave(outer);
  return value;
}

function readKind(reader: Reader, tag: number): JsonValue | undefined {
  switch (tag) {
    case 2 << 3 | 1:
      return reader.double();
    case lengthy(3):
      return reader.string();
    case 4 << 3:
      return reader.bool();
    case lengthy(5): {
      const outer = reader.enter();
      const struct = readStruct(reader);
      reader.leave(outer);
      return struct;
    }
    case lengthy(6):
      return readList(reader);
    default:
      reader.skip(tag);
      return undefined;
  }
}

function readList(reader: Reader): JsonValue {
  const outer = reader.enter();
  const list: JsonValue[] = [];
  while (reader.more) {
    const tag = reader.tag();
    if (tag === lengthy(1)) list.push(readValue(reader));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return list;
}

function readErrorInfo(reader: Reader): Readonly<Record<string, JsonValue>> {
  const info: Record<string, JsonValue> = {};
  while (reader.more) {
    const tag = reader.tag();
    if (tag === lengthy(1)) info.reason = reader.string();
    else if (tag === lengthy(2)) info.domain = reader.string();
    else reader.skip(tag);
  }
  return info;
}

function readDelay(reader: Reader): number {
  let ms = 0;
  while (reader.more) {
    const tag = reader.tag();
    if (tag !== lengthy(1)) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    while (reader.more) {
      const inner = reader.tag();
      if (inner === 1 << 3) ms += Number(reader.int64()) * 1000;
      else if (inner === 2 << 3) ms += reader.int32() / 1e6;
      else reader.skip(inner);
    }
    reader.leave(outer);
  }
  return ms;
}
