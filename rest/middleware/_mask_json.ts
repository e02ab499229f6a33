/**
 * JSON text without its secrets.
 *
 * @module
 */

import { MASK } from "../../core/log/redact.ts";

/**
 * Replaces the values of members whose names are secret, at any depth. The text may be cut off, or be no JSON at all: then
 * what can be told of it is masked.
 */
export function maskJson(text: string, isSecret: (name: string) => boolean): string {
  let shown = "";
  let from = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, name] = match;
    if (name === undefined || !isSecret(nameOf(name))) continue;
    const start = match.index + whole.length;
    const end = endOfValue(text, start);
    shown += text.slice(from, start) + JSON.stringify(MASK);
    TOKEN.lastIndex = from = end;
  }
  return shown + text.slice(from);
}

/** Text in quotes; the first group is set if it is the name of a member. Each character is looked at once. */
const TOKEN = /"((?:[^"\\]|\\[^])*)"(?:\s*:\s*)|"(?:[^"\\]|\\[^])*"?/g;

function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return quoted;
  }
}

/** Where the value that begins at `start` ends: behind its last bracket or quote, or before what follows it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfText(text, at);
    else if (char === "{" || char === "[") depth++;
    else if (depth === 0 && (char === "," || char === "}" || char === "]")) return at;
    else if (char === "}" || char === "]") depth--;
  }
  return text.length;
}

/** Where the text in quotes that begins at `start` ends: at its last quote. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
