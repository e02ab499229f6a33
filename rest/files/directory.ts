/**
 * Files of a directory.
 *
 * @module
 */

import { fromFileUrl, join, SEPARATOR } from "@std/path";
import { type FileSource, type Folder, isPlainPath, type StoredFile } from "./source.ts";

/** What a system says of a path that leads nowhere; all are answered alike, so that nobody can tell them apart. */
const NOWHERE = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES", "EINVAL"]);

/** Up to this size a file is read at once, in bytes. */
const WHOLE_BYTES = 64 * 1024;

/**
 * The files of a directory, as they are when they are asked for. Links are followed as long as they stay below it; what
 * they lead to outside is not there. Whoever can write in the directory is trusted not to swap links while they are read.
 *
 * It needs permission to read the directory.
 *
 * @param root Path or `file:` URL; relative paths are below the working directory.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const source = directory(new URL(".", import.meta.url));
 * assertEquals(await source.find("../deno.json"), undefined);
 * ```
 */
export function directory(root: string | URL): FileSource {
  return new Directory(root instanceof URL ? fromFileUrl(root) : root);
}

class Directory implements FileSource {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async find(path: string): Promise<StoredFile | Folder | undefined> {
    if (!isPlainPath(path) || (Deno.build.os === "windows" && path.includes(":"))) return undefined;
    // Outside of what follows: a root that is not there is a slip of the service, not of the client.
    const root = await Deno.realPath(this.#root);
    try {
      return await this.#find(root, path);
    } catch (error) {
      if (leadsNowhere(error)) return undefined;
      throw error;
    }
  }

  async #find(root: string, path: string): Promise<StoredFile | Folder | undefined> {
    const real = await Deno.realPath(join(root, path));
    const inside = root.endsWith(SEPARATOR) ? root : root + SEPARATOR;
    if (real !== root && !real.startsWith(inside)) return undefined;
    const where = real.slice(inside.length).replaceAll(SEPARATOR, "/");
    const info = await Deno.stat(real);
    if (info.isDirectory) return { kind: "folder", path: where, list: () => list(real) };
    // A pipe or a device would be waited for.
    return info.isFile ? stored(real, where, info) : undefined;
  }
}

function leadsNowhere(error: unknown): boolean {
  if (error instanceof Deno.errors.NotCapable) return false; // The program's own permission is missing.
  return NOWHERE.has((error as { code?: string }).code ?? "");
}

function stored(real: string, path: string, info: Deno.FileInfo): StoredFile {
  const { size, mtime } = info;
  const modifiedMs = mtime?.getTime();
  return {
    kind: "file",
    path,
    size,
    modifiedMs,
    etag: `"${size.toString(36)}-${(modifiedMs ?? 0).toString(36)}"`,
    open: (start, end) => open(real, start, end),
  };
}

async function list(real: string): Promise<Awaited<ReturnType<Folder["list"]>>> {
  const entries: { name: string; kind: "file" | "folder" }[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(real)) {
    if (isDirectory || isFile) entries.push({ name, kind: isDirectory ? "folder" : "file" });
  }
  return entries;
}

async function open(path: string, start: number, end: number): Promise<BodyInit> {
  const file = await Deno.open(path);
  try {
    if (start > 0) await file.seek(start, Deno.SeekMode.Start);
    if (end - start > WHOLE_BYTES) return streamOf(file, end - start);
    const bytes = await readExactly(file, end - start);
    file.close();
    return bytes;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readExactly(file: Deno.FsFile, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) throw shrunk();
    at += count;
  }
  return bytes;
}

/** No more than was promised in `content-length`, even if the file grows meanwhile: a log does. */
function streamOf(file: Deno.FsFile, length: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = length;
  return new ReadableStream({
    async pull(controller) {
      const chunk = new Uint8Array(Math.min(left, WHOLE_BYTES));
      const count = await file.read(chunk).catch(() => null);
      if (count === null) {
        file.close();
        throw shrunk();
      }
      left -= count;
      controller.enqueue(count === chunk.length ? chunk : chunk.subarray(0, count));
      if (left > 0) return;
      file.close();
      controller.close();
    },
    cancel: () => file.close(),
  }, { highWaterMark: 0 });
}

function shrunk(): Error {
  return new Error("Cannot read file: it has become shorter meanwhile");
}
