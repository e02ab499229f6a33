/**
 * Decoding of a request: fields from several sources into one object.
 *
 * @module
 */

import type { Definition } from "./definition.ts";
import type { Source } from "./errors.ts";
import { isRecord } from "./_container.ts";
import { planOf } from "./_compile.ts";
import {
  failUnknownKeys,
  hasKey,
  type Member,
  objectDecoder,
  rawValue,
  type Reader,
  readSpecial,
} from "./_object.ts";
import { FAIL, mismatch, type Run } from "./_run.ts";

/** The parts of a request that a schema can read. Absent parts hold nothing. */
export interface BindSources {
  /** Path parameters by name. */
  path?: Readonly<Record<string, string>> | undefined;
  /**
   * Query and form values, such as `URLSearchParams`. Empty values count as absent; `key[]` is read
   * along with `key`.
   */
  form?:
    | { getAll(key: string): readonly string[]; readonly size?: number | undefined }
    | undefined;
  /** Headers, such as `Headers`: names without regard to case, repeated lines joined by commas. */
  header?: { get(name: string): string | null } | undefined;
  /** Cookies by name. */
  cookie?: { get(name: string): string | undefined } | undefined;
  /** The parsed JSON body; undefined when there is none. */
  json?: unknown;
}

/** The most form values of a request, as in go-zero. */
const MAX_FORM_VALUES = 2048;

/** Decodes one request. Answers FAIL when `run` holds issues. */
export type Binder = (sources: BindSources, run: Run) => unknown;

const EMPTY: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

/** The values of a form key: repeated, with or without `[]`, empty ones dropped. */
function formValues(form: NonNullable<BindSources["form"]>, key: string): readonly string[] {
  const plain = form.getAll(key);
  const bracketed = form.getAll(`${key}[]`);
  const all = bracketed.length === 0 ? plain : [...plain, ...bracketed];
  return all.includes("") ? all.filter((value) => value !== "") : all;
}

/** Splits a list header at its commas, but not inside quotes (RFC 9110, 5.6.1). */
function splitHeader(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index <= line.length; index++) {
    const char = line[index];
    if (quoted && char === "\\") index++;
    else if (char === '"') quoted = !quoted;
    else if (char === undefined || (char === "," && !quoted)) {
      const part = line.slice(start, index).trim();
      if (part !== "") parts.push(part);
      start = index + 1;
    }
  }
  return parts;
}

/** Whether a text source may offer a list of values for the kind. */
function takesList({ kind }: Definition): boolean {
  return kind === "array" || kind === "any" || kind === "custom";
}

function readForm(form: BindSources["form"], key: string, definition: Definition): unknown {
  if (!form) return undefined;
  const values = formValues(form, key);
  if (values.length === 0) return undefined;
  if (definition.kind === "array") return values;
  return values.length > 1 && takesList(definition) ? values : values[0];
}

function readHeader(header: BindSources["header"], key: string, { kind }: Definition): unknown {
  const line = header?.get(key) ?? undefined;
  if (line === undefined || kind !== "array") return line;
  return line.startsWith("[") ? line : splitHeader(line);
}

/** The value of `key` in one part of a request; undefined when absent. */
function readSource(
  sources: BindSources,
  source: Exclude<Source, "json">,
  key: string,
  definition: Definition,
): unknown {
  switch (source) {
    case "path":
      return sources.path && Object.hasOwn(sources.path, key) ? sources.path[key] : undefined;
    case "form":
      return readForm(sources.form, key, definition);
    case "header":
      return readHeader(sources.header, key, definition);
    case "cookie":
      return sources.cookie?.get(key);
  }
}

/** One request being decoded. */
class Binding {
  readonly sources: BindSources;
  readonly run: Run;
  /** The body's members; undefined when the body is no object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;

  constructor(sources: BindSources, run: Run) {
    this.sources = sources;
    this.run = run;
    const { json } = sources;
    this.json = json === undefined ? EMPTY : isRecord(json) ? json : undefined;
  }

  raw(member: Member, { source, key }: Reader): unknown {
    if (source !== "json") return readSource(this.sources, source, key, member.definition);
    return this.json && rawValue(this.json, member);
  }

  has(member: Member, key: string): boolean {
    return member.readers.some(({ source }) =>
      source === "json"
        ? this.json !== undefined && hasKey(this.json, key, this.run)
        : readSource(this.sources, source, key, member.definition) !== undefined
    );
  }

  isPresent(member: Member): boolean {
    return member.readers.some((reader) => this.raw(member, reader) !== undefined);
  }

  /** Decodes one member from every source that has it; the last source wins. */
  read(member: Member, members: readonly Member[]): unknown {
    let result: unknown;
    let found = false;
    for (const reader of member.readers) {
      const raw = this.raw(member, reader);
      if (raw === undefined) continue;
      found = true;
      const value = this.#decode(member, reader, raw, members);
      if (value === FAIL || result === FAIL) result = FAIL;
      else if (value !== undefined) result = value;
    }
    return found ? result : this.#decode(member, member.readers[0]!, undefined, members);
  }

  #decode(member: Member, reader: Reader, raw: unknown, members: readonly Member[]): unknown {
    const { run } = this;
    const mark = run.count;
    const result = member.special
      ? this.#decodeSpecial(member, reader, raw, members)
      : raw === undefined
      ? member.absent(run, 0)
      : raw === null
      ? member.nulled(run, 0)
      : reader.decode(raw, run, 1);
    if (result === FAIL) {
      run.prefixKey(mark, reader.key);
      run.markSource(mark, reader.source);
    }
    return result;
  }

  #decodeSpecial(member: Member, reader: Reader, raw: unknown, members: readonly Member[]) {
    const { dependency, group } = member.definition;
    return readSpecial(
      member,
      {
        raw,
        dependencyPresent: dependency !== undefined && this.has(member, dependency.on),
        groupPresent: group !== undefined &&
          members.some((other) => other.definition.group === group && this.isPresent(other)),
      },
      reader.decode,
      this.run,
      0,
    );
  }
}

/** The decoder of requests for an object schema. */
export function binderOf(definition: Definition): Binder {
  const plan = planOf(definition);
  const { members, strict, tracksParents } = plan;
  const readsJson = members.some(readsFromJson);
  if (members.every(({ readers }) => readers.every(({ source }) => source === "json"))) {
    return jsonBinder(objectDecoder(plan));
  }
  const readsForm = members.some(({ readers }) => readers.some(({ source }) => source === "form"));
  return (sources, run) => {
    const binding = new Binding(sources, run);
    const { json } = binding;
    let failed = readsForm && failTooManyValues(sources, run);
    if (readsJson && json === undefined) {
      mismatch(run, "object", sources.json);
      run.markSource(0, "json");
      failed = true;
    }
    if (tracksParents) run.parents?.push(json ?? EMPTY);
    const out: Record<string, unknown> = {};
    for (const member of members) {
      // A body of the wrong kind is one problem, not one for each field in it.
      if (json === undefined && readsFromJson(member) && !binding.isPresent(member)) continue;
      const result = binding.read(member, members);
      if (result === FAIL) failed = true;
      else if (result !== undefined) out[member.name] = result;
    }
    if (strict && json) {
      const mark = run.count;
      if (failUnknownKeys(jsonPart(members, plan), json, run)) failed = true;
      run.markSource(mark, "json");
    }
    return failed ? FAIL : out;
  };
}

function readsFromJson({ readers }: Member): boolean {
  return readers.some(({ source }) => source === "json");
}

function jsonPart(members: readonly Member[], plan: ReturnType<typeof planOf>) {
  return { ...plan, members: members.filter(readsFromJson) };
}

function failTooManyValues({ form }: BindSources, run: Run): boolean {
  const count = form?.size;
  if (count === undefined || count <= MAX_FORM_VALUES) return false;
  const mark = run.count;
  run.fail(
    "too_many",
    () => `too many form values: at most ${MAX_FORM_VALUES}, got ${count}`,
    { maxItems: MAX_FORM_VALUES, count },
  );
  run.markSource(mark, "form");
  return true;
}

/** The common case: everything is in the body. */
function jsonBinder(decode: ReturnType<typeof objectDecoder>): Binder {
  return (sources, run) => {
    const result = decode(sources.json === undefined ? EMPTY : sources.json, run, 0);
    if (result === FAIL) run.markSource(0, "json");
    return result;
  };
}
