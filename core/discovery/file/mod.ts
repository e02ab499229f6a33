/**
 * Services that a file lists, and last good lists that are kept in files.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FileRegistry } from "@zeno/zeno/core/discovery/file";
 *
 * const file = await Deno.makeTempFile({ suffix: ".json" });
 * await Deno.writeTextFile(file, `{ "greet.rpc": ["10.0.0.7:8080"] }`);
 * await using registry = new FileRegistry(file);
 * assertEquals(await registry.subscribe("greet.rpc").resolve(), ["10.0.0.7:8080"]);
 * ```
 *
 * @module
 */

export * from "./file_registry.ts";
export * from "./last_good_folder.ts";
