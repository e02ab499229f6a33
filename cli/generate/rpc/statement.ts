/**
 * Statements of generated code, laid out as `deno fmt` leaves them.
 *
 * @module
 */

import { fits, indentLines } from "../code.ts";

/** `head body;` on a line if it fits at this indentation, else with braces. */
export function controlled(head: string, body: string, indent: string): string {
  const line = `${head} ${body};`;
  return fits(line, indent) ? `${line}\n` : block(head, `${body};\n`);
}

/** `head { body }`; each line of `body` ends with a newline. */
export function block(head: string, body: string): string {
  return `${head} {\n${indentLines(body, "  ")}}\n`;
}

/** `target = callee(args);`, with an argument a line if it does not fit at this indentation. */
export function assignCall(
  target: string,
  callee: string,
  args: readonly string[],
  indent: string,
): string {
  const line = `${target} = ${callee}(${args.join(", ")});`;
  if (fits(line, indent) || args.length === 0) return `${line}\n`;
  const list = `(\n${args.map((arg) => `  ${arg},\n`).join("")});\n`;
  if (fits(`${target} = ${callee}(`, indent)) return `${target} = ${callee}${list}`;
  const [object = "", method = ""] = callee.split(".");
  return fits(`${target} = ${object}`, indent)
    ? `${target} = ${object}\n${indentLines(`.${method}${list}`, "  ")}`
    : `${target} =\n${indentLines(callee + list, "  ")}`;
}

/** `target = condition ? yes : no;`, on three lines if it does not fit at this indentation. */
export function assignChoice(
  target: string,
  [condition, yes, no]: readonly [string, string, string],
  indent: string,
): string {
  const line = `${target} = ${condition} ? ${yes} : ${no};`;
  return fits(line, indent) ? `${line}\n` : `${target} = ${condition}\n  ? ${yes}\n  : ${no};\n`;
}

/** `name(args)`, with an argument a line if it does not fit. */
export function call(name: string, args: readonly string[], indent: string): string {
  const line = `${name}(${args.join(", ")})`;
  if (fits(`${line},`, indent)) return line;
  return `${name}(\n${args.map((arg) => `  ${arg},\n`).join("")})`;
}

/** `{ a: 1, b: 2 }`, with a member a line if it does not fit. */
export function literal(members: readonly string[], indent: string, around: number): string {
  if (members.length === 0) return "{}";
  const line = `{ ${members.join(", ")} }`;
  if (indent.length + around + line.length <= 100) return line;
  return `{\n${members.map((member) => `  ${member},\n`).join("")}}`;
}
