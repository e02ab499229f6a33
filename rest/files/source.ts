/**
 * Where files come from.
 *
 * @module
 */

/** A file that can be served. */
export interface StoredFile {
  /** Tells it from a folder. */
  readonly kind: "file";
  /** Where it really is, below the root, links followed: segments joined by slashes. */
  readonly path: string;
  /** Its size in bytes. */
  readonly size: number;
  /** When it was last changed, in ms since the Unix epoch, where that is known. */
  readonly modifiedMs: number | undefined;
  /** Its strong etag, quotes included: other bytes, other etag. */
  readonly etag: string;
  /** The bytes from `start` up to and without `end`. A source that has fewer fails. */
  open(start: number, end: number): Promise<BodyInit>;
}

/** A folder of files. */
export interface Folder {
  /** Tells it from a file. */
  readonly kind: "folder";
  /** Where it really is, below the root, links followed; empty for the root itself. */
  readonly path: string;
  /** What is in it, in no order. */
  list(): Promise<readonly FolderEntry[]>;
}

/** What is in a folder. */
export interface FolderEntry {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly kind: "file" | "folder";
}

/** A tree of files that can be read: a directory, or what a program carries with it. */
export interface FileSource {
  /**
   * What is at a path, or undefined if nothing is, or nothing that may be seen. The path has segments joined by slashes,
   * and is empty for the root. A source trusts no path: it never answers with what is outside of its root.
   */
  find(path: string): Promise<StoredFile | Folder | undefined>;
}

/**
 * Whether a path names something below a root on any system: no empty or dot segment, no backslash, no control
 * character.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const paths = ["", "a/b.txt", "a/../b", "/etc", "a\\b", "a\0"];
 * assertEquals(paths.map(isPlainPath), [true, true, false, false, false, false]);
 * ```
 */
export function isPlainPath(path: string): boolean {
  if (path === "") return true;
  // deno-lint-ignore no-control-regex -- No name has one, and some systems end a name at a NUL.
  if (/[\x00-\x1f\x7f\\]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
