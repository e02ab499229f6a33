/**
 * Static files behind a prefix.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import type { Handler, Middleware } from "../handler.ts";
import { addVary, negotiateEncoding } from "../response/negotiate.ts";
import { joinPattern, segmentValue } from "../router/path.ts";
import { contentTypeOf } from "./content_type.ts";
import { fileResponse } from "./file_response.ts";
import { listing } from "./listing.ts";
import { type FileSource, type Folder, isPlainPath, type StoredFile } from "./source.ts";

/** Options for {@link serveFiles} and {@link fileHandler}. */
export interface ServeFilesOptions {
  /** Where the files are among the paths of the server. The bare prefix, without a slash, is not theirs. @default {"/"} */
  prefix?: string;
  /** The file that answers for its folder, or false for none. @default {"index.html"} */
  index?: string | false;
  /** Whether a folder without that file is listed. @default {false} */
  listing?: boolean;
  /** Whether files and folders whose names begin with a dot are there. @default {false} */
  dotFiles?: boolean;
  /** Whether `a.css.br` and `a.css.gz` are sent for `a.css` to clients that take them. @default {false} */
  precompressed?: boolean;
  /** `Cache-Control`, the same for all or by path. @default {"no-cache", which is: ask whether it has changed} */
  cacheControl?: string | ((path: string) => string | undefined);
  /** The file that answers a browser for pages that are no file, as programs in pages want it. @default {none} */
  fallback?: string;
}

/** Which ending stands for which coding; the first is preferred. */
const SIBLINGS = { br: ".br", gzip: ".gz" } as const;

/**
 * Middleware that answers GET and HEAD with files and lets everything else pass: other methods, other paths, and paths
 * where no file is. As middleware of a server it stands before the routes that are matched; to look for files only where
 * no route is, use {@link fileHandler}.
 *
 * Folders are answered by their `index.html`; a folder without a slash at its end, a file with one, and `index.html` itself
 * are redirected to what they are called rightly. No path leads out of the source, links and escapes included.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno/rest";
 * import { memoryFiles, serveFiles } from "@zeno/zeno/rest/files";
 *
 * await using server = new Server({ Name: "site", Port: 0, Log: { Level: "severe" } });
 * const assets = serveFiles(memoryFiles({ "site.css": "h1 { color: navy }" }), { prefix: "/assets" });
 * server.get("/assets/:name", () => json("no such asset"), { middleware: [assets] });
 * const response = await server.fetch(new Request("http://localhost/assets/site.css"));
 * assertEquals(await response.text(), "h1 { color: navy }");
 * ```
 */
export function serveFiles(source: FileSource, options: ServeFilesOptions = {}): Middleware {
  const files = new FileServer(source, options);
  return (next) => async (request, context) =>
    await files.answer(request, context) ?? await next(request, context);
}

/**
 * A handler that answers with files and throws {@link NotFoundError} where there is none. As a server's `notFound` it
 * serves files wherever no route is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Server } from "@zeno/zeno/rest";
 * import { fileHandler, memoryFiles } from "@zeno/zeno/rest/files";
 *
 * const site = fileHandler(memoryFiles({ "index.html": "<h1>Hello</h1>" }));
 * const config = { Name: "site", Port: 0, Log: { Level: "severe" } } as const;
 * await using server = new Server(config, { notFound: site });
 * const response = await server.fetch(new Request("http://localhost/"));
 * assertEquals(await response.text(), "<h1>Hello</h1>");
 * ```
 */
export function fileHandler(source: FileSource, options: ServeFilesOptions = {}): Handler {
  return serveFiles(source, options)((_request, context) => {
    throw new NotFoundError(context.path);
  });
}

class FileServer {
  readonly #source: FileSource;
  readonly #options: ServeFilesOptions;
  readonly #index: string | undefined;
  /** Without a slash at its end, so empty for the root. */
  readonly #prefix: string;

  constructor(source: FileSource, options: ServeFilesOptions) {
    const { prefix = "/", index = "index.html" } = options;
    this.#source = source;
    this.#options = options;
    this.#index = index === false ? undefined : index;
    this.#prefix = joinPattern(prefix, "").replace(/\/$/, "");
  }

  /** The answer, or undefined if this is not for files. */
  async answer(request: Request, context: Context): Promise<Response | undefined> {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const slash = endsWithSlash(request.url);
    const path = this.#pathOf(context.path, slash);
    if (path === undefined) return undefined;
    const node = await this.#find(path);
    const response = node?.kind === "file"
      ? await this.#answerFile(request, path, node, slash)
      : node && await this.#answerFolder(request, context, node, path, slash);
    return response ?? await this.#answerFallback(request);
  }

  /** The path below the prefix, or undefined if it is not there or could mean more than one thing. */
  #pathOf(path: string, slash: boolean): string | undefined {
    if (path === this.#prefix) return slash ? "" : undefined;
    if (!path.startsWith(this.#prefix + "/")) return undefined;
    const segments = path.slice(this.#prefix.length + 1).split("/").map(segmentValue);
    if (segments.some((segment) => segment.includes("/"))) return undefined;
    const below = segments.join("/");
    return isPlainPath(below) ? below : undefined;
  }

  async #find(path: string): Promise<StoredFile | Folder | undefined> {
    if (this.#isHidden(path)) return undefined;
    const node = await this.#source.find(path);
    // A link may lead to what is hidden.
    return node && this.#isHidden(node.path) ? undefined : node;
  }

  #isHidden(path: string): boolean {
    return !this.#options.dotFiles && path.split("/").some((segment) => segment.startsWith("."));
  }

  async #answerFile(
    request: Request,
    path: string,
    file: StoredFile,
    slash: boolean,
  ): Promise<Response> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (slash) return moved(`../${encodeURIComponent(name)}`, request.url);
    if (name === this.#index) return moved("./", request.url);
    return await this.#send(request, path, file);
  }

  async #answerFolder(
    request: Request,
    context: Context,
    folder: Folder,
    path: string,
    slash: boolean,
  ): Promise<Response | undefined> {
    if (!slash) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return moved(`${encodeURIComponent(name)}/`, request.url);
    }
    if (this.#index !== undefined) {
      const index = path === "" ? this.#index : `${path}/${this.#index}`;
      const file = await this.#find(index);
      if (file?.kind === "file") return await this.#send(request, index, file);
    }
    if (!this.#options.listing) return undefined;
    const entries = await folder.list();
    return listing(context.path, entries.filter(({ name }) => !this.#isHidden(name)));
  }

  async #answerFallback(request: Request): Promise<Response | undefined> {
    const { fallback } = this.#options;
    if (fallback === undefined || !request.headers.get("accept")?.includes("text/html")) {
      return undefined;
    }
    const file = await this.#source.find(fallback);
    return file?.kind === "file" ? await this.#send(request, fallback, file) : undefined;
  }

  async #send(request: Request, path: string, file: StoredFile): Promise<Response> {
    const { cacheControl, precompressed } = this.#options;
    const headers = new Headers();
    const options = {
      headers,
      type: contentTypeOf(path),
      cacheControl: typeof cacheControl === "function" ? cacheControl(path) : cacheControl,
    };
    if (!precompressed) return await fileResponse(request, file, options);
    addVary(headers, "Accept-Encoding");
    const encoding = negotiateEncoding(request.headers, ["br", "gzip"]);
    const sibling = encoding && await this.#find(path + SIBLINGS[encoding]);
    if (sibling?.kind !== "file") return await fileResponse(request, file, options);
    headers.set("content-encoding", encoding!);
    return await fileResponse(request, sibling, options);
  }
}

function endsWithSlash(url: string): boolean {
  return url.replace(/[?#].*$/s, "").endsWith("/");
}

/** A redirect that keeps the query. */
function moved(location: string, url: string): Response {
  const query = /\?[^#]*/.exec(url)?.[0] ?? "";
  return new Response(null, { status: 301, headers: { location: location + query } });
}
