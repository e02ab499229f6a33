/**
 * Configuration from YAML, JSON and TOML, checked against a schema.
 *
 * Files written for go-zero read as they are. Where Zeno differs:
 *
 * - every problem is reported, not the first, with file and key path, and the line where the format
 *   has exact ones (JSON; the place of syntax errors in all formats);
 * - null is absent, not empty text, so a section with nothing in it is not there;
 * - YAML follows the core schema of version 1.2: `no` and `on` are text. Merge keys work. Integers are
 *   read as `@std/yaml` does, so `0777` is octal as in go-zero; beyond 2^53 they are an error, quote
 *   them for fields read `asString()`;
 * - one key written twice, in whatever case, is an error;
 * - `${NAME:-text}` gives a default where references are expanded;
 * - environment variables are read anew each time, not once per process;
 * - conditions of inner sections run too, innermost first;
 * - the result is deeply frozen, and keys that nothing reads are warned of.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { ConfigError, parseConfig } from "@zeno/zeno/core/conf";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 *
 * const schema = object({ Name: string(), Port: int().range("[1:65535]") });
 * assertThrows(
 *   () => parseConfig(schema, "Port: 0", "yaml", { file: "etc/greet.yaml" }),
 *   ConfigError,
 *   "etc/greet.yaml: Name: is not set\netc/greet.yaml: Port: wrong number range setting",
 * );
 * ```
 *
 * @module
 */

export * from "./config_file.ts";
export * from "./errors.ts";
export * from "./expand_env.ts";
export { loadConfig, type LoadConfigOptions } from "./load.ts";
export { type ConfigFormat, parseConfig, type ParseConfigOptions } from "./parse.ts";
export * from "./properties.ts";
