/**
 * References to environment variables in text.
 *
 * @module
 */

/** Looks a variable up; undefined or `""` when it is unset. */
export type EnvLookup = (name: string) => string | undefined;

/** Names of one character that stand for shell parameters, which no service has. */
const SPECIAL = "*#$@!?-0123456789";

function isNameChar(char: string | undefined): boolean {
  if (char === undefined) return false;
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") ||
    (char >= "0" && char <= "9") || char === "_";
}

/** A reference: its name, and the index after it. A name of undefined leaves the `$` as it is. */
interface Reference {
  readonly name: string | undefined;
  readonly end: number;
}

/** Reads the reference whose `$` is just before `start`. */
function readReference(text: string, start: number): Reference {
  const char = text[start];
  if (char === "{") {
    const close = text.indexOf("}", start);
    // `${` without an end is dropped, as shells' expansion libraries do.
    if (close < 0) return { name: "", end: start + 1 };
    return { name: text.slice(start + 1, close), end: close + 1 };
  }
  if (char !== undefined && SPECIAL.includes(char)) return { name: char, end: start + 1 };
  let end = start;
  while (isNameChar(text[end])) end++;
  return { name: end === start ? undefined : text.slice(start, end), end };
}

function valueOf(name: string, lookup: EnvLookup): string {
  const split = name.indexOf(":-");
  const plain = split < 0 ? name : name.slice(0, split);
  const fallback = split < 0 ? "" : name.slice(split + 2);
  if (plain === "" || (plain.length === 1 && SPECIAL.includes(plain))) return fallback;
  return lookup(plain) || fallback;
}

/**
 * Replaces `$NAME` and `${NAME}` by the values of environment variables.
 *
 * Unset variables read as empty; `${NAME:-text}` gives `text` instead, also when the variable is
 * empty (go-zero has no such form). A `$` that starts no name stays. There is no escape. References
 * work everywhere, in comments and quoted text too, since this runs before any parser: an unquoted
 * `${PORT}` becomes a number.
 *
 * @param lookup Reads one variable; asked only for names in the text.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const lookup = (name: string) => name === "PORT" ? "8080" : undefined;
 * assertEquals(expandEnv("Port: ${PORT}, Host: ${HOST:-localhost}", lookup), "Port: 8080, Host: localhost");
 * ```
 */
export function expandEnv(text: string, lookup: EnvLookup): string {
  let out = "";
  let from = 0;
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", from)) {
    const { name, end } = readReference(text, at + 1);
    out += text.slice(from, at) + (name === undefined ? "$" : valueOf(name, lookup));
    from = end;
  }
  return out + text.slice(from);
}
