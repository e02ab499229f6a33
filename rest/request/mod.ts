/**
 * Requests: binding, forms with files, cookies, and bodies within limits.
 *
 * `context.bind` is the short way to all of it; the rest is here for handlers that go their own.
 *
 * ## Which part of a request a schema reads
 *
 * | schema | reads |
 * |---|---|
 * | an object of `core/schema` | each field from the source it names: path, form (query and body), header, cookie, JSON |
 * | another schema of `core/schema`, such as a list | the JSON body |
 * | one of another library, by Standard Schema (zod, valibot, arktype ...) | the JSON body, or the part that `from` names |
 *
 * Whole numbers past 2^53 are never rounded: a field of `bigint()` has all digits, any other is an issue, and a foreign
 * schema is given a bigint. JSON is read up to 8 MiB and 64 levels. No key of a request reaches a prototype.
 *
 * @example An upload beside a field
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno/rest";
 * import { multipart, saveTemporary } from "@zeno/zeno/rest/request";
 *
 * await using server = new Server({ Name: "upload", Port: 0, Log: { Level: "severe" } });
 * server.post("/photos", async (_request, context) => {
 *   const photos: string[] = [];
 *   for await (const part of multipart(context)) {
 *     if (part.filename === undefined) continue;
 *     await using file = await saveTemporary(part, { maxBytes: 10_000_000 });
 *     photos.push(`${part.filename} of ${file.size} bytes`);
 *   }
 *   return json(photos);
 * }, { maxBytes: 50_000_000, timeoutMs: 60_000 });
 *
 * const body = new FormData();
 * body.append("photo", new File(["12345"], "cat.png"));
 * const request = new Request("http://localhost/photos", { method: "POST", body });
 * assertEquals(await (await server.fetch(request)).json(), ["cat.png of 5 bytes"]);
 * ```
 *
 * @module
 */

export * from "./bind.ts";
export * from "./cookie.ts";
export * from "./form.ts";
export * from "./inflate.ts";
export * from "./limit_body.ts";
export * from "./multipart.ts";
export * from "./read_body.ts";
export * from "./temporary_file.ts";
