/**
 * The words a schema starts with.
 *
 * @module
 */

import type { Definition } from "./definition.ts";
import { Field, type Schema } from "./field.ts";
import { AsyncSchemaError, CustomIssues } from "./_open.ts";
import type { StandardIssue, StandardSchemaV1 } from "./standard.ts";

/** Text. */
export function string(): Field<string> {
  return new Field({ kind: "string" });
}

/** True or false; from text `1`, `true`, `0` and `false` in any case. */
export function boolean(): Field<boolean> {
  return new Field({ kind: "boolean" });
}

/** An integer as exact as a JS number: beyond 2^53 - 1 it is an issue, never rounded. */
export function int(): Field<number> {
  return new Field({ kind: "int" });
}

/** An integer of 8 bits, -128 to 127. */
export function int8(): Field<number> {
  return new Field({ kind: "int8" });
}

/** An integer of 16 bits, -32,768 to 32,767. */
export function int16(): Field<number> {
  return new Field({ kind: "int16" });
}

/** An integer of 32 bits. */
export function int32(): Field<number> {
  return new Field({ kind: "int32" });
}

/** An integer of 64 bits on the wire; beyond 2^53 - 1 an issue. For all 64 bits: {@link bigint}. */
export function int64(): Field<number> {
  return new Field({ kind: "int64" });
}

/** An integer from 0 to 2^53 - 1. */
export function uint(): Field<number> {
  return new Field({ kind: "uint" });
}

/** An integer from 0 to 255. */
export function uint8(): Field<number> {
  return new Field({ kind: "uint8" });
}

/** An integer from 0 to 65,535. */
export function uint16(): Field<number> {
  return new Field({ kind: "uint16" });
}

/** An integer from 0 to 2^32 - 1. */
export function uint32(): Field<number> {
  return new Field({ kind: "uint32" });
}

/** An unsigned integer of 64 bits on the wire; beyond 2^53 - 1 an issue. */
export function uint64(): Field<number> {
  return new Field({ kind: "uint64" });
}

/** A float within the bounds of 32 bits. It keeps the digits it came with. */
export function float32(): Field<number> {
  return new Field({ kind: "float32" });
}

/** A float. NaN and the infinities are issues. */
export function float64(): Field<number> {
  return new Field({ kind: "float64" });
}

/** A signed or unsigned 64-bit integer without loss, -2^63 to 2^64 - 1. */
export function bigint(): Field<bigint> {
  return new Field({ kind: "bigint" });
}

/** Bytes, from base64 text or a list of numbers. */
export function bytes(): Field<Uint8Array> {
  return new Field({ kind: "bytes" });
}

/** A span of time, from text such as `1h30m`. In milliseconds. */
export function duration(): Field<number> {
  return new Field({ kind: "duration" });
}

/** An instant, from RFC 3339 text. */
export function timestamp(): Field<Date> {
  return new Field({ kind: "timestamp" });
}

/** Any JSON value, null included. */
export function any(): Field<unknown> {
  return new Field({ kind: "any" });
}

/** Options for {@link array}. */
export interface ArrayOptions {
  /** The exact number of items. */
  length?: number | undefined;
  /** The most items allowed. @default {10_000} */
  maxItems?: number | undefined;
}

/**
 * A list. Numbers and text among its items convert into each other, as in go-zero; null items are
 * issues unless the item is nullable.
 */
export function array<T>(item: Schema<T>, options: ArrayOptions = {}): Field<T[]> {
  const { length, maxItems } = options;
  return new Field({
    kind: "array",
    item: item.definition,
    ...(length === undefined ? {} : { length: count("length", length) }),
    ...(maxItems === undefined ? {} : { maxItems: count("maxItems", maxItems) }),
  });
}

function count(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`Cannot define list or map: ${name} must be an integer >= 0, got ${value}`);
}

/** Options for {@link map}. */
export interface MapOptions<K extends "string" | "int" = "string" | "int"> {
  /** What the keys are; `int` keys must be base-10 integers. @default {"string"} */
  key?: K | undefined;
  /** The most entries allowed. @default {10_000} */
  maxItems?: number | undefined;
}

/**
 * An object whose keys are data. The result has no prototype, so no key is special. A required map
 * that is absent reads as empty.
 */
export function map<T, K extends "string" | "int" = "string">(
  value: Schema<T>,
  options: MapOptions<K> = {},
): Field<Record<K extends "int" ? number : string, T>> {
  const { key, maxItems } = options;
  return new Field({
    kind: "map",
    item: value.definition,
    ...(key === undefined ? {} : { keyKind: key }),
    ...(maxItems === undefined ? {} : { maxItems: count("maxItems", maxItems) }),
  });
}

/**
 * A schema that is defined later, for types that contain themselves.
 *
 * @example A tree
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { array, object, type ObjectSchema, string } from "@zeno/zeno/core/schema";
 *
 * interface Tree { name: string; children?: Tree[] }
 * const tree: ObjectSchema<Tree> = object({
 *   name: string(),
 *   children: array(lazy(() => tree)).optional(),
 * });
 * const value = { name: "root", children: [{ name: "leaf" }] };
 * assertEquals(tree.parse(value), value);
 * ```
 */
export function lazy<T>(get: () => Schema<T>): Field<T> {
  return new Field({ kind: "lazy", target: () => get().definition });
}

/**
 * A value that the caller's code reads. `decode` gets what JSON holds, or text from a text source,
 * and throws an error whose message says what is wrong; it is shown to the caller.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const url = custom((value) => new URL(String(value)));
 * assertEquals(url.parse("https://deno.com").host, "deno.com");
 * ```
 */
export function custom<T>(decode: (value: unknown) => T): Field<T> {
  return new Field({ kind: "custom", custom: { decode, seesAbsent: false } });
}

function pathOf(issue: StandardIssue): string {
  let path = "";
  for (const segment of issue.path ?? []) {
    const key = typeof segment === "object" ? segment.key : segment;
    if (typeof key === "number") path += `[${key}]`;
    else path += path === "" ? String(key) : `.${String(key)}`;
  }
  return path;
}

/**
 * A value that a schema of another library reads, such as zod, valibot or arktype. It is asked about
 * absent values too, so its own optional and default rules hold.
 *
 * @throws {TypeError} At use, if the schema works asynchronously.
 */
export function fromStandard<T>(schema: StandardSchemaV1<unknown, T>): Field<T> {
  const decode = (value: unknown): T => {
    const result = schema["~standard"].validate(value);
    if (result instanceof Promise) {
      result.catch(() => {}); // Its own failure changes nothing any more.
      throw new AsyncSchemaError("Cannot validate: the schema works asynchronously");
    }
    if (!result.issues) return result.value;
    throw new CustomIssues(
      result.issues.map((issue) => ({ path: pathOf(issue), message: issue.message })),
    );
  };
  const definition: Definition = { kind: "custom", custom: { decode, seesAbsent: true } };
  return new Field(definition);
}
