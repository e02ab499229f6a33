/**
 * Members of objects: where they are read from and what they read as.
 *
 * @module
 */

import { acceptsNull, isRecord, unexpectedNull } from "./_container.ts";
import { type Definition, resolve, sourceKeys, wireKey } from "./definition.ts";
import type { Source } from "./errors.ts";
import { absentReader, type Compile } from "./_presence.ts";
import type { Decoder, Run } from "./_run.ts";

/** One place a member is read from, with the decoder for values from there. */
export interface Reader {
  /** The part of the request. */
  readonly source: Source;
  /** The name there. */
  readonly key: string;
  /** Decodes a value that is there. */
  readonly decode: Decoder;
}

/** One member of an object, ready to decode. */
export interface Member {
  /** The property of the result. */
  readonly name: string;
  /** The key in trees of objects. */
  readonly key: string;
  /** The steps of a dotted key; undefined for a plain one. */
  readonly steps: readonly string[] | undefined;
  /** Whether every object seems to have the key, because `Object.prototype` has it. */
  readonly shadowed: boolean;
  /** What the schema says. */
  readonly definition: Definition;
  /** Whether it needs more than a look at its own key. */
  readonly special: boolean;
  /** Decodes a value of a tree. */
  readonly decode: Decoder;
  /** Decodes a value of the environment. */
  readonly decodeText: Decoder;
  /** The value when there is none; undefined leaves the property out. */
  readonly absent: (run: Run, depth: number) => unknown;
  /** The value when there is null. */
  readonly nulled: (run: Run, depth: number) => unknown;
  /** Where a request holds it. */
  readonly readers: readonly Reader[];
}

/** Compiles one member. */
export function memberOf(
  name: string,
  definition: Definition,
  mode: "native" | "text",
  compile: Compile,
): Member {
  const key = wireKey(name, definition);
  const absent = absentReader(definition, compile);
  return {
    name,
    key,
    steps: key.includes(".") ? key.split(".") : undefined,
    shadowed: key in Object.prototype,
    definition,
    special: Boolean(
      definition.env || definition.inherit || definition.dependency || definition.group,
    ),
    decode: compile(definition, mode),
    decodeText: compile(definition, "text"),
    absent,
    nulled: nullReader(definition, absent),
    readers: sourceKeys(name, definition).map(({ source, key }) => ({
      source,
      key,
      decode: compile(definition, source === "json" ? "native" : "text"),
    })),
  };
}

function nullReader(definition: Definition, absent: Member["absent"]): Member["nulled"] {
  if (acceptsNull(resolve(definition)) || definition.nullable) return () => null;
  if (definition.optional || definition.zero || definition.defaultOnNull) return absent;
  return (run, depth) => run.nullAsAbsent ? absent(run, depth) : unexpectedNull(run);
}

/** The value of `key` in a tree, own members only; undefined when absent. */
export function rawValue(
  input: Readonly<Record<string, unknown>>,
  member: Pick<Member, "key" | "steps" | "shadowed">,
): unknown {
  if (member.steps === undefined) {
    return member.shadowed && !Object.hasOwn(input, member.key) ? undefined : input[member.key];
  }
  let value: unknown = input;
  for (const step of member.steps) {
    if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** A raw value that counts: undefined for a null where null reads as absent. */
export function presentValue(
  input: Readonly<Record<string, unknown>>,
  member: Pick<Member, "key" | "steps" | "shadowed">,
  run: Run,
): unknown {
  const value = rawValue(input, member);
  return value === null && run.nullAsAbsent ? undefined : value;
}

/** Whether a tree holds `key`, dotted or not. Null counts as a value, but in config. */
export function hasKey(
  input: Readonly<Record<string, unknown>>,
  key: string,
  run: Run,
): boolean {
  const steps = key.includes(".") ? key.split(".") : undefined;
  return presentValue(input, { key, steps, shadowed: true }, run) !== undefined;
}
