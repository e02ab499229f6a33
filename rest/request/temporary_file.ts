/**
 * Uploads on disk.
 *
 * @module
 */

import type { Part } from "./multipart.ts";
import { limitBody } from "./limit_body.ts";

/** Options for {@link saveTemporary}. */
export interface SaveOptions {
  /** Folder to save in. @default {the system's for temporary files} */
  directory?: string;
  /** Largest file in bytes; what is larger is answered with 413. @default {no limit of its own} */
  maxBytes?: number;
}

/** An upload on disk. It is gone when it is disposed of, unless it was moved. */
export class TemporaryFile implements AsyncDisposable {
  /** Where it is; a name that says nothing of the client. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** What the client calls it; undefined if it is no file there. Never make a path of it. */
  readonly filename: string | undefined;
  /** The media type that the client says it is. */
  readonly type: string;
  #moved = false;

  /** Takes charge of a file; {@link saveTemporary} makes one. */
  constructor(file: Pick<TemporaryFile, "path" | "size" | "filename" | "type">) {
    this.path = file.path;
    this.size = file.size;
    this.filename = file.filename;
    this.type = file.type;
  }

  /** The content. */
  async readable(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return (await Deno.open(this.path)).readable;
  }

  /** Moves the file to `path`, to stay there, and replaces what is there. */
  async moveTo(path: string): Promise<void> {
    try {
      await Deno.rename(this.path, path);
      this.#moved = true;
    } catch (error) {
      if ((error as { code?: string }).code !== "EXDEV") throw error;
      await Deno.copyFile(this.path, path); // Another file system. The original goes when it is disposed of.
    }
  }

  /** Deletes the file, unless it was moved. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#moved) await removeIfThere(this.path);
    this.#moved = true;
  }
}

/**
 * Saves a part of a form, while it arrives, in a file that only this user can read. If that fails half way, nothing stays
 * behind. It needs permission to write in the folder.
 *
 * @example
 * ```ts
 * import { int, object } from "@zeno/zeno/core/schema";
 * import { json, Server } from "@zeno/zeno/rest";
 * import { saveTemporary } from "@zeno/zeno/rest/request";
 *
 * await using server = new Server({ Name: "upload", Port: 0, Log: { Level: "severe" } });
 * const upload = object({ album: int().in("form") });
 * server.post("/photos", async (_request, context) => {
 *   await using files = new AsyncDisposableStack();
 *   const sizes: number[] = [];
 *   const { album } = await context.bind(upload, {
 *     onFile: async (part) => {
 *       const file = files.use(await saveTemporary(part, { maxBytes: 10_000_000 }));
 *       sizes.push(file.size);
 *     },
 *   });
 *   return json({ album, sizes });
 * });
 * ```
 */
export async function saveTemporary(
  part: Pick<Part, "body" | "filename" | "type">,
  options: SaveOptions = {},
): Promise<TemporaryFile> {
  const { directory, maxBytes = Infinity } = options;
  const path = await Deno.makeTempFile({ prefix: "upload-", dir: directory });
  try {
    const file = await Deno.open(path, { write: true });
    await limitBody(part.body, maxBytes).pipeTo(file.writable);
    const { size } = await Deno.stat(path);
    return new TemporaryFile({ path, size, filename: part.filename, type: part.type });
  } catch (error) {
    await removeIfThere(path);
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
