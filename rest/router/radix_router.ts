/**
 * A router on a tree of path segments, one tree for each method.
 *
 * A static segment wins over a parameter at every level, with backtracking, so `/users/me` and
 * `/users/:id/posts` live together. Matching takes time in proportion to the length of the path and uses no
 * regular expression, so no pattern can be made slow by a crafted path.
 *
 * @module
 */

import { joinPattern, segmentValue } from "./path.ts";
import { type Match, METHODS, type Router } from "./router.ts";

/** What ends at a node: the value and the names of the parameters on the way to it. */
interface Leaf<T> {
  readonly value: T;
  readonly names: readonly string[];
  readonly pattern: string;
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** The child that any one segment leads to. */
  any: Node<T> | undefined;
  leaf: Leaf<T> | undefined;
}

/** One method's routes. */
interface Tree<T> {
  /** Routes without parameters, found by one lookup; a static route always wins. */
  readonly statics: Map<string, Match<T>>;
  readonly root: Node<T>;
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/**
 * A {@link Router} on a tree of segments.
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
  readonly #trees = new Map<string, Tree<T>>();
  /** Segments taken by parameters on the current path down; matching is synchronous, so one will do. */
  readonly #taken: string[] = [];

  /** Adds a route; see {@link Router.add}. */
  add(method: string, pattern: string, value: T): void {
    if (!METHODS.has(method)) {
      throw new SyntaxError(
        `Cannot add route ${method} ${pattern}: the method must be one of ${
          [...METHODS].join(", ")
        }`,
      );
    }
    if (!pattern.startsWith("/")) {
      throw new SyntaxError(
        `Cannot add route ${method} ${pattern || '""'}: the path must begin with "/"`,
      );
    }
    const tree = this.#tree(method);
    const path = joinPattern("", pattern);
    const names: string[] = [];
    let node = tree.root;
    for (const segment of path.split("/").slice(1)) {
      if (segment === "") continue;
      node = segment.startsWith(":") ? node.any ??= emptyNode() : childOf(node, segment);
      if (segment.startsWith(":")) names.push(parameterName(segment, pattern));
    }
    if (node.leaf) {
      if (node.leaf.pattern !== path) return; // Same shape, other names: the first wins.
      throw new TypeError(`Cannot add route ${method} ${pattern}: it is there already`);
    }
    node.leaf = { value, names, pattern: path };
    if (names.length === 0) tree.statics.set(path, { value, params: NO_PARAMS });
  }

  /** Finds a route; see {@link Router.match}. */
  match(method: string, path: string): Match<T> | undefined {
    const tree = this.#trees.get(method);
    if (!tree) return undefined;
    const found = tree.statics.get(path);
    if (found) return found;
    const leaf = this.#find(tree.root, path, 1, 0);
    return leaf && { value: leaf.value, params: this.#params(leaf.names) };
  }

  /** The methods that have a route for this path; see {@link Router.allowed}. */
  allowed(path: string): string[] {
    return [...this.#trees.keys()].filter((method) => this.match(method, path));
  }

  #tree(method: string): Tree<T> {
    let tree = this.#trees.get(method);
    if (!tree) this.#trees.set(method, tree = { statics: new Map(), root: emptyNode() });
    return tree;
  }

  /** Walks down from `node` with the segment that starts at `from`; `depth` parameters are taken. */
  #find(node: Node<T>, path: string, from: number, depth: number): Leaf<T> | undefined {
    const slash = path.indexOf("/", from);
    const segment = slash < 0 ? path.slice(from) : path.slice(from, slash);
    const fixed = node.children.get(segment);
    if (fixed) {
      const leaf = slash < 0 ? fixed.leaf : this.#find(fixed, path, slash + 1, depth);
      if (leaf) return leaf;
    }
    const any = node.any;
    if (!any || segment === "") return undefined;
    const leaf = slash < 0 ? any.leaf : this.#find(any, path, slash + 1, depth + 1);
    if (leaf) this.#taken[depth] = segment;
    return leaf;
  }

  #params(names: readonly string[]): Readonly<Record<string, string>> {
    const first = segmentValue(this.#taken[0]!);
    if (names.length === 1) return { [names[0]!]: first };
    const params: Record<string, string> = {};
    // Backwards, so that of two parameters with one name the leftmost wins.
    for (let i = names.length - 1; i >= 0; i--) params[names[i]!] = segmentValue(this.#taken[i]!);
    return params;
  }
}

function emptyNode<T>(): Node<T> {
  return { children: new Map(), any: undefined, leaf: undefined };
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  let child = node.children.get(segment);
  if (!child) node.children.set(segment, child = emptyNode());
  return child;
}

function parameterName(segment: string, pattern: string): string {
  const name = segment.slice(1);
  if (name === "" || name === "__proto__") {
    throw new SyntaxError(`Cannot add route ${pattern}: "${segment}" names no parameter`);
  }
  return name;
}
