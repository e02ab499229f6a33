/**
 * Where a function was called: last two path segments and line, `dir/file.ts:123`; empty if unknown.
 * Costs some microseconds a call, so loggers ask for it only when the config says so.
 *
 * @param callee The function whose caller is wanted; it must be on the stack.
 */
// deno-lint-ignore ban-types -- the platform's own signature, for functions of every shape
export function callerOf(callee: Function): string {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee);
  const frame = holder.stack; // Formatted when first read, so before the limit is put back.
  Error.stackTraceLimit = limit;
  const place = /([^\s(]+):(\d+):\d+\)?$/.exec(frame ?? "");
  return place ? shortCaller(place[1]!, Number(place[2])) : "";
}

/**
 * Shortens a place to its last two path segments.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(shortCaller("file:///srv/app/order/create.ts", 12), "order/create.ts:12");
 * ```
 */
export function shortCaller(file: string, line: number): string {
  return `${file.split(/[\\/]/).slice(-2).join("/")}:${line}`;
}

/** The stack of the caller of `callee`, one frame a line, without the line that names the error. */
// deno-lint-ignore ban-types -- as above
export function stackOf(callee: Function): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  const stack = holder.stack ?? "";
  return stack.slice(stack.indexOf("\n") + 1);
}
