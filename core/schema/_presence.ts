/**
 * What an absent value reads as.
 *
 * @module
 */

import { type Definition, resolve } from "./definition.ts";
import { at, type Decoder, type Run } from "./_run.ts";
import type { Mode } from "./_scalar.ts";
import { canBeAbsent, readsEnv, zeroOf } from "./_shape.ts";

/** The compiler, handed down so that files need not import each other in circles. */
export type Compile = (definition: Definition, mode: Mode) => Decoder;

/** Shared by every absent struct; decoders only read their input. */
const EMPTY: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

/**
 * Copies a default, so that one request cannot change the next one's. Objects of classes, which
 * custom fields may have, are shared: only their makers could copy them.
 */
export function copyDefault(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyDefault);
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Date) return new Date(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const out: Record<string, unknown> = Object.create(prototype);
  for (const [key, each] of Object.entries(value)) out[key] = copyDefault(each);
  return out;
}

/** The reader of an absent value. It answers undefined to leave the property out. */
export function absentReader(
  definition: Definition,
  compile: Compile,
): (run: Run, depth: number) => unknown {
  const { default: fallback } = definition;
  if (fallback !== undefined) {
    return typeof fallback === "object" ? () => copyDefault(fallback) : () => fallback;
  }
  if (definition.zero) return () => zeroOf(definition);
  if (definition.optional) return () => undefined;
  const resolved = resolve(definition);
  if (resolved.kind === "map") return () => Object.create(null);
  if (resolved.custom?.seesAbsent) {
    return (run, depth) => compile(resolved, "native")(undefined, run, depth);
  }
  if (resolved.kind !== "object") {
    return (run) => run.fail("missing", (path) => `${at(path)} is not set`);
  }
  const missing = (run: Run) => run.fail("missing", (path) => `"${path}" is not set`);
  if (canBeAbsent(resolved)) {
    return (run, depth) => compile(definition, "native")(EMPTY, run, depth + 1);
  }
  if (!readsEnv(resolved)) return missing;
  // Its members may all come from the environment.
  return (run, depth) =>
    run.env ? compile(definition, "native")(EMPTY, run, depth + 1) : missing(run);
}
