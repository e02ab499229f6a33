/**
 * Makes a new service in a folder.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { compileApi } from "../api/compile.ts";
import { FileError, UsageError } from "../errors.ts";
import { listFolder, readText, writeText } from "../files.ts";
import { onceFile } from "../generate/generated_file.ts";
import { MANIFEST_PATH, parseManifest } from "../generate/manifest.ts";
import { parseStyle } from "../generate/naming.ts";
import { planRestServer } from "../generate/rest/rest_server.ts";
import type { Change } from "../generate/writer.ts";
import { linkFrom } from "./framework.ts";
import { greetingApi, greetingLogic } from "./greeting.ts";
import { restReadme } from "./readme.ts";
import { BY_HAND, writeFiles } from "./write_files.ts";

/** What {@link newService} made. */
export interface NewService {
  /** Name of the service. */
  readonly name: string;
  /** The files, and what happened to each. */
  readonly changes: readonly Change[];
}

/**
 * Makes a greeting service in `dir`, which must be empty, absent, or made by this command before:
 * then its generated files are written anew and all others stay.
 *
 * @param dir Absolute path of the folder.
 * @param name Name of the service: a letter, then letters, digits and `_`.
 * @throws {FileError} If the folder holds something else.
 */
export async function newService(dir: string, name: string): Promise<NewService> {
  await checkFolder(dir, "api");
  const source = `${name}.api`;
  const path = join(dir, source);
  await Deno.mkdir(dir, { recursive: true }).catch((error) => {
    throw FileError.of(`create ${dir}`, error);
  });
  const isNew = (await listFolder(dir))?.includes(source) !== true;
  if (isNew) await writeText(path, greetingApi(name));
  const text = await readText(path);
  const { spec, diagnostics } = compileApi(path, { readFile: () => text });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const plan = spec === undefined ? undefined : planRestServer(spec, {
    source,
    style: parseStyle("go_zero"),
    int64: "number",
    typeGroup: false,
    handlers: false,
    tests: true,
    flags: ["--test"],
    link: linkFrom(dir),
  }, greetingLogic(name));
  const first = [...errors, ...plan?.diagnostics ?? []][0];
  if (plan === undefined || first !== undefined) {
    throw new FileError(
      `Cannot generate service: ${path} has errors; run zeno api validate ${path}`,
    );
  }
  const readme = onceFile("README.md", restReadme(name));
  const changes = [
    ...await writeFiles(dir, "", plan.files, { generator: "api", sources: [source] }),
    ...(isNew ? await writeFiles(dir, "", [readme], BY_HAND) : []),
  ];
  return { name, changes };
}

/** The service name for a folder: its last part, `-` as `_`. */
export function nameOf(dir: string): string {
  const name = basename(dir).replaceAll("-", "_");
  checkName(name, basename(dir));
  return name;
}

/** Refuses what cannot be the name of a service. */
export function checkName(name: string, given: string = name): void {
  if (/^[A-Za-z]\w*$/.test(name)) return;
  const proposal = given.replace(/\W+/g, "_").replace(/^[^A-Za-z]+|_+$/g, "");
  const hint = proposal === "" ? "" : `, as in ${proposal}`;
  throw new UsageError(
    `Cannot name service "${given}": use a letter, then letters, digits and _${hint}`,
  );
}

/**
 * Refuses a folder that holds something else than what `generator` has made. `.git` may be there: many start with an empty repository.
 *
 * @throws {FileError} If it does.
 */
export async function checkFolder(dir: string, generator: string): Promise<void> {
  const names = (await listFolder(dir))?.filter((name) => name !== ".git") ?? [];
  if (names.length === 0) return;
  const manifest = names.includes(".gen")
    ? parseManifest(await readText(join(dir, MANIFEST_PATH)))
    : undefined;
  const ours = manifest?.generations.some((record) => record.generator === generator);
  if (!ours) {
    throw new FileError(`Cannot create service in ${dir}: the folder is not empty; name a new one`);
  }
}
