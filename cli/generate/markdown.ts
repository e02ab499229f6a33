/**
 * Pieces of Markdown, wrapped the way `deno fmt` leaves them.
 *
 * @module
 */

import { LINE_WIDTH } from "./code.ts";

/** A paragraph; it ends with a newline. Line ends in `text` count as spaces. */
export function paragraph(text: string): string {
  return wrapped(text, "", "");
}

/** An item of a list; it ends with a newline. */
export function bullet(text: string): string {
  return wrapped(text, "- ", "  ");
}

function wrapped(text: string, first: string, others: string): string {
  const lines: string[] = [];
  let line = first;
  // What stands in backquotes is one word.
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    const isStart = line === first || line === others;
    if (!isStart && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = others + word;
    } else line += isStart ? word : ` ${word}`;
  }
  return `${[...lines, line].join("\n")}\n`;
}

/** Commands to type; it ends with a newline. */
export function shell(...commands: readonly string[]): string {
  return `\`\`\`sh\n${commands.map((command) => `${command}\n`).join("")}\`\`\`\n`;
}

/** A document of these parts, with an empty line between them. */
export function documentOf(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
