/**
 * Configuration from YAML, JSON and TOML, checked against a schema.
 *
 * Files written for go-zero read as they are. Where Zeno differs: every problem is reported, not the
 * first; null is absent, not empty text; YAML is of version 1.2, so `no` and `on` are text; one key
 * written twice is an error; `${NAME:-text}` works; conditions of inner sections run too; the result
 * is frozen; unknown keys warn.
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

export * from "./errors.ts";
export * from "./expand_env.ts";
export { loadConfig, type LoadConfigOptions } from "./load.ts";
export { type ConfigFormat, parseConfig, type ParseConfigOptions } from "./parse.ts";
export * from "./properties.ts";
