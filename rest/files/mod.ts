/**
 * Files over HTTP: whole, in ranges, or not at all if the client has them already.
 *
 * @example A directory wherever no route is
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { directory, fileHandler } from "@zeno/zeno/rest/files";
 *
 * const site = fileHandler(directory("./public"), {
 *   precompressed: true,
 *   cacheControl: (path) => path.startsWith("assets/") ? "public, max-age=31536000, immutable" : undefined,
 * });
 * await using server = new Server({ Name: "site", Port: 0, Log: { Level: "severe" } }, {
 *   notFound: site,
 * });
 * ```
 *
 * ## Where go-zero decides otherwise
 *
 * HEAD is answered, folders are not listed unless asked to, files that begin with a dot are not there, and each request
 * looks for the file anew: one that was added later is found, one that was deleted is gone.
 *
 * @module
 */

export * from "./content_type.ts";
export * from "./directory.ts";
export * from "./file_response.ts";
export * from "./memory.ts";
export * from "./preconditions.ts";
export * from "./range.ts";
export * from "./serve_files.ts";
export * from "./source.ts";
