/**
 * Writes values in the protobuf wire format.
 *
 * @module
 */

import { INT32_BYTES, writeDoubles, writeInt32s } from "./packed.ts";
import {
  checkFloat,
  checkInt32,
  checkInt64,
  checkUint32,
  checkUint64,
  high64,
  low64,
  wrongType,
} from "./scalar_check.ts";
import { maxUtf8Bytes, writeUtf8 } from "./utf8.ts";

/** Bytes of a chunk; messages that fit share one, as small buffers do in Node. */
const CHUNK_BYTES = 32_768;

/** Larger than any scalar with its tag, or the length of a message. */
const SCALAR_BYTES = 10;

/** Numbers of a list for which room is made at once. */
const BLOCK = 256;

/**
 * Appends values to a buffer that grows. Generated code calls it; each method writes one value without
 * its tag.
 *
 * A number that the type cannot hold throws a `RangeError`, a value of the wrong type a `TypeError`: what
 * is wrong with a message shows where it is sent, not where it is received.
 */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(CHUNK_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** Where the message being written begins. */
  #start = 0;
  #at = 0;

  /**
   * The bytes written since the last call. They share a buffer with other messages, and no later write
   * touches them.
   */
  finish(): Uint8Array {
    const written = this.#bytes.subarray(this.#start, this.#at);
    if (this.#bytes.length > CHUNK_BYTES) this.#renew(CHUNK_BYTES, 0);
    this.#start = this.#at;
    return written;
  }

  /** Forgets what was written since the last {@link finish}. */
  reset(): void {
    this.#at = this.#start;
  }

  /** Makes room for `count` more bytes. */
  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const written = this.#at - this.#start;
    const before = this.#bytes.subarray(this.#start, this.#at);
    this.#renew(Math.max(CHUNK_BYTES, (written + count) * 2), written);
    this.#bytes.set(before);
  }

  /** Takes another buffer, of which `written` bytes are in use. */
  #renew(size: number, written: number): void {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
    this.#start = 0;
    this.#at = written;
  }

  /** A tag: field number and wire type in one unsigned number. */
  tag(tag: number): this {
    this.#reserve(SCALAR_BYTES);
    if (tag < 0x80) this.#bytes[this.#at++] = tag;
    else this.#varint(tag);
    return this;
  }

  /** Room has been made. */
  #varint(value: number): void {
    while (value > 0x7f) {
      this.#bytes[this.#at++] = value & 0x7f | 0x80;
      value >>>= 7;
    }
    this.#bytes[this.#at++] = value;
  }

  /** A `uint32`. */
  uint32(value: number): void {
    checkUint32("uint32", value);
    this.#reserve(SCALAR_BYTES);
    this.#varint(value);
  }

  /** An `int32`, or the number of an enum; negative ones take ten bytes. */
  int32(value: number): void {
    checkInt32("int32", value);
    this.#reserve(SCALAR_BYTES);
    if (value >= 0) this.#varint(value);
    else this.#varint64(value, -1);
  }

  /** A `sint32`, zigzag. */
  sint32(value: number): void {
    checkInt32("sint32", value);
    this.#reserve(SCALAR_BYTES);
    this.#varint((value << 1 ^ value >> 31) >>> 0);
  }

  /** A `bool`. */
  bool(value: boolean): void {
    if (typeof value !== "boolean") throw wrongType("bool", value);
    this.#reserve(1);
    this.#bytes[this.#at++] = value ? 1 : 0;
  }

  /** Low and high half of 64 bits; room has been made. */
  #varint64(low: number, high: number): void {
    while (high !== 0 || (low >>> 0) > 0x7f) {
      this.#bytes[this.#at++] = low & 0x7f | 0x80;
      low = low >>> 7 | high << 25;
      high >>>= 7;
    }
    this.#bytes[this.#at++] = low;
  }

  /** A `uint64`. */
  uint64(value: bigint): void {
    this.#reserve(SCALAR_BYTES);
    checkUint64("uint64", value);
    this.#varint64(low64(), high64());
  }

  /** An `int64`. */
  int64(value: bigint): void {
    this.#reserve(SCALAR_BYTES);
    checkInt64("int64", value);
    this.#varint64(low64(), high64());
  }

  /** A `sint64`, zigzag. */
  sint64(value: bigint): void {
    this.#reserve(SCALAR_BYTES);
    checkInt64("sint64", value);
    const low = low64();
    const high = high64();
    const sign = high >> 31;
    this.#varint64(low << 1 ^ sign, (high << 1 | low >>> 31) ^ sign);
  }

  /** A `fixed32`. */
  fixed32(value: number): void {
    checkUint32("fixed32", value);
    this.#fixed32(value);
  }

  /** An `sfixed32`. */
  sfixed32(value: number): void {
    checkInt32("sfixed32", value);
    this.#fixed32(value);
  }

  #fixed32(value: number): void {
    this.#reserve(4);
    const bytes = this.#bytes;
    bytes[this.#at++] = value;
    bytes[this.#at++] = value >>> 8;
    bytes[this.#at++] = value >>> 16;
    bytes[this.#at++] = value >>> 24;
  }

  /** A `fixed64`. */
  fixed64(value: bigint): void {
    checkUint64("fixed64", value);
    this.#reserve(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  /** An `sfixed64`. */
  sfixed64(value: bigint): void {
    checkInt64("sfixed64", value);
    this.#reserve(8);
    this.#view.setBigInt64(this.#at, value, true);
    this.#at += 8;
  }

  /** A `float`: rounded to the nearest one. */
  float(value: number): void {
    checkFloat(value);
    this.#reserve(4);
    this.#view.setFloat32(this.#at, value, true);
    this.#at += 4;
  }

  /** A `double`. */
  double(value: number): void {
    if (typeof value !== "number") throw wrongType("double", value);
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Packed `double`s: their length in bytes, and they. */
  doubles(values: readonly number[]): void {
    this.#reserve(values.length * 8 + SCALAR_BYTES);
    this.#varint(values.length * 8);
    writeDoubles(this.#view, this.#at, values);
    this.#at += values.length * 8;
  }

  /** Packed `int32`s, or numbers of an enum: their length in bytes, and they. */
  int32s(values: readonly number[]): void {
    this.#reserve(SCALAR_BYTES);
    const mark = this.#at + 1 - this.#start;
    this.#at++;
    for (let from = 0; from < values.length; from += BLOCK) {
      const to = Math.min(from + BLOCK, values.length);
      this.#reserve((to - from) * INT32_BYTES);
      this.#at = writeInt32s(this.#bytes, this.#at, values, from, to);
    }
    this.end(mark);
  }

  /** Packed `float`s: their length in bytes, and they. */
  floats(values: readonly number[]): void {
    this.uint32(values.length * 4);
    for (const value of values) this.float(value);
  }

  /** A `string`; a lone surrogate is written as U+FFFD. */
  string(value: string): void {
    if (typeof value !== "string") throw wrongType("string", value);
    const most = maxUtf8Bytes(value);
    this.#reserve(most + SCALAR_BYTES);
    const mark = this.#at;
    // Room for the length as if every character took one byte, which is mostly so.
    const guess = varintBytes(value.length);
    const written = writeUtf8(value, this.#bytes, mark + guess);
    this.#at = mark + guess + written;
    this.#putLength(mark, guess, written);
  }

  /** A `bytes` value: its length, and a copy of it. */
  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw wrongType("bytes", value);
    this.#reserve(value.length + SCALAR_BYTES);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Bytes as they are, without a length: fields that were kept unread. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins a value with a length: a message, or packed numbers. @returns What {@link end} wants. */
  begin(tag: number): number {
    this.tag(tag);
    this.#reserve(SCALAR_BYTES);
    this.#at++;
    // Relative to the start of the message, because the buffer may move.
    return this.#at - this.#start;
  }

  /** Ends the value that began at `mark`, and writes its length before it. */
  end(mark: number): void {
    this.#reserve(SCALAR_BYTES);
    const begin = this.#start + mark;
    this.#putLength(begin - 1, 1, this.#at - begin);
  }

  /** Writes a length at `at`, where `room` bytes were left for it; moves what follows if it needs more. */
  #putLength(at: number, room: number, length: number): void {
    const need = varintBytes(length);
    if (need !== room) {
      this.#bytes.copyWithin(at + need, at + room, this.#at);
      this.#at += need - room;
    }
    const end = this.#at;
    this.#at = at;
    this.#varint(length);
    this.#at = end;
  }
}

function varintBytes(value: number): number {
  return value < 0x80
    ? 1
    : value < 0x4000
    ? 2
    : value < 0x20_0000
    ? 3
    : value < 0x1000_0000
    ? 4
    : 5;
}
