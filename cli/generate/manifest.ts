/**
 * The record of what generators wrote into a folder, `.gen/manifest.json`.
 *
 * @module
 */

import type { GeneratedFile, TextFile } from "./generated_file.ts";

/** Where the manifest stands below the target folder. */
export const MANIFEST_PATH = ".gen/manifest.json";

/** Who generates, and from what. */
export interface Generation {
  /** The generator: `api`, `rpc` or `gateway`. */
  readonly generator: string;
  /** Paths of its sources below the folder, with `/`. */
  readonly sources: readonly string[];
}

/** What one generation left in the folder: files of its last run, and files of earlier runs. */
export interface GenerationRecord extends Generation {
  /** Files that are always rewritten. */
  readonly gen: readonly string[];
  /** Files that were created once. */
  readonly once: readonly string[];
  /** Files of earlier runs that still exist, and no longer come from the source. */
  readonly orphans: readonly string[];
}

/** What all generations left: a folder may hold a service and clients of others. */
export interface Manifest {
  /** Version of this format. */
  readonly format: 2;
  /** Tool that writes it. */
  readonly tool: "zeno";
  /** One for each generation. */
  readonly generations: readonly GenerationRecord[];
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
  const { format, tool, generations } = value as Record<string, unknown>;
  return format === 2 && tool === "zeno" && Array.isArray(generations) &&
    generations.every(isRecord);
}

function isRecord(value: unknown): value is GenerationRecord {
  if (typeof value !== "object" || value === null) return false;
  const { generator, sources, gen, once, orphans } = value as Record<string, unknown>;
  return typeof generator === "string" && [sources, gen, once, orphans].every(isPaths);
}

function isPaths(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The records of a manifest: those that a generation goes on from, and those of others. */
export interface SplitManifest {
  /** Those that `by` replaces. */
  readonly own: readonly GenerationRecord[];
  /** The others; what they list is theirs. */
  readonly others: readonly GenerationRecord[];
}

/**
 * Splits a manifest. A record is continued by the same generator from at least one of its sources, or if none of its
 * sources is there any more.
 *
 * @param isThere Whether a source exists.
 */
export function splitManifest(
  manifest: Manifest | undefined,
  by: Generation,
  isThere: (source: string) => boolean,
): SplitManifest {
  const isOwn = ({ generator, sources }: GenerationRecord) =>
    generator === by.generator &&
    (sources.some((source) => by.sources.includes(source)) || !sources.some(isThere));
  const records = manifest?.generations ?? [];
  return { own: records.filter(isOwn), others: records.filter((record) => !isOwn(record)) };
}

/** Files that earlier runs of a generation wrote and `plan` does not have, but for those of others. */
export function orphansOf(
  plan: readonly GeneratedFile[],
  { own, others }: SplitManifest,
): string[] {
  const planned = new Set([MANIFEST_PATH, ...plan.map(({ path }) => path)]);
  const theirs = new Set(others.flatMap(({ gen, once }) => [...gen, ...once]));
  const known = new Set(own.flatMap(({ gen, once, orphans }) => [...gen, ...once, ...orphans]));
  return [...known].filter((path) => !planned.has(path) && !theirs.has(path)).sort();
}

/** The manifest after a plan, as a file of it. */
export function manifestFile(
  plan: readonly GeneratedFile[],
  by: Generation,
  { orphans, others }: { orphans: readonly string[]; others: readonly GenerationRecord[] },
): TextFile {
  const paths = (mode: GeneratedFile["mode"]) =>
    plan.filter((file) => file.mode === mode).map(({ path }) => path).sort();
  const record: GenerationRecord = {
    generator: by.generator,
    sources: [...by.sources],
    gen: paths("gen"),
    once: paths("once"),
    orphans: [...orphans].sort(),
  };
  const key = ({ generator, sources }: Generation) => [generator, ...sources].join("\n");
  const generations = [record, ...others].sort((a, b) => key(a) < key(b) ? -1 : 1);
  const manifest: Manifest = { format: 2, tool: "zeno", generations };
  return { path: MANIFEST_PATH, content: `${JSON.stringify(manifest, null, 2)}\n`, mode: "gen" };
}
