/**
 * The built-in formats of configuration.
 *
 * @module
 */

import { parse as parseTomlText } from "@std/toml/parse";
import { parse as parseYamlText } from "@std/yaml/parse";
import { JsonProblem, JsonReader } from "../schema/json_reader.ts";
import { FormatProblem, type ParsedText, TreeCopier } from "./_tree.ts";

/** A format that `parseConfig` knows. */
export type ConfigFormat = "yaml" | "json" | "toml";

/** The line a parser's message names, and its first sentence: what follows quotes the text. */
function problemOf(error: unknown, what: string): FormatProblem {
  if (error instanceof FormatProblem) return error;
  if (error instanceof RangeError) return new FormatProblem(`${what} is nested too deeply`);
  const text = error instanceof Error ? error.message : String(error);
  const line = /\bline (\d+)/.exec(text)?.[1];
  const sentence = text.split("\n", 1)[0]!.replace(/(\bcolumn \d+):.*$/, "$1");
  return new FormatProblem(`not valid ${what}: ${sentence}`, line ? Number(line) : undefined);
}

/** Puts the members of `<<` in, as YAML 1.1 merge keys do; own members win. */
function mergeKeys(value: Record<string, unknown>): Record<string, unknown> {
  if (!Object.hasOwn(value, "<<")) return value;
  const { "<<": merged, ...own } = value;
  const bases = Array.isArray(merged) ? merged : [merged];
  const out: Record<string, unknown> = Object.create(null);
  // Earlier bases win over later ones.
  for (const base of bases.toReversed()) {
    if (typeof base === "object" && base !== null) {
      Object.assign(out, mergeKeys(base as Record<string, unknown>));
    }
  }
  return Object.assign(out, own);
}

function parseYaml(text: string): ParsedText {
  try {
    // The core schema: `no`, `on` and dates are text. Duplicate keys are errors.
    const tree = parseYamlText(text, { schema: "core" });
    return { tree: new TreeCopier({ object: mergeKeys }).copy(tree) };
  } catch (error) {
    throw problemOf(error, "YAML");
  }
}

function parseToml(text: string): ParsedText {
  try {
    const leaf = (value: unknown) =>
      value instanceof Date ? value.toISOString().replace(".000Z", "Z") : value;
    return { tree: new TreeCopier({ leaf }).copy(parseTomlText(text)) };
  } catch (error) {
    throw problemOf(error, "TOML");
  }
}

function parseStrictJson(text: string): ParsedText {
  const lines = new Map<string, number>();
  try {
    const tree = new JsonReader(text, { maxDepth: 64, uniqueKeys: true, lines }).read();
    return { tree, lines: new Map([...lines].map(([key, line]) => [key.toLowerCase(), line])) };
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    throw new FormatProblem(`not valid JSON: ${error.message}`, error.line);
  }
}

const PARSERS: Readonly<Record<ConfigFormat, (text: string) => ParsedText>> = {
  yaml: parseYaml,
  json: parseStrictJson,
  toml: parseToml,
};

const BY_EXTENSION: ReadonlyMap<string, ConfigFormat> = new Map([
  ["yaml", "yaml"],
  ["yml", "yaml"],
  ["json", "json"],
  ["toml", "toml"],
]);

/** The built-in format of a file's extension, without dot and in lower case. */
export function formatOfExtension(extension: string): ConfigFormat | undefined {
  return BY_EXTENSION.get(extension);
}

/** Parses text of a built-in format. Throws a {@link FormatProblem}. */
export function parseFormat(format: ConfigFormat, text: string): ParsedText {
  // Editors on Windows still write the mark.
  return PARSERS[format](text.startsWith("\ufeff") ? text.slice(1) : text);
}

/** Parses text with a parser of the caller's. Throws a {@link FormatProblem}. */
export function parseWith(parser: (text: string) => unknown, text: string): ParsedText {
  try {
    return { tree: new TreeCopier({}).copy(parser(text)) };
  } catch (error) {
    throw problemOf(error, "configuration");
  }
}
