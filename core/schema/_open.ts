/**
 * Decoders whose shape is not Zeno's: any JSON value, and the user's own code.
 *
 * @module
 */

import type { CustomDecoder } from "./definition.ts";
import { ExactNumber } from "./exact_number.ts";
import { isRecord } from "./_container.ts";
import { at, type Decoder, FAIL, MAX_DEPTH, type Run, tooDeep } from "./_run.ts";

/** A JS value for digits: a number where that is exact enough, a bigint for a large integer. */
function plainNumber(exact: ExactNumber): number | bigint {
  const value = Number(exact.text);
  const large = Number.isInteger(value) && !Number.isSafeInteger(value);
  const isInteger = !exact.text.includes(".") && !/[eE]/.test(exact.text);
  return large && isInteger && exact.text.length <= 64 ? BigInt(exact.text) : value;
}

/**
 * Takes any JSON value as it is, but for two things: exact numbers become numbers or bigints, and
 * members named `__proto__` are dropped, because code that merges such a value would be taken over.
 * Copies only what it changes.
 */
export const anyDecoder: Decoder = (value, run, depth) => {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof ExactNumber) return plainNumber(value);
  if (depth >= MAX_DEPTH) return tooDeep(run);
  if (Array.isArray(value)) return anyList(value, run, depth);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value; // Date, Uint8Array ...
  return isRecord(value) ? anyRecord(value, run, depth) : value;
};

function anyList(list: readonly unknown[], run: Run, depth: number): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const result = anyDecoder(list[index], run, depth + 1);
    if (result === FAIL) return FAIL;
    if (result !== list[index]) {
      copy ??= [...list];
      copy[index] = result;
    }
  }
  return copy ?? list;
}

function anyRecord(record: Readonly<Record<string, unknown>>, run: Run, depth: number): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(record)) {
    if (key === "__proto__") {
      copy ??= { ...record };
      delete copy[key];
      continue;
    }
    const result = anyDecoder(record[key], run, depth + 1);
    if (result === FAIL) return FAIL;
    if (result !== record[key]) {
      copy ??= { ...record };
      copy[key] = result;
    }
  }
  return copy ?? record;
}

/** Thrown by a custom decoder that knows where inside its value the problems are. */
export class CustomIssues extends Error {
  /** Message and path, relative to the value. */
  readonly list: readonly { readonly path: string; readonly message: string }[];

  constructor(list: readonly { readonly path: string; readonly message: string }[]) {
    super(list[0]?.message ?? "invalid value");
    this.list = list;
  }
}

/** Thrown for a mistake of the program, which must not be blamed on its caller. */
export class AsyncSchemaError extends TypeError {}

/** Runs the user's decoder. What it throws becomes issues; its message is shown to the caller. */
export function customDecoder(custom: CustomDecoder): Decoder {
  return (value, run) => {
    try {
      return custom.decode(value);
    } catch (error) {
      if (error instanceof AsyncSchemaError) throw error;
      if (!(error instanceof CustomIssues)) return failCustom(run, errorText(error));
      for (const { path, message } of error.list) {
        const mark = run.count;
        failCustom(run, message);
        if (path !== "") run.prefixKey(mark, path);
      }
      return FAIL;
    }
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Leaves an issue that user code found. */
export function failCustom(run: Run, message: string): typeof FAIL {
  return run.fail("custom", (path) => `${at(path)}: ${message}`);
}
