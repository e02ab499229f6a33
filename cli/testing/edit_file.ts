/**
 * Changes files the way a user would, for tests.
 *
 * @module
 */

import { assert } from "@std/assert";

/** Replaces the first place in a file; fails if there is none. */
export async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert(text.search(from) >= 0, `${path} has no ${from}`);
  await Deno.writeTextFile(path, text.replace(from, () => to));
}

/** Takes the `#` from a commented section of a yaml file. */
export async function uncomment(path: string, section: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim() === `# ${section}:`);
  assert(start >= 0, `${path} has no # ${section}:`);
  const indent = lines[start]!.indexOf("#");
  for (let at = start; lines[at]?.startsWith(`${" ".repeat(indent)}# `); at++) {
    if (at > start && lines[at]![indent + 2] !== " ") break;
    lines[at] = lines[at]!.slice(0, indent) + lines[at]!.slice(indent + 2);
  }
  await Deno.writeTextFile(path, lines.join("\n"));
}
