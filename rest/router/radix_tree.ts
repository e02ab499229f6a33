/**
 * A radix tree of path patterns.
 *
 * Static text is compared in place, without cutting the path into pieces; a parameter is noted by where it starts
 * and ends. A lookup therefore allocates nothing, and takes time in proportion to the length of the path.
 *
 * @module
 */

const SLASH = 47;
const COLON = 58;

/** A point in the tree: the static text that leads to it, and what may follow. */
class Node<T> {
  children: Node<T>[] = [];
  /** What follows if a parameter comes next. Exists only where a segment begins. */
  parameter: Node<T> | undefined;
  value: T | undefined;
  #text = "";
  /** Code of the first character of `text`; no two children of a node share one. */
  first = 0;

  constructor(text: string) {
    this.text = text;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.first = text.charCodeAt(0);
  }
}

/**
 * Values by pattern. Both patterns and paths are canonical and begin with `/`; a segment of a pattern that
 * begins with `:` matches any one segment. At each segment static text is tried before a parameter, with
 * backtracking.
 */
export class RadixTree<T> {
  readonly #root = new Node<T>("");
  /** Start and end of each parameter of the last match; matching is synchronous, so one list will do. */
  readonly #spans: number[] = [];

  /** The value of a pattern, where `create` makes it if there is none. Parameter names make no difference. */
  ensure(pattern: string, create: () => T): T {
    let node = this.#root;
    for (let at = 0; at < pattern.length;) {
      if (pattern.charCodeAt(at) === COLON && pattern.charCodeAt(at - 1) === SLASH) {
        node = node.parameter ??= new Node<T>("");
        at = segmentEnd(pattern, at);
      } else {
        const end = staticEnd(pattern, at);
        node = descend(node, pattern.slice(at, end));
        at = end;
      }
    }
    return node.value ??= create();
  }

  /** The value whose pattern matches `path`. */
  find(path: string): T | undefined {
    return this.#find(this.#root, path, 0, 0);
  }

  /** The text that parameter number `index` of the last successful `find` stands for in its path. */
  span(path: string, index: number): string {
    return path.slice(this.#spans[2 * index], this.#spans[2 * index + 1]);
  }

  #find(node: Node<T>, path: string, at: number, parameters: number): T | undefined {
    if (at === path.length) return node.value;
    const { children, parameter } = node;
    const first = path.charCodeAt(at);
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (child.first !== first) continue;
      if (continues(path, at, child.text)) {
        const found = this.#find(child, path, at + child.text.length, parameters);
        if (found !== undefined) return found;
      }
      break;
    }
    if (!parameter) return undefined;
    const end = segmentEnd(path, at);
    if (end === at) return undefined;
    const found = this.#find(parameter, path, end, parameters + 1);
    if (found === undefined) return undefined;
    this.#spans[2 * parameters] = at;
    this.#spans[2 * parameters + 1] = end;
    return found;
  }
}

/** Whether `path` goes on with `text` at `at`, given that the first character does. */
function continues(path: string, at: number, text: string): boolean {
  for (let i = 1; i < text.length; i++) { // The first has been compared.
    if (path.charCodeAt(at + i) !== text.charCodeAt(i)) return false;
  }
  return true;
}

function segmentEnd(path: string, at: number): number {
  const slash = path.indexOf("/", at);
  return slash < 0 ? path.length : slash;
}

/** Where the static text that starts at `at` ends: at the next parameter or at the end. */
function staticEnd(pattern: string, at: number): number {
  const colon = pattern.indexOf("/:", at);
  return colon < 0 ? pattern.length : colon + 1;
}

/** The node that static `text` leads to from `node`; splits nodes where texts part. */
function descend<T>(node: Node<T>, text: string): Node<T> {
  const index = node.children.findIndex((child) => child.text[0] === text[0]);
  const child = node.children[index];
  if (!child) {
    const leaf = new Node<T>(text);
    node.children.push(leaf);
    return leaf;
  }
  const shared = sharedLength(child.text, text);
  if (shared === child.text.length) {
    return shared === text.length ? child : descend(child, text.slice(shared));
  }
  const fork = new Node<T>(text.slice(0, shared));
  node.children[index] = fork;
  child.text = child.text.slice(shared);
  fork.children.push(child);
  return shared === text.length ? fork : descend(fork, text.slice(shared));
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
