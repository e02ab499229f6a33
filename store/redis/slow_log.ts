/**
 * What is said of commands that took too long.
 *
 * @module
 */

import type { RedisCommand, RedisValue } from "./command.ts";

/** Characters of an argument that are shown, and arguments of a command, and commands of a call. */
const MAX_CHARACTERS = 256;
const MAX_ARGUMENTS = 64;
const MAX_COMMANDS = 64;

/** Commands whose arguments hold passwords. */
const SECRET: ReadonlySet<string> = new Set(["auth", "hello", "acl", "config", "migrate"]);

let thresholdMs = 100;

/** How long a command may take before it is slow, in ms, where a client says nothing else. */
export function slowThresholdMs(): number {
  return thresholdMs;
}

/**
 * Sets how long a command may take before it is slow, for the whole process.
 *
 * @param ms Time in ms, >= 0; `Infinity` for no command ever.
 * @throws {RangeError} If it is not >= 0.
 */
export function setSlowThreshold(ms: number): void {
  if (!(ms >= 0)) throw new RangeError(`Cannot set slow threshold: need ms >= 0, got ${ms}`);
  thresholdMs = ms;
}

/**
 * Commands as a log shows them, one a line. Long ones are cut, and passwords hidden.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const commands = [{ name: "get", args: ["foo"] }, { name: "set", args: ["bar", 0] }];
 * assertEquals(commandsText(commands), "get foo\nset bar 0");
 * assertEquals(commandsText([{ name: "auth", args: ["me", "s3cret"] }]), "auth ***");
 * ```
 */
export function commandsText(commands: readonly RedisCommand[]): string {
  const lines = commands.slice(0, MAX_COMMANDS).map(commandText);
  if (commands.length > lines.length) lines.push(`... ${commands.length - lines.length} more`);
  return lines.join("\n");
}

function commandText({ name, args }: RedisCommand): string {
  if (SECRET.has(name)) return `${name} ***`;
  const shown = args.slice(0, MAX_ARGUMENTS).map(argumentText);
  if (args.length > shown.length) shown.push(`... ${args.length - shown.length} more`);
  return [name, ...shown].join(" ");
}

function argumentText(value: RedisValue): string {
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  const text = String(value);
  if (text.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, MAX_CHARACTERS)}... ${text.length - MAX_CHARACTERS} more`;
}
