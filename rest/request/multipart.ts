/**
 * Forms with files, read while they arrive.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { BadRequestError } from "../errors.ts";
import { type MultipartLimits, MultipartReader } from "./_multipart_reader.ts";
import { boundaryOf, type PartHead } from "./_part_head.ts";
import { limitBody } from "./limit_body.ts";

/** Options for {@link multipart}. What breaks a limit is answered with 413. */
export interface MultipartOptions {
  /** Most parts, an integer >= 1. @default {256} */
  maxParts?: number;
  /** Largest head of a part in bytes. @default {8192} */
  maxHeaderBytes?: number;
  /** Largest part in bytes. @default {`maxTotalBytes`} */
  maxPartBytes?: number;
  /** Largest form in bytes. The route's own `maxBytes` holds too. @default {33554432} */
  maxTotalBytes?: number;
}

/** Options for {@link Part.text}. */
export interface PartTextOptions {
  /** Largest text in bytes. @default {1048576} */
  maxBytes?: number;
}

/**
 * One part of a form: a field, or a file if it has a `filename`.
 *
 * Its body can be read once, and only until the next part is asked for. Left unread, it is skipped.
 */
export class Part {
  /** The field's name. */
  readonly name: string;
  /**
   * What the client calls the file, without folders and control characters; undefined for a field. Never make a path
   * of it.
   */
  readonly filename: string | undefined;
  /** The media type that the client says it is. */
  readonly type: string;
  /** The headers of the part by name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The content as it arrives. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;

  /** Makes a part; {@link multipart} does. */
  constructor(
    head: Pick<Part, "name" | "filename" | "type" | "headers">,
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
  ) {
    this.name = head.name;
    this.filename = head.filename;
    this.type = head.type;
    this.headers = head.headers;
    this.body = body;
  }

  /**
   * The content as text.
   *
   * @throws {BodyTooLargeError} If it is larger than `maxBytes`.
   */
  text(options: PartTextOptions = {}): Promise<string> {
    return new Response(limitBody(this.body, options.maxBytes ?? 1024 * 1024)).text();
  }
}

/**
 * The parts of a `multipart/form-data` body in their order, each read while it arrives: memory holds one chunk, however
 * large the files are. For fields alone, and for fields with files, `context.bind` is shorter.
 *
 * A route that takes uploads needs a `maxBytes` and a `timeoutMs` of its own.
 *
 * @throws {RangeError} If an option is out of range.
 * @throws {ServiceError} While it is read: 415 if the body is no form, 400 if it is malformed, 413 for a limit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json, Server } from "@zeno/zeno/rest";
 * import { multipart } from "@zeno/zeno/rest/request";
 *
 * await using server = new Server({ Name: "upload", Port: 0, Log: { Level: "severe" } });
 * server.post("/files", async (_request, context) => {
 *   const sizes: Record<string, number> = {};
 *   for await (const part of multipart(context)) {
 *     let size = 0;
 *     for await (const chunk of part.body) size += chunk.length;
 *     sizes[part.name] = size;
 *   }
 *   return json(sizes);
 * }, { maxBytes: 100_000_000, timeoutMs: 60_000 });
 *
 * const body = new FormData();
 * body.append("photo", new File(["12345"], "photo.png"));
 * const request = new Request("http://localhost/files", { method: "POST", body });
 * assertEquals(await (await server.fetch(request)).json(), { photo: 5 });
 * ```
 */
export function multipart(
  context: Context,
  options: MultipartOptions = {},
): AsyncGenerator<Part, void, undefined> {
  const { maxParts = 256, maxHeaderBytes = 8192, maxTotalBytes = 32 * 1024 * 1024 } = options;
  const { maxPartBytes = maxTotalBytes } = options;
  const limits = { maxParts, maxHeaderBytes, maxTotalBytes, maxPartBytes };
  for (const [name, limit] of Object.entries(limits)) {
    if (limit >= 1) continue;
    throw new RangeError(`Cannot read form: need ${name} >= 1, got ${limit}`);
  }
  return parts(context, limits);
}

async function* parts(
  context: Context,
  limits: MultipartLimits,
): AsyncGenerator<Part, void, undefined> {
  const boundary = boundaryOf(context.request.headers.get("content-type"));
  if (boundary === undefined) {
    const message = "Cannot read form: the body is not multipart/form-data";
    throw new ServiceError("invalid_argument", message, { httpStatus: 415 });
  }
  const { body } = context.request;
  if (!body) throw new BadRequestError("Cannot read form: there is no body");
  const source = body.getReader();
  try {
    const reader = new MultipartReader(() => pull(source, context), boundary, limits);
    for (let head = await reader.nextHead(); head; head = await reader.nextHead()) {
      const turn = new Turn(reader);
      yield turn.part(head);
      turn.end();
    }
  } finally {
    await source.cancel().catch(() => {});
  }
}

/** Reads a chunk, so that a timeout meanwhile is known to be the client's. */
async function pull(
  source: ReadableStreamDefaultReader<Uint8Array>,
  context: Context,
): Promise<Uint8Array | undefined> {
  context.readingBody = true;
  try {
    return (await source.read()).value;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new BadRequestError("Cannot read body: it breaks off", { cause: error });
  } finally {
    context.readingBody = false;
  }
}

/** The time during which a part may be read: until the next one is asked for. */
class Turn {
  readonly #reader: MultipartReader;
  #over = false;

  constructor(reader: MultipartReader) {
    this.#reader = reader;
  }

  part(head: PartHead): Part {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        if (this.#over) {
          throw new TypeError(`Cannot read part "${head.name}": the next one was asked for`);
        }
        const chunk = await this.#reader.nextChunk();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    }, { highWaterMark: 0 });
    return new Part(head, body);
  }

  end(): void {
    this.#over = true;
  }
}
