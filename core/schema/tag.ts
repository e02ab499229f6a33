/**
 * The tag language of go-zero's `.api` files: `age,optional,range=[0:150]`.
 *
 * Differences: an unknown word is ignored only when it is not a near miss of a known one by prefix
 * (`optionalfoo` is unknown here, `optional` there), and a wrong tag fails when the schema is made.
 *
 * @module
 */

import { compile } from "./_compile.ts";
import type { Definition } from "./definition.ts";
import type { Source } from "./errors.ts";
import { Field } from "./field.ts";
import { readJson } from "./_read_json.ts";
import { JsonProblem } from "./json_reader.ts";
import { FAIL, Run } from "./_run.ts";

/** A tag, taken apart. Values are text still. */
export interface Tag {
  /** The wire name; empty when the tag names none. */
  readonly key: string;
  /** Whether the field is left out: the key is `-`. */
  readonly ignored: boolean;
  /** May be absent. */
  readonly optional: boolean;
  /** `optional=dep` and `optional=!dep`. */
  readonly dependency?: { readonly on: string; readonly kind: "with" | "without" };
  /** Taken from an enclosing object when absent. */
  readonly inherit: boolean;
  /** Written as text. */
  readonly string: boolean;
  /** The default as text. */
  readonly default?: string;
  /** The allowed values as text. */
  readonly options?: readonly string[];
  /** Numeric bounds. */
  readonly range?: string;
  /** The environment variable that wins. */
  readonly env?: string;
  /** An example, for documents. */
  readonly example?: string;
}

/**
 * Splits a tag at its commas. Brackets and parentheses hold commas; outside them a backslash makes
 * the next character literal. Pieces are trimmed; an empty last piece is dropped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(splitTag("n, options=[a,b]"), ["n", "options=[a,b]"]);
 * ```
 */
export function splitTag(text: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let grouped = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!;
    if (char === "," && !grouped) {
      pieces.push(piece.trim());
      piece = "";
      continue;
    }
    if (char === "\\" && !grouped && index + 1 < text.length) {
      piece += text[++index];
      continue;
    }
    if (char === "(" || char === "[") grouped = true;
    else if (char === ")" || char === "]") grouped = false;
    piece += char;
  }
  if (piece.trim() !== "") pieces.push(piece.trim());
  return pieces;
}

/** The text behind the one `=` of `word`. */
function valueOf(word: string, tag: string): string {
  const parts = word.split("=");
  if (parts.length === 2) return parts[1]!.trim();
  throw new SyntaxError(`Cannot parse tag "${tag}": wrong tag value "${parts[0]!.trim()}"`);
}

function readOptions(value: string): string[] {
  const bracketed = value.startsWith("[") && value.endsWith("]");
  if (!bracketed) return value.split("|");
  return splitTag(value.slice(1, -1));
}

function readDependency(word: string, tag: string): Tag["dependency"] {
  const parts = word.split("=");
  if (parts.length !== 2) throw new SyntaxError(`Cannot parse tag "${tag}": wrong optional`);
  const name = parts[1]!.trim();
  const on = name.startsWith("!") ? name.slice(1) : name;
  if (on === "") throw new SyntaxError(`Cannot parse tag "${tag}": wrong optional value`);
  return { on, kind: name.startsWith("!") ? "without" : "with" };
}

/**
 * Reads a tag: the wire name, then options. Words it does not know (`omitempty`) are ignored.
 *
 * @throws {SyntaxError} If an option lacks its value or has two.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const tag = parseTag("age,optional,range=[0:150]");
 * assertEquals([tag.key, tag.optional, tag.range], ["age", true, "[0:150]"]);
 * ```
 */
export function parseTag(text: string): Tag {
  const [key = "", ...words] = splitTag(text);
  const tag: { -readonly [K in keyof Tag]: Tag[K] } = {
    key,
    ignored: key === "-",
    optional: false,
    inherit: false,
    string: false,
  };
  for (const word of words) {
    const name = word.split("=", 1)[0]!.trim();
    if (word === "inherit") tag.inherit = true;
    else if (word === "string") tag.string = true;
    else if (word === "optional") tag.optional = true;
    else if (name === "optional") tag.dependency = readDependency(word, text);
    else if (name === "example") tag.example = word.slice(word.indexOf("=") + 1).trim();
    else if (name === "range" || name === "env") tag[name] = valueOf(word, text);
    else if (name === "default") {
      const value = valueOf(word, text);
      if (value !== "") tag.default = value; // `default=` means none.
    } else if (name === "options") {
      const value = valueOf(word, text);
      if (value !== "") tag.options = readOptions(value); // `options=` restricts nothing.
    }
  }
  return tag;
}

/** The value of a tag's text for a kind, or a SyntaxError. */
function convert(definition: Definition, text: string, what: string): unknown {
  const run = new Run();
  const { range: _range, options: _options, checks: _checks, ...bare } = definition;
  const result = compile(bare, "text")(text, run, 0);
  if (result !== FAIL) return result;
  throw new SyntaxError(`Cannot read ${what} of tag: ${run.issues()[0]!.message}`);
}

function convertDefault(definition: Definition, text: string): unknown {
  if (definition.kind !== "array") return convert(definition, text, "default");
  const inner = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (definition.item?.kind === "string") return splitTag(inner);
  const list = readJson(text);
  if (list instanceof JsonProblem) {
    throw new SyntaxError(`Cannot read default of tag: ${list.message}`);
  }
  return convert(definition, text, "default");
}

function applyTag(definition: Definition, tag: Tag): Definition {
  return {
    ...definition,
    ...(tag.ignored ? { ignored: true } : {}),
    ...(tag.optional ? { optional: true } : {}),
    ...(tag.dependency ? { dependency: tag.dependency } : {}),
    ...(tag.inherit ? { inherit: true } : {}),
    ...(tag.string && definition.kind !== "string" ? { asString: true } : {}),
    ...(tag.default === undefined ? {} : { default: convertDefault(definition, tag.default) }),
    ...(tag.options
      ? { options: tag.options.map((text) => convert(definition, text, "options")) }
      : {}),
    ...(tag.range === undefined ? {} : { range: tag.range }),
    ...(tag.env === undefined ? {} : { env: tag.env }),
    ...(tag.example === undefined ? {} : { example: tag.example }),
  };
}

/**
 * A field described by a tag.
 *
 * @param base The kind, such as `int()`; what the tag says is added.
 * @param tag The text between the quotes of the tag.
 * @param source The part of the request the tag speaks of. @default {"json"}
 * @throws {SyntaxError} If the tag, its default or one of its options does not parse.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object } from "@zeno/zeno/core/schema";
 * const page = object({ size: fieldFromTag(int(), "page_size,default=20,range=[1:100]", "form") });
 * assertEquals(page.bind({ form: new URLSearchParams("page_size=5") }), { size: 5 });
 * ```
 */
export function fieldFromTag<T>(
  base: Field<T, boolean>,
  tag: string,
  source: Source = "json",
): Field<T, boolean> {
  const parsed = parseTag(tag);
  const field = new Field<T, boolean>(applyTag(base.definition, parsed));
  return field.in(source, parsed.key === "" || parsed.ignored ? undefined : parsed.key);
}
