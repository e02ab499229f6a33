/**
 * Help text of commands.
 *
 * @module
 */

import { bold } from "@std/fmt/colors";
import { type Command, COMMON_FLAGS } from "./command.ts";
import type { FlagSpec, FlagTable } from "./flags.ts";

/** The help text of the last command of `path`, which starts at the root. */
export function renderHelp(path: readonly Command[]): string {
  const command = path.at(-1)!;
  const called = path.map(({ name }) => name).join(" ");
  const words = command.load === undefined ? ["COMMAND"] : [...(command.args ?? [])];
  const parts = [
    `${called}: ${command.about}`,
    section("Usage", [`${called} ${[...words, "[flags]"].join(" ")}`]),
  ];
  if (command.commands !== undefined) {
    parts.push(section("Commands", columns(command.commands.map((c) => [c.name, c.about]))));
  }
  if (command.flags !== undefined) parts.push(section("Flags", flagLines(command.flags)));
  parts.push(section("Common flags", flagLines(COMMON_FLAGS)));
  if (command.examples !== undefined) parts.push(section("Examples", command.examples));
  return parts.join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return [bold(`${title}:`), ...lines.map((line) => `  ${line}`)].join("\n");
}

function flagLines(table: FlagTable): string[] {
  return columns(Object.entries(table).map(([name, spec]) => [flagName(name, spec), about(spec)]));
}

function flagName(name: string, spec: FlagSpec): string {
  const letter = spec.letter === undefined ? "" : `-${spec.letter}, `;
  return `${letter}--${name}${spec.type === "string" ? ` ${spec.value ?? "TEXT"}` : ""}`;
}

function about(spec: FlagSpec): string {
  const choices = spec.choices === undefined ? "" : `: ${spec.choices.join(", ")}`;
  const fallback = spec.default === undefined ? "" : ` (default ${spec.default})`;
  return `${spec.about}${choices}${fallback}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
