/**
 * Answers that travel compressed.
 *
 * @module
 */

import type { Middleware } from "../handler.ts";
import { isCompressible } from "../response/compressible.ts";
import { addVary, negotiateEncoding } from "../response/negotiate.ts";
import { unsealed } from "../response/unsealed.ts";

/** A coding that {@link compress} can make. */
export type CompressionEncoding = "gzip" | "deflate" | "br";

/** Options for {@link compress}. */
export interface CompressOptions {
  /** Smallest body worth it, in bytes. @default {1024} */
  thresholdBytes?: number;
  /**
   * Codings on offer, for a client that takes any the first. Brotli saves a tenth more and takes three times as long.
   * @default {["gzip", "br", "deflate"]}
   */
  encodings?: readonly CompressionEncoding[];
  /** Whether a media type, without its parameters, is worth it. @default {text, JSON, XML, scripts, SVG, WebAssembly} */
  compressible?: (type: string) => boolean;
}

/** What the platform calls each coding. Not every runtime has the last. */
const FORMATS: Readonly<Record<CompressionEncoding, string>> = {
  gzip: "gzip",
  deflate: "deflate",
  br: "brotli",
};

/**
 * Compresses answers as the client asks by `Accept-Encoding`, streaming.
 *
 * Left as they are: short answers, types that are compressed already, event streams and NDJSON (a compressor would hold
 * events back), parts of a file (206), what has an encoding, and what says `Cache-Control: no-transform`. Do not compress
 * answers that hold a secret beside text of the caller's choosing: their length would tell (BREACH).
 *
 * A strong etag becomes weak, since it named other bytes. The answer waits for the first chunk of its body.
 *
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno/rest";
 *
 * await using server = new Server({ Name: "list", Port: 0, Log: { Level: "severe" } });
 * server.use(compress());
 * server.get("/list", () => json(new Array(1000).fill("item")));
 * const headers = { "accept-encoding": "gzip" };
 * const response = await server.fetch(new Request("http://localhost/list", { headers }));
 * assertEquals(response.headers.get("content-encoding"), "gzip");
 * await response.body?.cancel();
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1
 */
export function compress(options: CompressOptions = {}): Middleware {
  const { thresholdBytes = 1024, compressible = isCompressible } = options;
  if (!(thresholdBytes >= 0)) {
    throw new RangeError(`Cannot compress: need thresholdBytes >= 0, got ${thresholdBytes}`);
  }
  const encodings = (options.encodings ?? ["gzip", "br", "deflate"]).filter(isSupported);
  return (next) => async (request, context) => {
    const response = await next(request, context);
    if (!mayTransform(response, compressible)) return response;
    const length = response.headers.get("content-length");
    if (length !== null && Number(length) < thresholdBytes) return response;
    const varied = unsealed(response);
    addVary(varied.headers, "Accept-Encoding");
    const encoding = negotiateEncoding(request.headers, encodings);
    // Asking for a body makes a stream of it, which costs more than all the rest; hence last.
    return encoding && varied.body ? await compressed(varied, encoding, thresholdBytes) : varied;
  };
}

/** Whether the platform can make the coding. */
function isSupported(encoding: CompressionEncoding): boolean {
  if (!Object.hasOwn(FORMATS, encoding)) {
    const names = Object.keys(FORMATS).join(", ");
    throw new RangeError(`Cannot compress: need encodings among ${names}, got ${encoding}`);
  }
  try {
    compressor(encoding);
    return true;
  } catch {
    return false;
  }
}

function compressor(encoding: CompressionEncoding): CompressionStream {
  return new CompressionStream(FORMATS[encoding] as CompressionFormat);
}

const WITHOUT_CONTENT = new Set([101, 204, 205, 206, 304]);

function mayTransform(response: Response, compressible: (type: string) => boolean): boolean {
  const { headers, status } = response;
  if (WITHOUT_CONTENT.has(status)) return false;
  if (headers.has("content-encoding") || headers.has("content-range")) return false;
  if (headers.get("cache-control")?.toLowerCase().includes("no-transform")) return false;
  const type = headers.get("content-type");
  return type !== null && compressible(type.split(";")[0]!.trim().toLowerCase());
}

async function compressed(
  response: Response,
  encoding: CompressionEncoding,
  thresholdBytes: number,
): Promise<Response> {
  const source = response.body!.getReader();
  const head: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let ended = false;
  while (size < thresholdBytes && !ended) {
    const { done, value } = await source.read();
    ended = done;
    if (!value) continue;
    head.push(value);
    size += value.byteLength;
  }
  const body = ended && size < thresholdBytes
    ? new Blob(head)
    : resumed(head, source).pipeThrough(compressor(encoding));
  const answer = new Response(body, response);
  if (body instanceof Blob) return answer;
  answer.headers.set("content-encoding", encoding);
  answer.headers.delete("content-length");
  answer.headers.delete("accept-ranges"); // Of other bytes than these.
  const etag = answer.headers.get("etag");
  if (etag?.startsWith('"')) answer.headers.set("etag", `W/${etag}`);
  return answer;
}

/** The rest of a body that was begun. */
function resumed(
  head: Uint8Array<ArrayBuffer>[],
  source: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const chunk = head.shift();
      if (chunk) return controller.enqueue(chunk);
      const { done, value } = await source.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => source.cancel(reason),
  }, { highWaterMark: 0 });
}
