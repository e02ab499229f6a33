const read = new Map<string, string>();

/**
 * An environment variable; an empty text if it is not set. Read once in the life of the process, for
 * each read costs a call into the system, so it suits switches that code asks about again and again.
 * Configuration reads variables through its schema: see `env()` of `core/schema`.
 *
 * Needs `--allow-env` for the name.
 *
 * @throws {Deno.errors.NotCapable} Without the permission.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * Deno.env.set("ZENO_EXAMPLE_REGION", "eu");
 * assertEquals(env("ZENO_EXAMPLE_REGION"), "eu");
 * assertEquals(env("ZENO_EXAMPLE_NOT_SET"), "");
 * ```
 */
export function env(name: string): string {
  let value = read.get(name);
  if (value === undefined) read.set(name, value = Deno.env.get(name) ?? "");
  return value;
}

/**
 * An environment variable that is an integer in decimal digits, with an optional sign; undefined if it
 * is not set, is no such text, or is beyond what a number holds exactly. Read once, as {@link env} is.
 *
 * @throws {Deno.errors.NotCapable} Without the permission.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * Deno.env.set("ZENO_EXAMPLE_WORKERS", "4");
 * assertEquals(envInt("ZENO_EXAMPLE_WORKERS") ?? 1, 4);
 * ```
 */
export function envInt(name: string): number | undefined {
  const text = env(name);
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : undefined; // No -0.
}
