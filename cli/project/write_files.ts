/**
 * Writes the files of a new project.
 *
 * @module
 */

import { join } from "@std/path";
import type { GeneratedFile } from "../generate/generated_file.ts";
import type { Generation } from "../generate/manifest.ts";
import { applyChanges, type Change, planChanges } from "../generate/writer.ts";

/** Who writes files that no source asks for. */
export const BY_HAND: Generation = { generator: "new", sources: [] };

/**
 * Writes files into a folder of a project, which is made if need be.
 *
 * @param dir Absolute path of the project.
 * @param folder The folder below it; `""` for the project itself.
 * @returns What happened to each file, by its path below the project.
 * @throws {FileError} If one cannot be written.
 */
export async function writeFiles(
  dir: string,
  folder: string,
  files: readonly GeneratedFile[],
  by: Generation,
): Promise<Change[]> {
  const target = join(dir, folder);
  const prefix = folder === "" ? "" : `${folder}/`;
  const changes = await planChanges(target, files, by);
  await applyChanges(target, changes);
  return changes.map((change) => ({ ...change, path: prefix + change.path }));
}
