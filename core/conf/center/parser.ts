/**
 * What a configuration centre makes of a text.
 *
 * @module
 */

import type { ObjectSchema } from "../../schema/object.ts";
import { ConfigError } from "../errors.ts";
import { parseConfigAs, type ParseConfigOptions } from "../parse.ts";

/** Makes a value of a text; `name` says where the text is from. Throws if it cannot. */
export type ParseText<T> = (text: string, name: string) => T;

/** Options for {@link textParser}. */
export interface TextParserOptions
  extends Pick<ParseConfigOptions, "env" | "formats" | "onWarning"> {
  /** The format of the text: `yaml`, `json`, `toml` in any case, or one of `formats`. @default {"yaml"} */
  readonly type?: string | undefined;
}

/**
 * A parser of texts that a schema describes: formats, defaults and checks are those of configuration files.
 *
 * @throws {ConfigError} If there is no such format.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object } from "@zeno/zeno/core/schema";
 * const parse = textParser(object({ Port: int().default(8080) }), { type: "json" });
 * assertEquals(parse("{}", "example"), { Port: 8080 });
 * ```
 */
export function textParser<T>(
  schema: ObjectSchema<T>,
  options: TextParserOptions = {},
): ParseText<T> {
  const { type = "yaml", formats = {} } = options;
  const format = type.toLowerCase();
  const known = ["yaml", "json", "toml", ...Object.keys(formats)];
  if (!known.includes(format)) {
    throw new ConfigError(
      `Cannot follow configuration: unknown format: ${type}, use ${known.join(", ")}`,
    );
  }
  return (text, name) => parseConfigAs(schema, text, format, { ...options, file: name });
}
