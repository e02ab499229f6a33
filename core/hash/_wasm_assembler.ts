/**
 * Just enough of a WebAssembly assembler to write a function as nested expressions.
 *
 * @see https://webassembly.github.io/spec/core/binary/index.html
 * @module
 */

/** Instructions, in binary. */
export type Code = readonly number[];

/** Types of values, by their code in the binary format. */
export const valueType = { i32: 0x7f, i64: 0x7e, externref: 0x6f } as const;
type ValueType = typeof valueType[keyof typeof valueType];

/** Parameters and results of a function. */
export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A module of one function and one page of memory, both exported. */
export interface ModuleOptions {
  /** Functions from outside; they are called by their index in this list. */
  readonly imports: readonly (Signature & { readonly module: string; readonly name: string })[];
  /** The one function. Its parameters are its first locals. */
  readonly fn: Signature & {
    readonly name: string;
    readonly locals: readonly ValueType[];
    readonly body: Code;
  };
  /** Name that the memory is exported by. */
  readonly memory: string;
}

/** LEB128, as the format writes lengths and indexes. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128, as the format writes constants. */
function signed(value: bigint): Code {
  const low = Number(value & 0x7fn);
  return value >= -64n && value < 64n ? [low] : [low | 0x80, ...signed(value >> 7n)];
}

const binary = (code: number) => (a: Code, b: Code): Code => [...a, ...b, code];

/** Reads a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];
/** Writes a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** Calls a function. */
export const call = (fn: number, ...values: Code[]): Code => [
  ...values.flat(),
  0x10,
  ...unsigned(fn),
];
/** Runs `body` if `condition` is not 0, else `otherwise`. */
export const ifElse = (condition: Code, body: Code, otherwise: Code): Code => [
  ...[...condition, 0x04, 0x40, ...body],
  ...[0x05, ...otherwise, 0x0b],
];
/** Runs `body` while `condition` is not 0. */
export const whileLoop = (condition: Code, body: Code): Code => [
  ...[0x03, 0x40, ...condition, 0x04, 0x40],
  ...[...body, 0x0c, 1, 0x0b, 0x0b],
];

/** Instructions on 32 bits. */
export const i32 = {
  value: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  add: binary(0x6a),
  sub: binary(0x6b),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  /** 1 if `a < b`, both unsigned, else 0. */
  less: binary(0x49),
};

/** Instructions on 64 bits. */
export const i64 = {
  value: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  add: binary(0x7c),
  mul: binary(0x7e),
  or: binary(0x84),
  xor: binary(0x85),
  shl: binary(0x86),
  shr: binary(0x88),
  rotl: binary(0x89),
  /** Widens 32 bits, unsigned. */
  extend: (value: Code): Code => [...value, 0xad],
  /** Writes to memory. */
  store: (at: number, value: Code): Code => [...i32.value(at), ...value, 0x37, 3, 0],
};

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const text = (value: string): Code => sized([...new TextEncoder().encode(value)]);
const section = (id: number, ...items: Code[]): Code => [id, ...sized(vector(items))];

/** Puts a module together. */
export function assemble({ imports, fn, memory }: ModuleOptions): Uint8Array<ArrayBuffer> {
  const signatures = [...imports, fn].map(({ parameters, results }) => [
    0x60,
    ...sized(parameters),
    ...sized(results),
  ]);
  const locals = vector(fn.locals.map((type) => [1, type]));
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, ...signatures),
    ...section(2, ...imports.map(({ module, name }, i) => [...text(module), ...text(name), 0, i])),
    ...section(3, [imports.length]),
    ...section(5, [1, 1, 1]), // One page, at least and at most.
    ...section(7, [...text(memory), 2, 0], [...text(fn.name), 0, imports.length]),
    ...section(10, sized([...locals, ...fn.body, 0x0b])),
  ]);
}
