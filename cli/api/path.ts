/**
 * Paths of routes and prefixes: their grammar, and how they are compared.
 *
 * @module
 */

/** What is wrong with a path, and at which of its characters; the length when it breaks off. */
export interface PathProblem {
  /** Index of the character, in UTF-16 units; the length of the path when something is missing. */
  readonly index: number;
  /** What is wrong. */
  readonly message: string;
}

/** Offset behind the path that starts at `start`: a run of path characters up to a comment. */
export function pathEnd(text: string, start: number): number {
  let at = start;
  while (/[A-Za-z0-9_~.:/-]/.test(text.charAt(at))) {
    const two = text.slice(at, at + 2);
    if (two === "//" || two === "/*") break;
    at++;
  }
  return at;
}

/**
 * Checks the segments of a path. A segment is a run of words, joined by single `-` or `.`, with one
 * of these allowed in front; or `-` alone; or `:` and a parameter name, which starts with a word.
 */
export function pathProblem(path: string): PathProblem | undefined {
  let at = path.startsWith("/") ? 1 : 0;
  while (at < path.length) {
    const slash = path.indexOf("/", at);
    const end = slash < 0 ? path.length : slash;
    const problem = segmentProblem(path, at, end);
    if (problem !== undefined) return problem;
    at = end + 1;
  }
  return undefined;
}

const WORD = /[A-Za-z0-9_~]/;

function segmentProblem(path: string, start: number, end: number): PathProblem | undefined {
  if (path.slice(start, end) === "-") return undefined;
  const first = path.charAt(start);
  const isWordAt = (at: number) => at < end && WORD.test(path.charAt(at));
  let at = start;
  if (first === ":") {
    at++;
    if (!isWordAt(at)) return { index: at, message: `a parameter name must follow ":"` };
  } else if ((first === "." || first === "-") && isWordAt(start + 1)) {
    at++;
  } else if (first === ".") {
    return { index: start, message: `a word must follow "."` };
  }
  for (; at < end; at++) {
    if (isWordAt(at)) continue;
    const char = path.charAt(at);
    if (char === ":") return { index: at, message: `":" can only begin a segment` };
    if (!isWordAt(at + 1)) return { index: at + 1, message: `a word must follow "${char}"` };
  }
  return undefined;
}

/**
 * Joins and cleans paths: one slash between segments, one in front, none behind.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(joinPath("v1/", "/users/"), "/v1/users");
 * assertEquals(joinPath("", "/"), "/");
 * ```
 */
export function joinPath(...parts: string[]): string {
  return `/${segmentsOf(parts.join("/")).join("/")}`;
}

/** The segments of a path that are not empty. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Names of the `:name` segments, in order. */
export function parametersOf(path: string): string[] {
  return segmentsOf(path).filter((part) => part.startsWith(":")).map((part) => part.slice(1));
}

/** The path with its parameter names taken out: two routes of one shape catch the same requests. */
export function pathShape(path: string): string {
  return joinPath(...segmentsOf(path).map((part) => part.startsWith(":") ? ":" : part));
}
