/**
 * Objects to the parts of a request: the reverse of binding.
 *
 * @module
 */

import { compile } from "./_compile.ts";
import { encodeBase64 } from "./_convert_text.ts";
import { type Definition, resolve, sourceKeys } from "./definition.ts";
import { formatDuration } from "./duration.ts";
import { type Source, ValidationError } from "./errors.ts";
import { ExactNumber } from "./exact_number.ts";
import { isRecord } from "./_container.ts";
import { at, Run } from "./_run.ts";
import { someInside } from "./_shape.ts";

/** The parts of a request that carry an object. */
export interface Parts {
  /** Path parameters by name. */
  readonly path: Readonly<Record<string, string>>;
  /** Query values in order; a list repeats its key. Fits `new URLSearchParams(...)`. */
  readonly form: readonly (readonly [key: string, value: string])[];
  /** Headers by name; a list is joined by commas. */
  readonly header: Readonly<Record<string, string>>;
  /** Cookies by name. */
  readonly cookie: Readonly<Record<string, string>>;
  /** The body, ready for `JSON.stringify`; undefined when no field goes there. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

interface OpenParts {
  path: Record<string, string>;
  form: [string, string][];
  header: Record<string, string>;
  cookie: Record<string, string>;
  json: Record<string, unknown> | undefined;
}

/** The JSON form of a value of `definition`. */
export function encode(definition: Definition, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  const resolved = resolve(definition);
  if (resolved.asString || definition.asString) return scalarText(resolved, value);
  if (typeof value === "bigint") return new ExactNumber(String(value));
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.toISOString();
  if (resolved.kind === "duration") return formatDuration(value as number);
  if (Array.isArray(value) && resolved.item) {
    return value.map((each) => encode(resolved.item!, each));
  }
  if (!isRecord(value)) return value;
  if (resolved.kind === "map") return encodeMap(resolved.item!, value);
  return resolved.kind === "object" ? encodeObject(resolved, value) : value;
}

function encodeMap(item: Definition, value: Readonly<Record<string, unknown>>) {
  const out: Record<string, unknown> = Object.create(null);
  for (const [key, each] of Object.entries(value)) out[key] = encode(item, each);
  return out;
}

function encodeObject(definition: Definition, value: Readonly<Record<string, unknown>>) {
  const out: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(definition.fields ?? {})) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member.ignored || own === undefined) continue;
    const key = member.sources?.find(({ source }) => source === "json")?.key ?? member.key ?? name;
    setDotted(out, key, encode(member, own));
  }
  return out;
}

/** Writes under a dotted key, making the objects on the way. */
function setDotted(out: Record<string, unknown>, key: string, value: unknown): void {
  const steps = key.split(".");
  const last = steps.pop()!;
  let target = out;
  for (const step of steps) {
    const next = target[step];
    if (isRecord(next)) target = next as Record<string, unknown>;
    else target = target[step] = Object.create(null) as Record<string, unknown>;
  }
  target[last] = value;
}

function scalarText(definition: Definition, value: unknown): string {
  if (definition.kind === "duration") return formatDuration(value as number);
  const encoded = value instanceof Uint8Array || value instanceof Date
    ? encode(definition, value)
    : value;
  return typeof encoded === "object" ? JSON.stringify(encode(definition, value)) : String(encoded);
}

function place(parts: OpenParts, source: Source, key: string, member: Definition, value: unknown) {
  if (source === "json") {
    setDotted(parts.json ??= Object.create(null), key, encode(member, value));
    return;
  }
  const resolved = resolve(member);
  const texts = Array.isArray(value)
    ? value.map((each) => scalarText(resolved.item ?? resolved, each))
    : [scalarText(resolved, value)];
  if (source === "form") parts.form.push(...texts.map((text): [string, string] => [key, text]));
  else if (source === "header") parts.header[key] = texts.join(", ");
  else if (Array.isArray(value)) parts[source][key] = JSON.stringify(value);
  else parts[source][key] = texts[0]!;
}

/** Whether text cannot carry `value`, and needs not: the receiver of nothing reads the same empty list. */
function isFilledIn(member: Definition, source: Source, value: unknown): boolean {
  return source !== "json" && isEmptyList(value) && isEmptyList(member.default);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Leaves an issue if `value` may not be sent. */
function failMember(member: Definition, source: Source, value: unknown, run: Run): boolean {
  const before = run.count;
  const absent = value === undefined || value === null;
  if (absent && !member.optional && !(value === null && member.nullable)) {
    run.fail("missing", (path) => `${at(path)} is nil`);
  } else if (isEmptyList(value) && source !== "json" && !member.optional) {
    // JSON can hold an empty list; a text source cannot tell it from an absent one.
    run.fail("missing", (path) => `${at(path)} is empty`);
  } else if (!absent && !someInside(member, ({ kind }) => kind === "custom")) {
    // What the receiver would refuse is refused here, by the same rules.
    compile(member, "native")(encode(member, value), run, 0);
  }
  return run.count > before;
}

/**
 * Takes an object apart. Each field goes to the first source it names; undefined members stay out, and so do empty
 * lists that are the default where the source is text, which cannot carry them.
 *
 * @throws {ValidationError} If a member is missing or breaks its rules.
 */
export function toParts(
  definition: Definition,
  value: Readonly<Record<string, unknown>>,
): Parts {
  const run = new Run();
  const parts: OpenParts = {
    path: Object.create(null),
    form: [],
    header: Object.create(null),
    cookie: Object.create(null),
    json: undefined,
  };
  for (const [name, member] of Object.entries(definition.fields ?? {})) {
    if (member.ignored) continue;
    const { source, key } = sourceKeys(name, member)[0]!;
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    const skips = member.optional || member.default !== undefined || member.dependency ||
      member.group;
    if (source === "json") parts.json ??= Object.create(null) as Record<string, unknown>;
    if (own === undefined ? skips : isFilledIn(member, source, own)) continue;
    const mark = run.count;
    if (failMember(member, source, own, run)) {
      run.prefixKey(mark, key);
      run.markSource(mark, source);
    } else {
      place(parts, source, key, member, own);
    }
  }
  if (run.count > 0) throw new ValidationError(run.issues(), "build request");
  return parts;
}
