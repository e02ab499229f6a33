/**
 * What a router is, whatever its algorithm.
 *
 * @module
 */

/** What a request was matched to. */
export interface Match<T> {
  /** What was added for the route. */
  readonly value: T;
  /** The route's parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** Finds what was added for a method and a canonical path. */
export interface Router<T> {
  /**
   * Adds a route. A segment that begins with `:` is a parameter and matches any one segment.
   *
   * @throws {SyntaxError} If the method or the pattern is malformed.
   * @throws {TypeError} If the same method and pattern was added before.
   */
  add(method: string, pattern: string, value: T): void;
  /** The match for a canonical path (see `canonicalPath`), or `undefined`. */
  match(method: string, path: string): Match<T> | undefined;
  /** The methods that have a route for this path, in the order of their first route. */
  allowed(path: string): string[];
}

/** The methods a route can have. */
export const METHODS: ReadonlySet<string> = new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
]);
