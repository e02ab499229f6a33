/**
 * Finds the template that a path fits.
 *
 * @module
 */

import { segmentValue } from "../../../rest/router/path.ts";
import type { PathTemplate, TemplateVariable } from "./path_template.ts";

/** A template that a path fits. */
export interface TemplateMatch<T> {
  /** What was added with the template. */
  readonly value: T;
  /** What the path has for the variables of the template, in their order, decoded. */
  readonly variables: readonly string[];
}

interface Leaf<T> {
  readonly template: PathTemplate;
  readonly value: T;
}

class Node<T> {
  readonly literals = new Map<string, Node<T>>();
  one: Node<T> | undefined;
  /** By verb and method. */
  readonly leaves = new Map<string, Leaf<T>>();
  /** As {@link leaves}, for whatever follows. */
  readonly restLeaves = new Map<string, Leaf<T>>();
}

/** Stands for every method. */
export const ANY_METHOD = "*";

const leafKey = (verb: string, method: string) => `${method} ${verb}`;

/**
 * Templates by their shape. Fixed text wins over `*` and that over `**`, in each segment from the left; a template with a
 * verb wins over one that takes the colon as part of its last segment. Each node is visited once at most, so no path
 * makes it slow.
 */
export class TemplateTable<T> {
  readonly #root = new Node<T>();
  /** Those that are fixed text, by method and path: nothing wins over them. */
  readonly #fixed = new Map<string, TemplateMatch<T>>();
  readonly #methods = new Set<string>();

  /**
   * Adds a template.
   *
   * @param method The HTTP method, or `*` for all.
   * @throws {TypeError} If a template of the same shape is there.
   */
  add(method: string, template: PathTemplate, value: T): void {
    let node = this.#root;
    let leaves = node.leaves;
    for (const segment of template.segments) {
      if (segment.kind === "rest") {
        leaves = node.restLeaves;
        break;
      }
      node = childOf(node, segment.kind === "literal" ? segment.text : undefined);
      leaves = node.leaves;
    }
    const key = leafKey(template.verb, method);
    const there = leaves.get(key);
    if (there) {
      throw new TypeError(
        `Cannot add ${method} ${template.text}: ${there.template.text} takes the same paths`,
      );
    }
    leaves.set(key, { template, value });
    const path = fixedPath(template);
    if (path !== undefined) this.#fixed.set(`${method} ${path}`, { value, variables: [] });
    this.#methods.add(method);
  }

  /** Finds what fits a canonical path; see `canonicalPath` of `rest`. */
  match(method: string, path: string): TemplateMatch<T> | undefined {
    const fixed = this.#fixed.get(`${method} ${path}`);
    if (fixed) return fixed;
    const segments = path === "/" ? [] : path.slice(1).split("/");
    return this.#matchVerb(method, segments) ?? this.#matchAny(method, segments, "");
  }

  /** The methods that have a template for this path. */
  allowed(path: string): string[] {
    return [...this.#methods].filter((method) => this.match(method, path)).sort();
  }

  #matchVerb(method: string, segments: readonly string[]): TemplateMatch<T> | undefined {
    const last = segments.at(-1) ?? "";
    const colon = last.lastIndexOf(":");
    if (colon < 0 || colon === last.length - 1) return undefined;
    const before = segments.slice(0, -1);
    if (colon > 0) before.push(last.slice(0, colon));
    return this.#matchAny(method, before, last.slice(colon + 1));
  }

  #matchAny(
    method: string,
    segments: readonly string[],
    verb: string,
  ): TemplateMatch<T> | undefined {
    const keys = [leafKey(verb, method), leafKey(verb, ANY_METHOD)];
    const leaf = find(this.#root, segments, 0, keys);
    return leaf && {
      value: leaf.value,
      variables: leaf.template.variables.map((it) => valueOf(segments, it)),
    };
  }
}

/** The path of a template that is fixed text, `undefined` for any other. A colon may begin a verb, and is left to the search. */
function fixedPath({ segments, verb }: PathTemplate): string | undefined {
  if (verb !== "") return undefined;
  const texts: string[] = [];
  for (const segment of segments) {
    if (segment.kind !== "literal" || segment.text.includes(":")) return undefined;
    texts.push(segment.text);
  }
  return `/${texts.join("/")}`;
}

function childOf<T>(node: Node<T>, literal: string | undefined): Node<T> {
  if (literal === undefined) return node.one ??= new Node();
  const known = node.literals.get(literal);
  if (known) return known;
  const made = new Node<T>();
  node.literals.set(literal, made);
  return made;
}

function find<T>(
  node: Node<T>,
  segments: readonly string[],
  at: number,
  keys: readonly string[],
): Leaf<T> | undefined {
  const segment = segments[at];
  if (segment !== undefined) {
    const literal = node.literals.get(segment);
    const found = (literal && find(literal, segments, at + 1, keys)) ??
      (node.one && find(node.one, segments, at + 1, keys));
    if (found) return found;
  }
  const leaves = segment === undefined ? [node.leaves, node.restLeaves] : [node.restLeaves];
  for (const each of leaves) {
    for (const key of keys) {
      const leaf = each.get(key);
      if (leaf) return leaf;
    }
  }
  return undefined;
}

/** One segment is decoded whole; of several, an escaped slash stays as it is, or it would look like a boundary. */
function valueOf(segments: readonly string[], { from, to }: TemplateVariable): string {
  if (to === from + 1) return segmentValue(segments[from]!);
  return segments.slice(from, to).map((segment) => segment.replaceAll("%25", "%")).join("/");
}
