/**
 * A router on radix trees, one for each method.
 *
 * A static segment wins over a parameter at every level, with backtracking, so `/users/me` and
 * `/users/:id/posts` live together. No regular expression is involved, so no pattern can be made slow by a crafted
 * path.
 *
 * @module
 */

import { joinPattern, segmentValue } from "./path.ts";
import { RadixTree } from "./radix_tree.ts";
import { type Match, METHODS, type Router } from "./router.ts";

type Params = Record<string, string>;

/** Makes the parameters of a route; its instances share one shape, which plain objects with computed keys do not. */
type ParamsClass = new (tree: RadixTree<Leaf<unknown>>, path: string) => Params;

interface Leaf<T> {
  readonly pattern: string;
  readonly value: T;
  readonly params: ParamsClass;
}

/**
 * A {@link Router} on radix trees.
 *
 * Two patterns of one shape and other parameter names (`/:a` and `/:b`) are no conflict: the first wins.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const router = new RadixRouter<string>();
 * router.add("GET", "/users/:id", "user");
 * router.add("GET", "/users/me", "me");
 * assertEquals(router.match("GET", "/users/me")?.value, "me");
 * assertEquals(router.match("GET", "/users/7")?.params.id, "7");
 * ```
 */
export class RadixRouter<T> implements Router<T> {
  readonly #trees = new Map<string, RadixTree<Leaf<T>>>();

  /** Adds a route; see {@link Router.add}. */
  add(method: string, pattern: string, value: T): void {
    if (!METHODS.has(method)) {
      const methods = [...METHODS].join(", ");
      throw new SyntaxError(
        `Cannot add route ${method} ${pattern}: the method must be one of ${methods}`,
      );
    }
    if (!pattern.startsWith("/")) {
      throw new SyntaxError(
        `Cannot add route ${method} ${pattern || '""'}: the path must begin with "/"`,
      );
    }
    let tree = this.#trees.get(method);
    if (!tree) this.#trees.set(method, tree = new RadixTree());
    const canonical = joinPattern("", pattern);
    const leaf: Leaf<T> = { pattern: canonical, value, params: paramsClass(namesOf(canonical)) };
    const there = tree.ensure(canonical, () => leaf);
    if (there !== leaf && there.pattern === canonical) {
      throw new TypeError(`Cannot add route ${method} ${pattern}: it is there already`);
    }
  }

  /** Finds a route; see {@link Router.match}. */
  match(method: string, path: string): Match<T> | undefined {
    const tree = this.#trees.get(method);
    const leaf = tree?.find(path);
    return leaf && { value: leaf.value, params: new leaf.params(tree!, path) };
  }

  /** The methods that have a route for this path; see {@link Router.allowed}. */
  allowed(path: string): string[] {
    return [...this.#trees.keys()].filter((method) => this.match(method, path));
  }
}

function namesOf(pattern: string): string[] {
  return pattern.split("/").filter((segment) => segment.startsWith(":")).map((segment) => {
    const name = segment.slice(1);
    if (name !== "" && name !== "__proto__") return name;
    throw new SyntaxError(`Cannot add route ${pattern}: "${segment}" names no parameter`);
  });
}

function paramsClass(names: readonly string[]): ParamsClass {
  class Params {
    [name: string]: string;

    constructor(tree: RadixTree<Leaf<unknown>>, path: string) {
      // Backwards, so that of two parameters with one name the leftmost wins.
      for (let i = names.length - 1; i >= 0; i--) {
        this[names[i]!] = segmentValue(tree.span(path, i));
      }
    }
  }
  // Parameters inherit nothing, so a name that was not in the pattern is never found.
  Object.setPrototypeOf(Params.prototype, null);
  Reflect.deleteProperty(Params.prototype, "constructor");
  return Params;
}
