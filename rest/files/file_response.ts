/**
 * Answers that are files.
 *
 * @module
 */

import { contentTypeOf } from "./content_type.ts";
import { rangeStillHolds, weighPreconditions } from "./preconditions.ts";
import { parseRange } from "./range.ts";
import type { StoredFile } from "./source.ts";

/** Options for {@link fileResponse}. */
export interface FileResponseOptions {
  /** The media type. @default {by the end of the file's name} */
  type?: string;
  /** `Cache-Control`. @default {"no-cache", which is: ask whether it has changed} */
  cacheControl?: string;
  /** Has a browser save the file under this name instead of showing it. */
  downloadAs?: string;
  /** Headers besides. */
  headers?: HeadersInit;
}

/**
 * Answers a GET or HEAD with a file: 200, 206 for a range, 304 and 412 by the conditions of the request, 416 for a range
 * outside of the file. Of several ranges at once none is answered, but the whole.
 *
 * @example A download behind a check of your own
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fileResponse, memoryFiles } from "@zeno/zeno/rest/files";
 *
 * const reports = memoryFiles({ "2024.csv": "a,b\n1,2\n" });
 * const file = await reports.find("2024.csv");
 * if (file?.kind !== "file") throw new Error("no such report");
 * const request = new Request("http://localhost/", { headers: { range: "bytes=0-2" } });
 * const response = await fileResponse(request, file, { downloadAs: "report.csv" });
 * assertEquals([response.status, await response.text()], [206, "a,b"]);
 * ```
 */
export async function fileResponse(
  request: Request,
  file: StoredFile,
  options: FileResponseOptions = {},
): Promise<Response> {
  const headers = headersOf(file, options);
  switch (weighPreconditions(request.headers, file)) {
    case "failed":
      return new Response(null, { status: 412 });
    case "not_modified":
      headers.delete("content-type");
      return new Response(null, { status: 304, headers });
    case "proceed":
      return await content(request, file, headers);
  }
}

function headersOf(file: StoredFile, options: FileResponseOptions): Headers {
  const headers = new Headers(options.headers);
  headers.set("etag", file.etag);
  headers.set("cache-control", options.cacheControl ?? "no-cache");
  headers.set("content-type", options.type ?? contentTypeOf(file.path));
  // A browser that guesses may run what was meant to be read.
  headers.set("x-content-type-options", "nosniff");
  headers.set("accept-ranges", "bytes");
  const { modifiedMs } = file;
  if (modifiedMs !== undefined) {
    headers.set("last-modified", new Date(modifiedMs).toUTCString());
  }
  if (options.downloadAs !== undefined) {
    headers.set("content-disposition", attachment(options.downloadAs));
  }
  return headers;
}

async function content(request: Request, file: StoredFile, headers: Headers): Promise<Response> {
  const { size } = file;
  if (request.method === "HEAD") {
    headers.set("content-length", String(size));
    return new Response(null, { headers });
  }
  const asked = rangeStillHolds(request.headers, file)
    ? parseRange(request.headers.get("range"), size)
    : undefined;
  if (asked === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
  }
  const { start, end } = asked ?? { start: 0, end: size };
  const body = await file.open(start, end);
  headers.set("content-length", String(end - start));
  if (!asked) return new Response(body, { headers });
  headers.set("content-range", `bytes ${start}-${end - 1}/${size}`);
  return new Response(body, { status: 206, headers });
}

/**
 * A `Content-Disposition` that names a file in any script.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6266
 */
function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed())
    .replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
