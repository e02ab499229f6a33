/**
 * Configuration from files.
 *
 * @module
 */

// Not @std/path: loading it takes as long as starting the runtime does.
import { fileURLToPath } from "node:url";
import type { ObjectSchema } from "../schema/object.ts";
import { ConfigError } from "./errors.ts";
import { formatOfExtension } from "./_formats.ts";
import { parseConfigAs, type ParseConfigOptions } from "./parse.ts";

/** Options for {@link loadConfig}. */
export type LoadConfigOptions = Omit<ParseConfigOptions, "file">;

function extensionOf(file: string): string {
  const dot = file.lastIndexOf(".");
  return dot < 0 || /[/\\]/.test(file.slice(dot)) ? "" : file.slice(dot + 1).toLowerCase();
}

function formatOf(file: string, formats: LoadConfigOptions["formats"]): string {
  const extension = extensionOf(file);
  if (formats && Object.hasOwn(formats, extension)) return extension;
  const format = formatOfExtension(extension);
  if (format) return format;
  const remedy = extension === ""
    ? "use .json, .toml, .yaml or .yml"
    : `use .json, .toml, .yaml or .yml, or pass a parser as options.formats.${extension}`;
  throw new ConfigError(`Cannot load config "${file}": unrecognized file type, ${remedy}`, {
    file,
  });
}

/** Why a file could not be read, and what to do. */
function readProblem(file: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file, create it or pass another path";
  if (error instanceof Deno.errors.NotCapable) return `not allowed, run with --allow-read=${file}`;
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied, make the file readable for this user";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder, pass the path of a file";
  return `${error instanceof Error ? error.message : String(error)}, check the path`;
}

/** Reads a text file. Throws a {@link ConfigError} with one line that says what to do. */
export async function readConfigFile(path: string | URL): Promise<{ file: string; text: string }> {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  try {
    return { file, text: await Deno.readTextFile(path) };
  } catch (cause) {
    throw new ConfigError(`Cannot load config "${file}": ${readProblem(file, cause)}`, {
      file,
      cause,
    });
  }
}

/**
 * Loads configuration from a file. The extension names the format: `.yaml`, `.yml`, `.json`,
 * `.toml`, or one of `options.formats`. All else is as in {@link parseConfig}.
 *
 * Needs read permission for the file, and permission only for the variables that the file or the
 * schema names.
 *
 * @returns The configuration, deeply frozen.
 * @throws {ConfigError} If the file cannot be read, or with every problem in it.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 *
 * const file = await Deno.makeTempFile({ suffix: ".yaml" });
 * await Deno.writeTextFile(file, "Name: greet\nPort: ${PORT:-8888}\n");
 * const schema = object({ Name: string(), Port: int().range("[1:65535]") });
 * assertEquals(await loadConfig(schema, file, { env: {} }), { Name: "greet", Port: 8888 });
 * await Deno.remove(file);
 * ```
 */
export async function loadConfig<T>(
  schema: ObjectSchema<T>,
  path: string | URL,
  options: LoadConfigOptions = {},
): Promise<T> {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  const format = formatOf(name, options.formats);
  const { file, text } = await readConfigFile(path);
  return parseConfigAs(schema, text, format, { ...options, file });
}
