/**
 * Schemas: one description of a value that reads requests and configuration, gives TypeScript its
 * type, and feeds document generators.
 *
 * A field may come from the path, the query or form, a header, a cookie or the JSON body. All
 * problems are found at once, each with its place and a code. Schemas speak Standard Schema v1 in
 * both directions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type Infer, int, object, string } from "@zeno/zeno/core/schema";
 *
 * const createUser = object({
 *   team: string().in("path"),
 *   name: string(),
 *   role: string().options(["admin", "member"]).default("member"),
 *   age: int().range("[0:150]").optional(),
 * });
 * type CreateUser = Infer<typeof createUser>;
 *
 * const request: CreateUser = createUser.bind({ path: { team: "core" }, json: { name: "Ada" } });
 * assertEquals(request, { team: "core", name: "Ada", role: "member" });
 * ```
 *
 * @module
 */

export * from "./builders.ts";
export * from "./definition.ts";
export * from "./duration.ts";
export * from "./errors.ts";
export * from "./exact_number.ts";
export * from "./field.ts";
export * from "./fields.ts";
export * from "./json.ts";
export * from "./object.ts";
export * from "./range.ts";
export * from "./standard.ts";
export * from "./tag.ts";
export * from "./timestamp.ts";
export type { BindSources } from "./_request_source.ts";
export type { FillOptions } from "./_fill_defaults.ts";
export type { Parts } from "./_to_parts.ts";
