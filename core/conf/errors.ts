/**
 * The error of configuration that cannot be used.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";
import type { Issue } from "../schema/errors.ts";

/** Options for {@link ConfigError}. */
export interface ConfigErrorOptions extends ErrorOptions {
  /** The file, as the caller named it. */
  file?: string | undefined;
  /** Every problem of the values; empty when the file itself is the problem. */
  issues?: readonly Issue[] | undefined;
}

/**
 * Thrown when configuration is missing, unreadable or wrong. The message holds one line a problem,
 * `etc/x.yaml: Port: is not set`, so it can be printed as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new ConfigError("etc/a.yaml: Port: is not set", { file: "etc/a.yaml" });
 * assertEquals([error.code, error.file], ["invalid_argument", "etc/a.yaml"]);
 * ```
 */
export class ConfigError extends ServiceError {
  /** The file, as the caller named it; undefined when the configuration came as text. */
  readonly file: string | undefined;
  /** Every problem of the values. */
  readonly issues: readonly Issue[];

  /** Makes an error. `message` names file and place. */
  constructor(message: string, options: ConfigErrorOptions = {}) {
    super("invalid_argument", message, options);
    this.name = "ConfigError";
    this.file = options.file;
    this.issues = options.issues ?? [];
  }
}
