/**
 * Request bodies that come compressed.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { inflate, type InflateLimits } from "../request/inflate.ts";
import { problem } from "../response/problem.ts";

/** Options for {@link gunzip}. */
export interface GunzipOptions {
  /** Largest inflated body in bytes; 0 is unlimited. @default {8388608} */
  maxBytes?: number;
  /**
   * Largest ratio of inflated to compressed bytes. It is looked at once 1 MiB has come out, for a short text may well
   * shrink to a thousandth. The format's own limit is 1032. @default {200}
   */
  maxRatio?: number;
}

const FORMATS: Readonly<Record<string, CompressionFormat>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
};

/**
 * Inflates request bodies in gzip and deflate, so that handlers never see them compressed: the headers
 * `content-encoding` and `content-length` are taken off, since they no longer tell the truth.
 *
 * A bomb is refused with 413 after little more than `maxBytes` have been inflated, whatever is still in it. A corrupted
 * body fails with 400 when it is read. Any other encoding is answered with 415 and an `Accept-Encoding` header.
 *
 * A gzip body of several members, as `cat a.gz b.gz` makes, counts as corrupted.
 *
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno/rest";
 *
 * await using server = new Server({ Name: "notes", Port: 0, Log: { Level: "severe" } });
 * server.use(gunzip());
 * server.post("/notes", async (request) => json(await request.text()));
 * const body = new Blob(["hello"]).stream().pipeThrough(new CompressionStream("gzip"));
 * const headers = { "content-encoding": "gzip" };
 * const request = new Request("http://localhost/notes", { method: "POST", body, headers });
 * assertEquals(await (await server.fetch(request)).json(), "hello");
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function gunzip(options: GunzipOptions = {}): Middleware {
  const { maxBytes = 8 * 1024 * 1024, maxRatio = 200 } = options;
  if (!(Number.isInteger(maxBytes) && maxBytes >= 0)) {
    throw new RangeError(`Cannot limit inflation: need an integer maxBytes >= 0, got ${maxBytes}`);
  }
  if (!(maxRatio >= 1)) {
    throw new RangeError(`Cannot limit inflation: need maxRatio >= 1, got ${maxRatio}`);
  }
  const limits = { maxBytes: maxBytes === 0 ? Infinity : maxBytes, maxRatio };
  return (next) => (request, context) => {
    // `Request.body` is always null for these, and they are most requests.
    if (request.method === "GET" || request.method === "HEAD") return next(request, context);
    const encoding = request.headers.get("content-encoding")?.trim().toLowerCase();
    if (!encoding || encoding === "identity") return next(request, context);
    const format = Object.hasOwn(FORMATS, encoding) ? FORMATS[encoding] : undefined;
    return format ? next(inflated(request, format, limits), context) : unsupported(context);
  };
}

function inflated(request: Request, format: CompressionFormat, limits: InflateLimits): Request {
  const { url, method } = request;
  const headers = new Headers(request.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  const body = request.body && inflate(request.body, format, limits);
  // Not `new Request(request, ...)`: that copies the signal, which costs more than all the rest.
  return new Request(url, { method, headers, body });
}

function unsupported(context: Context): Response {
  const message = "Cannot read body: its encoding is not supported; send gzip, deflate or identity";
  const response = problem(
    new ServiceError("invalid_argument", message, { httpStatus: 415 }),
    context,
  );
  response.headers.set("accept-encoding", "gzip, deflate");
  return response;
}
