/**
 * Decoding of a request: fields from several sources into one object.
 *
 * @module
 */

import { planOf } from "./_compile.ts";
import { isRecord } from "./_container.ts";
import type { Definition } from "./definition.ts";
import { hasKey, type Member, rawValue, type Reader } from "./_member.ts";
import { failUnknownKeys, objectDecoder } from "./_object.ts";
import { type BindSources, readSource } from "./_request_source.ts";
import { FAIL, mismatch, type Run } from "./_run.ts";
import { readSpecial } from "./_surroundings.ts";

/** The most form values of a request, as in go-zero. */
const MAX_FORM_VALUES = 2048;

/** Decodes one request. Answers FAIL when `run` holds issues. */
export type Binder = (sources: BindSources, run: Run) => unknown;

const EMPTY: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

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
