/**
 * Compiles the `.proto` files that a command names.
 *
 * @module
 */

import { dirname, resolve } from "@std/path";
import { FileError } from "../errors.ts";
import { readText } from "../files.ts";
import { type CompiledProtos, compileProtos } from "../proto/compile.ts";

/**
 * Compiles files and what they import.
 *
 * @param importPaths Folders where imports are looked for, before those of the files themselves.
 * @throws {FileError} If a file itself cannot be read; an import that cannot is a diagnostic.
 */
export async function loadProtoFiles(
  paths: readonly string[],
  importPaths: readonly string[] = [],
): Promise<CompiledProtos> {
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(resolve(path), await readText(path));
  const mains = [...texts.keys()];
  // The upper folders first: a file has one name, whichever file is named first.
  const folders = mains.map(dirname).sort((a, b) => a.length - b.length);
  const roots = [...importPaths.map((path) => resolve(path)), ...folders];
  await Promise.all(importPaths.map(checkFolder));
  return compileProtos(mains, {
    readFile: (path) => texts.get(path) ?? Deno.readTextFileSync(path),
    importPaths: [...new Set(roots)],
  });
}

async function checkFolder(path: string): Promise<void> {
  const stat = await Deno.stat(path).catch((error) => {
    throw FileError.of(`read import path ${path}`, error);
  });
  if (!stat.isDirectory) throw new FileError(`Cannot read import path ${path}: it is no folder`);
}
