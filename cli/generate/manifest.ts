/**
 * The record of what a generator wrote into a folder, `.gen/manifest.json`.
 *
 * @module
 */

import type { GeneratedFile, TextFile } from "./generated_file.ts";

/** Where the manifest stands below the target folder. */
export const MANIFEST_PATH = ".gen/manifest.json";

/** Files of the last run, and files of earlier runs that no longer come from the source. */
export interface Manifest {
  /** Version of this format. */
  readonly format: 1;
  /** Tool that writes it. */
  readonly tool: "zeno";
  /** Files that are always rewritten. */
  readonly gen: readonly string[];
  /** Files that were created once. */
  readonly once: readonly string[];
  /** Files of earlier runs that still exist. */
  readonly orphans: readonly string[];
}

/** Reads a manifest; `undefined` when the text is none of ours. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { format, tool, gen, once, orphans } = value as Record<string, unknown>;
  return format === 1 && tool === "zeno" && [gen, once, orphans].every(isPaths);
}

function isPaths(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Files that an earlier run wrote and `plan` does not have. */
export function orphansOf(plan: readonly GeneratedFile[], old: Manifest | undefined): string[] {
  if (old === undefined) return [];
  const planned = new Set(plan.map(({ path }) => path));
  const known = new Set([...old.gen, ...old.once, ...old.orphans]);
  return [...known].filter((path) => !planned.has(path) && path !== MANIFEST_PATH).sort();
}

/** The manifest of a plan, as a file of it. */
export function manifestFile(
  plan: readonly GeneratedFile[],
  orphans: readonly string[],
): TextFile {
  const paths = (mode: GeneratedFile["mode"]) =>
    plan.filter((file) => file.mode === mode).map(({ path }) => path).sort();
  const manifest: Manifest = {
    format: 1,
    tool: "zeno",
    gen: paths("gen"),
    once: paths("once"),
    orphans: [...orphans].sort(),
  };
  return { path: MANIFEST_PATH, content: `${JSON.stringify(manifest, null, 2)}\n`, mode: "gen" };
}
