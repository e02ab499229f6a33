/**
 * What a page may load.
 *
 * @see https://www.w3.org/TR/CSP3/
 * @module
 */

/** Directives by name, each with its sources: `{ "default-src": ["'self'"], "upgrade-insecure-requests": [] }`. */
export type PolicyDirectives = Readonly<Record<string, readonly string[]>>;

/**
 * Writes a policy.
 *
 * @throws {SyntaxError} If a name or a source is malformed, so that no value can end its directive and begin another.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const policy = contentSecurityPolicy({ "default-src": ["'self'"], "img-src": ["'self'", "data:"] });
 * assertEquals(policy, "default-src 'self'; img-src 'self' data:");
 * ```
 */
export function contentSecurityPolicy(directives: PolicyDirectives): string {
  return Object.entries(directives).map(([name, sources]) => {
    if (!/^[a-z][a-z-]*$/.test(name)) throw malformed("directive", name);
    const bad = sources.find((source) => !/^[!-+\--:<-~]+$/.test(source));
    if (bad !== undefined) throw malformed("source", bad);
    return [name, ...sources].join(" ");
  }).join("; ");
}

function malformed(what: string, text: string): SyntaxError {
  return new SyntaxError(`Cannot write policy: the ${what} ${JSON.stringify(text)} is malformed`);
}
