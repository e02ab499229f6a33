/**
 * Configuration from text.
 *
 * @module
 */

import type { Issue } from "../schema/errors.ts";
import type { ObjectSchema } from "../schema/object.ts";
import { ConfigError } from "./errors.ts";
import { type EnvLookup, expandEnv } from "./expand_env.ts";
import { deepFreeze } from "./_deep_freeze.ts";
import { type ConfigFormat, parseFormat, parseWith } from "./_formats.ts";
import { FormatProblem, type ParsedText } from "./_tree.ts";

export type { ConfigFormat } from "./_formats.ts";

/** Options for {@link parseConfig}. */
export interface ParseConfigOptions {
  /**
   * Whether `${NAME}` in the text stands for environment variables, or the variables to use. Fields
   * declared with `env(...)` read variables either way. @default {false}
   */
  env?: boolean | Readonly<Record<string, string>> | undefined;
  /** Receives one line for each key that nothing reads. @default {console.warn} */
  onWarning?: ((message: string) => void) | undefined;
  /** Further formats by file extension, without dot: `{ json5: JSON5.parse }`. */
  formats?: Readonly<Record<string, (text: string) => unknown>> | undefined;
  /** The file the text is from, for messages. */
  file?: string | undefined;
}

/** The variables the caller allows. */
function lookupOf(env: ParseConfigOptions["env"]): EnvLookup {
  if (typeof env === "object") {
    return (name) => Object.hasOwn(env, name) ? env[name] : undefined;
  }
  return (name) => {
    try {
      return Deno.env.get(name);
    } catch (cause) {
      throw new ConfigError(
        `Cannot read environment variable "${name}": not allowed, run with --allow-env=${name}`,
        { cause },
      );
    }
  };
}

/** `etc/x.yaml:3: ` or `etc/x.yaml: ` or nothing. */
function placeOf(file: string | undefined, line: number | undefined): string {
  const where = [file, line].filter((part) => part !== undefined).join(":");
  if (where === "") return "";
  return file === undefined ? `line ${where}: ` : `${where}: `;
}

/** The message without the field's name, which the line has already. */
function withoutName({ path, message }: Issue): string {
  const name = `field "${path}"`;
  return message.startsWith(name) ? message.slice(name.length).replace(/^:? /, "") : message;
}

/** The line of the key, or of the nearest one around it. */
function lineOf(path: string, lines: ReadonlyMap<string, number> | undefined): number | undefined {
  let place = path.toLowerCase();
  while (lines && place !== "") {
    const line = lines.get(place);
    if (line !== undefined) return line;
    place = place.slice(0, Math.max(place.lastIndexOf("."), place.lastIndexOf("["), 0));
  }
  return undefined;
}

function configError(
  issues: readonly Issue[],
  lines: ReadonlyMap<string, number> | undefined,
  file: string | undefined,
): ConfigError {
  const messages = issues.map((issue) => {
    const place = placeOf(file, lineOf(issue.path, lines));
    return issue.path === ""
      ? `${place}${issue.message}`
      : `${place}${issue.path}: ${withoutName(issue)}`;
  });
  return new ConfigError(messages.join("\n"), { file, issues });
}

function parseText(
  text: string,
  format: ConfigFormat | string,
  options: ParseConfigOptions,
): ParsedText {
  const { file, formats = {} } = options;
  const parser = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (!parser && format !== "yaml" && format !== "json" && format !== "toml") {
    throw new ConfigError(
      `Cannot parse config: unknown format "${format}", use yaml, json or toml, or pass a parser ` +
        `as options.formats.${format}`,
      { file },
    );
  }
  try {
    return parser ? parseWith(parser, text) : parseFormat(format as ConfigFormat, text);
  } catch (cause) {
    if (!(cause instanceof FormatProblem)) throw cause;
    const issue: Issue = { path: "", code: "json", message: cause.message };
    throw new ConfigError(`${placeOf(file, cause.line)}${cause.message}`, {
      file,
      issues: [issue],
      cause,
    });
  }
}

/**
 * Reads configuration from text: parse, match keys whatever their case, fill defaults, check.
 *
 * Precedence: variable of a field's `env(...)` > text, after `${NAME}` was expanded > value of an
 * enclosing object for fields that inherit > default. Null reads as absent, so an empty section of a
 * YAML file is one that is not there. Conditions added with `check(...)` run from the inside out.
 *
 * @returns The configuration, deeply frozen.
 * @throws {ConfigError} With every problem, one line each.
 * @throws {TypeError} If two fields of the schema differ only in case.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 *
 * const schema = object({ Name: string(), Port: int().default(8080) });
 * assertEquals(parseConfig(schema, "name: greet", "yaml"), { Name: "greet", Port: 8080 });
 * ```
 */
export function parseConfig<T>(
  schema: ObjectSchema<T>,
  text: string,
  format: ConfigFormat,
  options: ParseConfigOptions = {},
): T {
  return parseConfigAs(schema, text, format, options);
}

/** As {@link parseConfig}, for formats of the caller's too. */
export function parseConfigAs<T>(
  schema: ObjectSchema<T>,
  text: string,
  format: string,
  options: ParseConfigOptions,
): T {
  const { env, file, onWarning = console.warn } = options;
  const lookup = lookupOf(env);
  const expanded = env ? expandEnv(text, lookup) : text;
  const { tree, lines } = parseText(expanded, format, options);
  const result = schema.safeParse(tree ?? {}, {
    ignoreCase: true,
    nullAsAbsent: true,
    env: lookup,
    onUnknownKey(path, suggestion) {
      const remedy = suggestion === undefined ? "remove it" : `did you mean "${suggestion}"?`;
      onWarning(`${placeOf(file, lineOf(path, lines))}${path}: unknown key, ${remedy}`);
    },
  });
  if (!result.ok) throw configError(result.issues, lines, file);
  return deepFreeze(result.value);
}
