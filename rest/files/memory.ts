/**
 * Files that a program carries with it.
 *
 * @module
 */

import type { FileSource, Folder, FolderEntry, StoredFile } from "./source.ts";

/** The content of a file: text or bytes. */
export type FileContent = string | Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/**
 * Files in memory by path, such as those that a compiled program embeds. Folders are there by the slashes in the paths.
 * Their etags are made of their content, so every instance of a service has the same.
 *
 * @throws {TypeError} If a path is both a file and a folder, or begins or ends with a slash.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const source = memoryFiles({ "index.html": "<h1>Hello</h1>", "css/site.css": "h1 { color: navy }" });
 * assertEquals((await source.find("css"))?.kind, "folder");
 * ```
 */
export function memoryFiles(files: Readonly<Record<string, FileContent>>): FileSource {
  const nodes = new Map<string, StoredFile | MemoryFolder>();
  folderAt(nodes, "");
  for (const [path, content] of Object.entries(files)) {
    if (path === "" || path.startsWith("/") || path.endsWith("/") || nodes.has(path)) {
      throw new TypeError(`Cannot hold file "${path}": need the path of a file below a root`);
    }
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    nodes.set(path, new MemoryFile(path, bytes));
    announce(nodes, path, "file");
  }
  return {
    async find(path) {
      const node = nodes.get(path);
      if (node instanceof MemoryFile) await node.hash();
      return node;
    },
  };
}

type Nodes = Map<string, StoredFile | MemoryFolder>;

function folderAt(nodes: Nodes, path: string): MemoryFolder {
  const node = nodes.get(path);
  if (node?.kind === "file") {
    throw new TypeError(`Cannot hold files below "${path}": it is a file itself`);
  }
  if (node) return node;
  const folder = new MemoryFolder(path);
  nodes.set(path, folder);
  if (path !== "") announce(nodes, path, "folder");
  return folder;
}

/** Tells the folder that a path is in. */
function announce(nodes: Nodes, path: string, kind: FolderEntry["kind"]): void {
  const slash = path.lastIndexOf("/");
  folderAt(nodes, path.slice(0, Math.max(0, slash))).entries.push({
    name: path.slice(slash + 1),
    kind,
  });
}

class MemoryFolder implements Folder {
  readonly kind = "folder";
  readonly path: string;
  readonly entries: FolderEntry[] = [];

  constructor(path: string) {
    this.path = path;
  }

  list(): Promise<readonly FolderEntry[]> {
    return Promise.resolve(this.entries);
  }
}

class MemoryFile implements StoredFile {
  readonly kind = "file";
  readonly path: string;
  readonly modifiedMs = undefined;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #etag = "";

  constructor(path: string, bytes: Uint8Array<ArrayBuffer>) {
    this.path = path;
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  get etag(): string {
    return this.#etag;
  }

  /** Makes the etag, once. */
  async hash(): Promise<void> {
    if (this.#etag !== "") return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", this.#bytes));
    this.#etag = `"${digest.subarray(0, 15).toBase64({ alphabet: "base64url" })}"`;
  }

  open(start: number, end: number): Promise<BodyInit> {
    return Promise.resolve(this.#bytes.subarray(start, end));
  }
}
