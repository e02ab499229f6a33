/**
 * Paths with variables: `/users/:id/posts`.
 *
 * @module
 */

import { BadCallError } from "./errors.ts";

/** One segment: text that stays, or the name of a variable. */
type Segment = { readonly text: string } | { readonly name: string };

/**
 * A path whose segments that begin with `:` are variables.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const template = new PathTemplate("GET", "/users/:id/posts?draft=1");
 * assertEquals(template.fill({ id: "a/b" }), "/users/a%2Fb/posts");
 * assertEquals([template.route, template.query], ["/users/:id/posts", "draft=1"]);
 * ```
 */
export class PathTemplate {
  /** The HTTP method, for messages. */
  readonly method: string;
  /** The pattern without a query. */
  readonly route: string;
  /** The query that came with the pattern, without `?`. */
  readonly query: string;
  readonly #segments: readonly Segment[];
  readonly #names: readonly string[];

  /**
   * Takes a pattern apart.
   *
   * @throws {SyntaxError} If the method is no token, or the pattern does not begin with `/` or holds `#`.
   */
  constructor(method: string, path: string) {
    if (!/^[A-Z][A-Z-]*$/.test(method)) {
      throw new SyntaxError(`Cannot use method "${method}": it must be upper-case letters`);
    }
    if (!path.startsWith("/") || path.includes("#")) {
      throw new SyntaxError(`Cannot use path "${path}": it must begin with "/" and hold no "#"`);
    }
    const question = path.indexOf("?");
    this.method = method;
    this.route = question < 0 ? path : path.slice(0, question);
    this.query = question < 0 ? "" : path.slice(question + 1);
    this.#segments = this.route.slice(1).split("/").map((text) =>
      text.startsWith(":") && text.length > 1 ? { name: text.slice(1) } : { text }
    );
    this.#names = this.#segments.flatMap((segment) => "name" in segment ? [segment.name] : []);
  }

  /** The names of the variables, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * The path with the variables' values, escaped.
   *
   * @throws {BadCallError} If a value is missing, empty or `.` or `..`, or there are values without a variable.
   */
  fill(values: Readonly<Record<string, string>>): string {
    const given = Object.keys(values);
    if (this.#names.length === 0 && given.length === 0) return this.route;
    const unused = given.filter((name) => !this.#names.includes(name));
    const path = this.#segments.map((segment) =>
      "text" in segment ? segment.text : this.#encode(segment.name, values)
    ).join("/");
    if (unused.length > 0) {
      this.#fail(`more path variables are provided: "${unused.join(", ")}"`);
    }
    return `/${path}`;
  }

  #encode(name: string, values: Readonly<Record<string, string>>): string {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return this.#fail(`missing path variable "${name}"`);
    if (value === "") return this.#fail(`empty path variable "${name}"`);
    if (value === "." || value === "..") {
      // Escaped or not, a URL parser takes these for steps to another path.
      return this.#fail(`path variable "${name}" must not be "." or ".."`);
    }
    return encodeURIComponent(value.toWellFormed());
  }

  #fail(reason: string): never {
    throw new BadCallError(this, reason);
  }
}
