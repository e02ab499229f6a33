/**
 * Which framework this command is part of, and where it runs from.
 *
 * @module
 */

import { fromFileUrl, relative } from "@std/path";
import config from "../../deno.json" with { type: "json" };

/** Where the command runs from. */
export interface Framework {
  /** Version of the framework. */
  readonly version: string;
  /** `clone` of the repository, `jsr`, `compiled` into one program, or some other place. */
  readonly origin: "clone" | "jsr" | "compiled" | "other";
  /** Folder of the clone. */
  readonly folder?: string;
}

/** Looks at the address of this module. */
export function framework(): Framework {
  const version = config.version;
  if (Deno.build.standalone) return { version, origin: "compiled" };
  const url = new URL(import.meta.url);
  if (url.hostname === "jsr.io") return { version, origin: "jsr" };
  const folder = url.protocol === "file:" ? fromFileUrl(new URL("../..", url)) : undefined;
  // A bundle has a file address too, but not the project around it.
  return folder !== undefined && isClone(folder)
    ? { version, origin: "clone", folder }
    : { version, origin: "other" };
}

function isClone(folder: string): boolean {
  try {
    const text = Deno.readTextFileSync(`${folder}/deno.json`);
    return (JSON.parse(text) as { name?: unknown }).name === config.name;
  } catch {
    return false;
  }
}

/**
 * What `links` of a `deno.json` in `dir` has to name so that the framework is found: the clone the
 * command runs from, or nothing when the framework comes from its registry.
 *
 * @param dir Absolute path of a folder.
 */
export function linkFrom(dir: string): string | undefined {
  const { folder } = framework();
  if (folder === undefined) return undefined;
  const link = relative(dir, folder).replaceAll("\\", "/").replace(/\/$/, "");
  return link.startsWith(".") || link.startsWith("/") || /^[A-Za-z]:/.test(link)
    ? link
    : `./${link}`;
}
