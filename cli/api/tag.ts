/**
 * Field tags: `json:"age,optional,range=[0:150]" form:"age"`. Everything that needs a tag reads it
 * with this parser.
 *
 * @module
 */

import type { Tag, TagOption } from "./spec.ts";

/** The tag keys that name a source of a request, or the JSON of a response. */
export const SOURCE_KEYS: ReadonlySet<string> = new Set([
  "path",
  "form",
  "header",
  "json",
  "cookie",
]);

/** A tag, or why it is none. */
export type TagResult =
  | {
    /** It is well formed. */
    ok: true;
    /** The parts in source order. */
    tags: Tag[];
  }
  | {
    /** It is malformed. */
    ok: false;
    /** What is wrong. */
    message: string;
  };

const PART = /([^\s"`:]+):"((?:[^"\\\n]|\\.)*)"/y;

/**
 * Parses the text between the backticks of a tag.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const result = parseTag(`json:"age,optional,range=[0:150]"`);
 * assertEquals(result.ok && result.tags[0]?.options, [
 *   { key: "optional" },
 *   { key: "range", value: "[0:150]" },
 * ]);
 * ```
 */
export function parseTag(text: string): TagResult {
  const tags: Tag[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (match === null) {
      return { ok: false, message: `expected key:"value", found ${shown(text, at)}` };
    }
    const [whole, key = "", quoted = ""] = match;
    if (tags.some((tag) => tag.key === key)) {
      return { ok: false, message: `the key "${key}" stands there twice` };
    }
    const raw = quoted.replace(/\\(.)/g, "$1");
    if (!SOURCE_KEYS.has(key)) {
      tags.push({ key, name: nameOf(raw), options: [], raw });
    } else {
      const parts = splitOptions(raw);
      if (parts === undefined) {
        return { ok: false, message: `a bracket in "${raw}" has no partner` };
      }
      const [name = "", ...options] = parts;
      tags.push({
        key,
        name,
        options: options.filter((part) => part !== "").map(parseOption),
        raw,
      });
    }
    at = skipSpace(text, at + whole.length);
  }
  return { ok: true, tags };
}

function nameOf(raw: string): string {
  const comma = raw.indexOf(",");
  return (comma < 0 ? raw : raw.slice(0, comma)).trim();
}

function shown(text: string, at: number): string {
  return JSON.stringify(text.slice(at, at + 20));
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at).trim() === "") at++;
  return at;
}

/**
 * Splits at the commas outside of brackets; undefined when a bracket is not closed. Any opening
 * bracket may be closed by any closing one, as a half-open range does.
 */
export function splitOptions(text: string): string[] | undefined {
  if (!/[[\]()]/.test(text)) return text.split(",").map((part) => part.trim());
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "[" || char === "(") depth++;
    if (char === "]" || char === ")") depth--;
    if (depth < 0) return undefined;
    if (char !== "," || depth > 0) continue;
    parts.push(text.slice(from, at).trim());
    from = at + 1;
  }
  if (depth !== 0) return undefined;
  parts.push(text.slice(from).trim());
  return parts;
}

function parseOption(text: string): TagOption {
  const equals = text.indexOf("=");
  if (equals < 0) return { key: text };
  const key = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  return { key, value: key === "options" ? parseOptionList(value).join("|") : value };
}

/** The choices of `a|b|c` or `[a,b,c]`. */
export function parseOptionList(value: string): string[] {
  const inBrackets = value.startsWith("[") && value.endsWith("]");
  const items = inBrackets ? value.slice(1, -1).split(",") : value.split("|");
  return items.map((item) => item.trim());
}
