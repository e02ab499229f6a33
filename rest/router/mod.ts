/**
 * Canonical paths and the router that matches them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { canonicalPath, RadixRouter } from "@zeno/zeno/rest/router";
 *
 * const router = new RadixRouter<string>();
 * router.add("GET", "/users/:id", "one user");
 * assertEquals(router.match("GET", canonicalPath("http://host/users/7?x=1")!)?.params.id, "7");
 * ```
 *
 * @module
 */

export * from "./path.ts";
export * from "./radix_router.ts";
export * from "./router.ts";
