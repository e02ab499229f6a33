/**
 * The names that generated code takes from handlers and groups.
 *
 * @module
 */

import { segmentsOf } from "./path.ts";

/**
 * The base of a handler name: the name without one `handler`, then one `Handler`, at its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(handlerBase("getUserHandler"), "getUser");
 * ```
 */
export function handlerBase(name: string): string {
  const base = name.replace(/handler$/, "").replace(/Handler$/, "");
  return base === "" ? name : base;
}

/** A group as a folder: `/user/admin/` is `user/admin`. */
export function groupFolder(group: string): string {
  return segmentsOf(group).join("/");
}
