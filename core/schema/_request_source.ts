/**
 * The parts of a request, and how one value is looked up in them.
 *
 * @module
 */

import type { Definition } from "./definition.ts";
import type { Source } from "./errors.ts";

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
export function readSource(
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
