/**
 * Reads files and folders for commands; what goes wrong is a {@link FileError}.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { FileError } from "./errors.ts";

/** Text of a file. */
export async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw FileError.of(`read ${path}`, error);
  }
}

/** Writes the text of a file that exists or whose folder does. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw FileError.of(`write ${path}`, error);
  }
}

/** Writes the text of a new file, and its folders; answers whether there was none before. */
export async function writeNewText(path: string, text: string): Promise<boolean> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text, { createNew: true });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw FileError.of(`write ${path}`, error);
  }
}

/** Names in a folder, or `undefined` when there is none. */
export async function listFolder(path: string): Promise<string[] | undefined> {
  try {
    return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw FileError.of(`list ${path}`, error);
  }
}

/** Whether the path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw FileError.of(`read ${path}`, error);
  }
}

/** Whether there is a file at the path. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Files below a folder whose name ends in `suffix`, sorted; hidden folders are left out. */
export async function findFiles(folder: string, suffix: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory && !name.startsWith(".") && name !== "node_modules") {
        found.push(...await findFiles(path, suffix));
      } else if (isFile && name.endsWith(suffix)) {
        found.push(path);
      }
    }
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw FileError.of(`list ${folder}`, error);
  }
  return found.sort();
}
