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
 * ## Where go-zero decides otherwise
 *
 * What go-zero's binding accepts is accepted here with the same values, but for null items, text after
 * the document, nesting past 64 levels, lists past 10,000 items, and integers past 2^53 in fields that
 * are not `bigint()`. The differences:
 *
 * - All issues are found, not the first, and each message names the whole path.
 * - An absent optional property stays absent instead of reading as zero; `zero()` gives zeros.
 * - A field of several sources needs one of them. There each source must have it, and the default of a
 *   later source covers the value of an earlier one.
 * - `default(...)` fills in for null where the field is optional too; there it reads as zero.
 * - Null items of lists are issues; there they read as zero.
 * - An absent list is "not set" instead of a type mismatch. An absent map is empty, as there.
 * - Spans read text such as `5s` from every source; there only JSON and config do.
 * - A header of one line fills a list, and commas separate items outside quotes.
 * - `key` and `key[]` of a form are joined. Form lists do not split at commas, as there.
 * - `any()`, lists of fixed length and maps with integer keys work.
 * - Dependencies keep `range` and `inherit`, and find header names in any case.
 * - A wrong schema fails when it is made: a range on text, a default outside range or options.
 * - Text is valid JSON to its end; there, what follows the first value is ignored.
 * - Options compare by value: `options([1])` takes the text `01`.
 * - Messages keep go-zero's words, without the names of Go's functions and with the field's path.
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
