/**
 * Saying where an error happened.
 *
 * @module
 */

/**
 * An error whose message is `message` before that of `error`, and whose cause is `error`. Nothing, that is
 * `null` or `undefined`, stays nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(wrapError(new Error("bar"), "foo").message, "foo: bar");
 * assertEquals(wrapError(undefined, "foo"), undefined);
 * ```
 */
export function wrapError<E>(error: E, message: string): E extends null | undefined ? E : Error;
export function wrapError(error: unknown, message: string): unknown {
  if (error === null || error === undefined) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new Error(`${message}: ${text}`, { cause: error });
}
