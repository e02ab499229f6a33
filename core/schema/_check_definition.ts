/**
 * Checks of a schema itself, when it is made: a wrong schema must not wait for its first request.
 *
 * @module
 */

import { type Definition, type IntegerKind, sourceKeys, wireKey } from "./definition.ts";
import { boundsOf } from "./_convert_number.ts";
import { inRange, parseRange, type Range } from "./range.ts";

const INTEGERS: ReadonlySet<string> = new Set([
  "int",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
]);

const NUMBERS: ReadonlySet<string> = new Set([...INTEGERS, "float32", "float64", "bigint"]);

/** The kinds whose values are compared as such by `options`. */
const COMPARABLE: ReadonlySet<string> = new Set([...NUMBERS, "string", "boolean", "duration"]);

/** The kinds that one text can hold. */
const SCALARS: ReadonlySet<string> = new Set([...COMPARABLE, "timestamp", "bytes", "custom"]);

/** The kinds whose zero `zero()` knows. */
const WITH_ZERO: ReadonlySet<string> = new Set([...COMPARABLE, "bytes", "array", "map"]);

/**
 * Throws if the schema of the field `name` contradicts itself.
 *
 * @throws {TypeError} A condition does not fit the kind.
 * @throws {RangeError} A default or an option is not allowed by the rest.
 * @throws {SyntaxError} The text of a range does not parse.
 */
export function checkField(name: string, definition: Definition): void {
  const fail = (what: string): never => {
    throw new TypeError(`Cannot define field "${name}": ${what}`);
  };
  const { kind, options, env, zero, asString } = definition;
  if (name === "__proto__") fail("the name is reserved by the language");
  if (options && !COMPARABLE.has(kind)) fail(`options do not fit kind ${kind}`);
  if (options?.length === 0) fail("options must allow at least one value");
  if (env !== undefined && !SCALARS.has(kind)) fail(`env does not fit kind ${kind}`);
  if (env === "") fail("env needs the name of a variable");
  if (zero && !WITH_ZERO.has(kind)) fail(`zero() does not fit kind ${kind}`);
  if (asString && !COMPARABLE.has(kind)) fail(`asString() does not fit kind ${kind}`);
  if (definition.dependency?.on === "") fail("a dependency needs the name of a field");
  const range = definition.range === undefined ? undefined : readRange(name, definition);
  checkValues(name, definition, range);
  if (definition.item) checkField(`${name}[]`, definition.item);
}

function readRange(name: string, { kind, range }: Definition): Range {
  if (!NUMBERS.has(kind)) {
    throw new TypeError(`Cannot define field "${name}": a range does not fit kind ${kind}`);
  }
  try {
    return parseRange(range!);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot define field "${name}": bad range "${range}", need "[low:high]"`,
      { cause },
    );
  }
}

function checkValues(name: string, definition: Definition, range: Range | undefined): void {
  const { options, default: fallback, kind } = definition;
  const check = (what: string, value: unknown) => {
    if (INTEGERS.has(kind) && !fitsWidth(kind as IntegerKind, value)) {
      throw new RangeError(`Cannot define field "${name}": ${what} ${value} is no ${kind}`);
    }
    if (range && !inRange(range, value as number)) {
      throw new RangeError(
        `Cannot define field "${name}": ${what} ${value} is outside ${definition.range}`,
      );
    }
  };
  for (const option of options ?? []) check("option", option);
  if (fallback === undefined || fallback === null) return;
  check("default", fallback);
  if (options && !options.includes(fallback)) {
    throw new RangeError(
      `Cannot define field "${name}": default ${fallback} is not among [${options.join(" ")}]`,
    );
  }
}

function fitsWidth(kind: IntegerKind, value: unknown): boolean {
  const [low, high] = boundsOf(kind);
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

/** Each field's places, as `json "name"`. */
function placesOf(name: string, definition: Definition): string[] {
  if (definition.ignored) return [];
  return sourceKeys(name, definition).map(({ source, key }) => `${source} "${key}"`);
}

/**
 * Throws if the members of an object contradict each other.
 *
 * @throws {TypeError} Two members are read from one place, or one depends on itself.
 */
export function checkMembers(fields: Readonly<Record<string, Definition>>): void {
  const owners = new Map<string, string>();
  for (const [name, definition] of Object.entries(fields)) {
    checkField(name, definition);
    for (const place of placesOf(name, definition)) {
      const owner = owners.get(place);
      if (owner !== undefined) {
        throw new TypeError(`Cannot define field "${name}": ${place} is read by "${owner}" too`);
      }
      owners.set(place, name);
    }
    if (definition.dependency?.on === wireKey(name, definition)) {
      throw new TypeError(`Cannot define field "${name}": it depends on itself`);
    }
  }
}

/**
 * The member with its dependency spelled as the other field is: names of dependencies match without
 * regard to case, since the keys of configuration do.
 *
 * @throws {TypeError} If no field has the name.
 */
export function withExactDependency(
  name: string,
  definition: Definition,
  fields: Readonly<Record<string, Definition>>,
): Definition {
  const { dependency } = definition;
  if (!dependency) return definition;
  const keys = Object.entries(fields).flatMap(([other, each]) =>
    sourceKeys(other, each).map(({ key }) => key)
  );
  if (keys.includes(dependency.on)) return definition;
  const on = keys.find((key) => key.toLowerCase() === dependency.on.toLowerCase());
  if (on === undefined) {
    throw new TypeError(
      `Cannot define field "${name}": it depends on "${dependency.on}", which no field has`,
    );
  }
  return { ...definition, dependency: { ...dependency, on } };
}
