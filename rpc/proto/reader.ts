/**
 * Reads values of the protobuf wire format from bytes that nobody vouches for.
 *
 * @module
 */

import { WireFault } from "./errors.ts";
import { signed64, unsigned64 } from "./int64.ts";
import { readDoubles, readFloats } from "./packed.ts";
import { type Keeper, keepField } from "./unknown_fields.ts";
import { readUtf8 } from "./utf8.ts";

/** Messages and groups inside one another; the limit of the other implementations. */
const MAX_DEPTH = 100;

/**
 * Reads one message and those inside it. Generated code calls it; each method reads one value.
 *
 * Nothing is read or allocated beyond the bytes there are, whatever a length says. Strings are checked to
 * be UTF-8. Messages more than 100 deep are refused.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #end: number;
  #depth = 0;
  /** Where the last tag began. */
  #tagAt = 0;
  /** High half of the last 64-bit varint. */
  #high = 0;
  /** Made when it is first needed: many messages have no number of fixed width. */
  #view: DataView | undefined;

  /** Reads `bytes`; they are not copied. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Whether there is more of the message, or of the packed numbers. */
  get more(): boolean {
    return this.#at < this.#end;
  }

  /** A tag: field number and wire type in one unsigned number. */
  tag(): number {
    const at = this.#at;
    this.#tagAt = at;
    const byte = this.#bytes[at]!;
    // The loop asked for `more`, so there is a byte. One-byte tags are all but those of fields past 15.
    if (byte < 0x80 && byte > 7) {
      this.#at = at + 1;
      return byte;
    }
    const tag = this.#varint();
    if (this.#high !== 0 || tag >>> 3 === 0) throw new WireFault(`no field number at byte ${at}`);
    return tag;
  }

  #truncated(): WireFault {
    return new WireFault(`the bytes end at ${this.#end}, within a value`);
  }

  /** The low half of a varint, unsigned; the high one is left in `#high`. */
  #varint(): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.#at;
    if (at >= end) throw this.#truncated();
    let byte = bytes[at++]!;
    let low = byte & 0x7f;
    this.#high = 0;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift === 70) throw new WireFault(`a number of more than ten bytes at ${this.#at}`);
      if (at >= end) throw this.#truncated();
      byte = bytes[at++]!;
      if (shift < 28) low |= (byte & 0x7f) << shift;
      else if (shift === 28) {
        low |= byte << 28;
        this.#high = (byte & 0x7f) >> 4;
      } else this.#high |= (byte & 0x7f) << (shift - 32);
    }
    this.#at = at;
    return low >>> 0;
  }

  /** A `uint32`: the low half of whatever varint is there. */
  uint32(): number {
    const at = this.#at;
    // Most are of one byte or two.
    if (at + 1 < this.#end) {
      const first = this.#bytes[at]!;
      if (first < 0x80) {
        this.#at = at + 1;
        return first;
      }
      const second = this.#bytes[at + 1]!;
      if (second < 0x80) {
        this.#at = at + 2;
        return first & 0x7f | second << 7;
      }
    }
    return this.#varint();
  }

  /** An `int32`. */
  int32(): number {
    return this.uint32() | 0;
  }

  /** A `sint32`. */
  sint32(): number {
    const value = this.uint32();
    return value >>> 1 ^ -(value & 1);
  }

  /** A `bool`: any varint but zero is true. */
  bool(): boolean {
    const low = this.#varint();
    return low !== 0 || this.#high !== 0;
  }

  /** A `uint64`. */
  uint64(): bigint {
    const low = this.#varint();
    if (this.#high === 0) return BigInt(low);
    return unsigned64(low, this.#high);
  }

  /** An `int64`. */
  int64(): bigint {
    const low = this.#varint();
    if (this.#high === 0) return BigInt(low);
    return signed64(low, this.#high);
  }

  /** A `sint64`. */
  sint64(): bigint {
    const low = this.#varint();
    const high = this.#high;
    const sign = -(low & 1);
    return signed64((low >>> 1 | high << 31) ^ sign, high >>> 1 ^ sign);
  }

  /** A `fixed32`. */
  fixed32(): number {
    return this.sfixed32() >>> 0;
  }

  /** An `sfixed32`. */
  sfixed32(): number {
    const at = this.#skip(4);
    const bytes = this.#bytes;
    return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
  }

  /** A `fixed64`. */
  fixed64(): bigint {
    return (this.#view ??= viewOf(this.#bytes)).getBigUint64(this.#skip(8), true);
  }

  /** An `sfixed64`. */
  sfixed64(): bigint {
    return (this.#view ??= viewOf(this.#bytes)).getBigInt64(this.#skip(8), true);
  }

  /** A `float`. */
  float(): number {
    return (this.#view ??= viewOf(this.#bytes)).getFloat32(this.#skip(4), true);
  }

  /** A `double`. */
  double(): number {
    return (this.#view ??= viewOf(this.#bytes)).getFloat64(this.#skip(8), true);
  }

  /** Packed numbers of fixed width, added to `into`. */
  doubles(into: number[]): void {
    const [at, end] = this.#packed(8);
    readDoubles(this.#view ??= viewOf(this.#bytes), at, end, into);
  }

  /** Packed numbers of fixed width, added to `into`. */
  floats(into: number[]): void {
    const [at, end] = this.#packed(4);
    readFloats(this.#view ??= viewOf(this.#bytes), at, end, into);
  }

  /** Where packed numbers of so many bytes begin and end. */
  #packed(width: number): [number, number] {
    const length = this.#length();
    const at = this.#skip(length);
    if (length % width !== 0) throw new WireFault(`a packed number is cut short at ${this.#at}`);
    return [at, at + length];
  }

  /** Steps over `count` bytes. @returns Where they begin. */
  #skip(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) throw this.#truncated();
    this.#at = at + count;
    return at;
  }

  /** A `string`. */
  string(): string {
    const length = this.#length();
    const at = this.#skip(length);
    return readUtf8(this.#bytes, at, at + length);
  }

  /** A `bytes` value: a view of the bytes that are read, not a copy. */
  bytes(): Uint8Array {
    const length = this.#length();
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  #length(): number {
    const at = this.#at;
    if (at < this.#end) {
      const byte = this.#bytes[at]!;
      if (byte < 0x80) {
        this.#at = at + 1;
        return byte;
      }
    }
    const length = this.#varint();
    if (this.#high !== 0) throw this.#truncated();
    return length;
  }

  /** Steps into a value with a length: a message, or packed numbers. @returns What {@link leave} wants. */
  enter(): number {
    const length = this.#length();
    const outer = this.#end;
    if (length > outer - this.#at) throw this.#truncated();
    if (++this.#depth > MAX_DEPTH) throw new WireFault(`messages more than ${MAX_DEPTH} deep`);
    this.#end = this.#at + length;
    return outer;
  }

  /** Steps out again; `outer` is what {@link enter} gave. */
  leave(outer: number): void {
    this.#depth--;
    this.#end = outer;
  }

  /** Keeps a field that `message` does not know, whose tag has just been read. */
  keep(message: Keeper, tag: number): void {
    const from = this.#tagAt;
    this.skip(tag);
    keepField(message, this.#bytes.subarray(from, this.#at));
  }

  /** Steps over the value of a field whose tag has just been read. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.#varint();
        return;
      case 1:
        this.#skip(8);
        return;
      case 2:
        this.#skip(this.#length());
        return;
      case 3:
        return this.#skipGroup(tag >>> 3);
      case 5:
        this.#skip(4);
        return;
      default:
        throw new WireFault(`wire type ${tag & 7} before byte ${this.#at}`);
    }
  }

  #skipGroup(field: number): void {
    if (++this.#depth > MAX_DEPTH) throw new WireFault(`messages more than ${MAX_DEPTH} deep`);
    for (;;) {
      if (this.#at >= this.#end) throw this.#truncated();
      const tag = this.tag();
      if ((tag & 7) !== 4) this.skip(tag);
      else if (tag >>> 3 === field) break;
      else throw new WireFault(`the end of another group before byte ${this.#at}`);
    }
    this.#depth--;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
