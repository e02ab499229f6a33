/**
 * Trees of values as parsers of configuration formats give them.
 *
 * @module
 */

/** A parsed document. */
export interface ParsedText {
  /** The values. */
  readonly tree: unknown;
  /** The line, from 1, of each key by its path in lower case, where the parser tells. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** Why a text could not be parsed. Its message names no content. */
export class FormatProblem extends Error {
  /** Line of the problem, from 1, where the parser tells. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Deepest nesting of a document. */
const MAX_DEPTH = 64;

/**
 * The most nodes of a document. Aliases of YAML make a short text stand for a huge tree; no
 * configuration comes near.
 */
const MAX_NODES = 100_000;

/** Copies a tree, changing its objects and leaves, within limits. */
export class TreeCopier {
  readonly #leaf: (value: unknown) => unknown;
  readonly #object: (value: Record<string, unknown>) => Record<string, unknown>;
  #nodes = 0;

  constructor(changes: {
    leaf?: (value: unknown) => unknown;
    object?: (value: Record<string, unknown>) => Record<string, unknown>;
  }) {
    this.#leaf = changes.leaf ?? ((value) => value);
    this.#object = changes.object ?? ((value) => value);
  }

  /** The copy. Throws a {@link FormatProblem} past the limits. */
  copy(value: unknown, depth = 0): unknown {
    if (++this.#nodes > MAX_NODES) {
      throw new FormatProblem(`more than ${MAX_NODES} values, counting aliases each time`);
    }
    if (typeof value !== "object" || value === null) return this.#leaf(value);
    if (depth >= MAX_DEPTH) throw new FormatProblem(`nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) return value.map((each) => this.copy(each, depth + 1));
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return this.#leaf(value);
    const out: Record<string, unknown> = Object.create(null);
    for (const [key, each] of Object.entries(this.#object(value as Record<string, unknown>))) {
      out[key] = this.copy(each, depth + 1);
    }
    return out;
  }
}
