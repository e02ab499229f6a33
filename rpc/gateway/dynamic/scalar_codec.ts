/**
 * How scalars are read and written when their type is known at run time only.
 *
 * @module
 */

import type { ScalarType } from "../../proto/field.ts";
import type { Reader } from "../../proto/reader.ts";
import type { Writer } from "../../proto/writer.ts";

/** A scalar; what the type says decides which. */
export type Scalar = number | bigint | boolean | string | Uint8Array;

/** Reads and writes the values of one scalar type. */
export interface ScalarCodec {
  /** The wire type: 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** What an unset field has. */
  readonly zero: Scalar;
  /** Reads one value. */
  readonly read: (reader: Reader) => Scalar;
  /** Writes one value, whose type the writer checks. */
  readonly write: (writer: Writer, value: never) => void;
}

const EMPTY = new Uint8Array();

/** By type. */
export const SCALAR_CODECS: Readonly<Record<ScalarType, ScalarCodec>> = {
  double: { wire: 1, zero: 0, read: (r) => r.double(), write: (w, v) => w.double(v) },
  float: { wire: 5, zero: 0, read: (r) => r.float(), write: (w, v) => w.float(v) },
  int32: { wire: 0, zero: 0, read: (r) => r.int32(), write: (w, v) => w.int32(v) },
  int64: { wire: 0, zero: 0n, read: (r) => r.int64(), write: (w, v) => w.int64(v) },
  uint32: { wire: 0, zero: 0, read: (r) => r.uint32(), write: (w, v) => w.uint32(v) },
  uint64: { wire: 0, zero: 0n, read: (r) => r.uint64(), write: (w, v) => w.uint64(v) },
  sint32: { wire: 0, zero: 0, read: (r) => r.sint32(), write: (w, v) => w.sint32(v) },
  sint64: { wire: 0, zero: 0n, read: (r) => r.sint64(), write: (w, v) => w.sint64(v) },
  fixed32: { wire: 5, zero: 0, read: (r) => r.fixed32(), write: (w, v) => w.fixed32(v) },
  fixed64: { wire: 1, zero: 0n, read: (r) => r.fixed64(), write: (w, v) => w.fixed64(v) },
  sfixed32: { wire: 5, zero: 0, read: (r) => r.sfixed32(), write: (w, v) => w.sfixed32(v) },
  sfixed64: { wire: 1, zero: 0n, read: (r) => r.sfixed64(), write: (w, v) => w.sfixed64(v) },
  bool: { wire: 0, zero: false, read: (r) => r.bool(), write: (w, v) => w.bool(v) },
  string: { wire: 2, zero: "", read: (r) => r.string(), write: (w, v) => w.string(v) },
  bytes: { wire: 2, zero: EMPTY, read: (r) => r.bytes(), write: (w, v) => w.bytes(v) },
};
