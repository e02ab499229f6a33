/**
 * Pages that list folders.
 *
 * @module
 */

import { escapeHtml, html } from "../response/text.ts";
import type { FolderEntry } from "./source.ts";

/** A page with links to what is in a folder, folders first. Nothing in it can run, whatever the names are. */
export function listing(path: string, entries: readonly FolderEntry[]): Response {
  const title = escapeHtml(path);
  const items = entries.toSorted(order).map(({ name, kind }) => {
    const slash = kind === "folder" ? "/" : "";
    // "./" keeps a name such as "javascript:x" from being a scheme.
    return `<li><a href="./${encodeURIComponent(name)}${slash}">${
      escapeHtml(name)
    }${slash}</a></li>`;
  });
  const page = `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>` +
    `<ul><li><a href="../">../</a></li>${items.join("")}</ul>\n`;
  return html(page, {
    headers: {
      "cache-control": "no-cache",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
}

function order(a: FolderEntry, b: FolderEntry): number {
  if (a.kind !== b.kind) return a.kind === "folder" ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
