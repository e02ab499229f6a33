/**
 * Looking for an error inside another.
 *
 * @module
 */

/**
 * Whether `error` is one of `targets`, or has one among its causes and, if it is an `AggregateError`, its
 * errors, however deep. A class among `targets` stands for all its instances.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const refused = new Deno.errors.ConnectionRefused();
 * const error = new AggregateError([new Error("Cannot ask replica", { cause: refused })]);
 * assertEquals(includesError(error, refused), true);
 * assertEquals(includesError(error, Deno.errors.ConnectionRefused), true);
 * assertEquals(includesError(error, TypeError), false);
 * ```
 */
export function includesError(error: unknown, ...targets: readonly unknown[]): boolean {
  const seen = new Set<unknown>(); // Causes may go in circles.
  const waiting = [error];
  while (waiting.length > 0) {
    const current = waiting.pop();
    if (seen.has(current)) continue;
    seen.add(current);
    if (targets.some((target) => matches(current, target))) return true;
    if (current instanceof AggregateError) waiting.push(...current.errors);
    if (current instanceof Error && current.cause !== undefined) waiting.push(current.cause);
  }
  return false;
}

function matches(error: unknown, target: unknown): boolean {
  return error === target || (isErrorClass(target) && error instanceof target);
}

function isErrorClass(target: unknown): target is typeof Error {
  if (typeof target !== "function") return false;
  return target === Error || target.prototype instanceof Error;
}
