/**
 * The scalar types.
 *
 * @module
 */

/** What has to be known of a scalar type. */
export interface Scalar {
  /** Wire type: 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** Number in descriptors. */
  readonly descriptor: number;
  /** Type in TypeScript. */
  readonly type: "number" | "bigint" | "boolean" | "string" | "Uint8Array";
  /** Zero, as code. */
  readonly zero: string;
}

const number = { type: "number", zero: "0" } as const;
const bigint = { type: "bigint", zero: "0n" } as const;

/** By name. */
export const SCALARS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ["double", { wire: 1, descriptor: 1, ...number }],
  ["float", { wire: 5, descriptor: 2, ...number }],
  ["int64", { wire: 0, descriptor: 3, ...bigint }],
  ["uint64", { wire: 0, descriptor: 4, ...bigint }],
  ["int32", { wire: 0, descriptor: 5, ...number }],
  ["fixed64", { wire: 1, descriptor: 6, ...bigint }],
  ["fixed32", { wire: 5, descriptor: 7, ...number }],
  ["bool", { wire: 0, descriptor: 8, type: "boolean", zero: "false" }],
  ["string", { wire: 2, descriptor: 9, type: "string", zero: '""' }],
  ["bytes", { wire: 2, descriptor: 12, type: "Uint8Array", zero: "new Uint8Array()" }],
  ["uint32", { wire: 0, descriptor: 13, ...number }],
  ["sfixed32", { wire: 5, descriptor: 15, ...number }],
  ["sfixed64", { wire: 1, descriptor: 16, ...bigint }],
  ["sint32", { wire: 0, descriptor: 17, ...number }],
  ["sint64", { wire: 0, descriptor: 18, ...bigint }],
]);

/** Types that keys of maps may have. */
export const MAP_KEYS: ReadonlySet<string> = new Set(
  [...SCALARS.keys()].filter((name) => !/^(double|float|bytes)$/.test(name)),
);
