/**
 * The state of one decoding: the problems found so far, and what the caller allows.
 *
 * Decoders never throw and never build a path while all is well. One that fails leaves a pending
 * issue with an empty path and answers {@link FAIL}; each enclosing decoder puts its own segment in
 * front. The message is written last, when the whole path is known.
 *
 * @module
 */

import { ExactNumber } from "./exact_number.ts";
import type { Issue, IssueCode, Source } from "./errors.ts";

/** What a decoder answers when it left at least one issue. */
export const FAIL: unique symbol = Symbol("zeno.schema.FAIL");

/** Reads one value; `depth` counts the objects, lists and maps around it. */
export type Decoder = (value: unknown, run: Run, depth: number) => unknown;

/** Writes a message for the path at which the issue turned out to be. */
export type Describe = (path: string) => string;

/** Deepest nesting a decoder follows. */
export const MAX_DEPTH = 64;

interface PendingIssue {
  source: Source | undefined;
  path: string;
  readonly code: IssueCode;
  readonly describe: Describe;
  note: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** The most issues one decoding reports: a hostile list of 10,000 items needs no 10,000 answers. */
const MAX_ISSUES = 100;

/** What the caller of one decoding allows. */
export interface RunOptions {
  /** Reads an environment variable; fields with `env` ignore it when absent. */
  readonly env?: ((name: string) => string | undefined) | undefined;
  /** Whether null reads as absent, unless the field is nullable. */
  readonly nullAsAbsent?: boolean | undefined;
  /** Whether spans may be numbers of ms. */
  readonly durationMs?: boolean | undefined;
}

/** The state of one decoding. */
export class Run {
  /** Reads an environment variable, where the caller allows it. */
  readonly env: ((name: string) => string | undefined) | undefined;
  /** Whether null reads as absent. */
  readonly nullAsAbsent: boolean;
  /** Whether spans may be numbers of ms. */
  readonly durationMs: boolean;
  /** The enclosing input objects, outermost first. Kept only by schemas that use `inherit`. */
  readonly parents: Readonly<Record<string, unknown>>[] | undefined;
  #pending: PendingIssue[] | undefined;

  constructor(options?: RunOptions, tracksParents = false) {
    this.env = options?.env;
    this.nullAsAbsent = options?.nullAsAbsent ?? false;
    this.durationMs = options?.durationMs ?? false;
    this.parents = tracksParents ? [] : undefined;
  }

  /** How many issues there are. */
  get count(): number {
    return this.#pending === undefined ? 0 : this.#pending.length;
  }

  /** Leaves an issue at the current place and answers {@link FAIL}. */
  fail(
    code: IssueCode,
    describe: Describe,
    params?: Readonly<Record<string, unknown>>,
  ): typeof FAIL {
    this.#pending ??= [];
    if (this.#pending.length < MAX_ISSUES) {
      this.#pending.push({ source: undefined, path: "", code, describe, note: "", params });
    }
    return FAIL;
  }

  /** Puts the member name `key` in front of the paths of the issues from `start` on. */
  prefixKey(start: number, key: string): void {
    this.#prefix(start, (path) => {
      if (path === "") return key;
      return path[0] === "[" ? key + path : `${key}.${path}`;
    });
  }

  /** Puts the list index or map key `key` in front of the paths of the issues from `start` on. */
  prefixIndex(start: number, key: string | number): void {
    this.#prefix(start, (path) => {
      const separator = path === "" || path[0] === "[" ? "" : ".";
      return `[${key}]${separator}${path}`;
    });
  }

  #prefix(start: number, change: (path: string) => string): void {
    const pending = this.#pending ?? [];
    for (const issue of pending.slice(start)) issue.path = change(issue.path);
  }

  /** Says which part of a request the issues from `start` on are in. */
  markSource(start: number, source: Source): void {
    for (const issue of this.#pending?.slice(start) ?? []) issue.source ??= source;
  }

  /** Ends the messages of the issues from `start` on with `note`. */
  addNote(start: number, note: string): void {
    for (const issue of this.#pending?.slice(start) ?? []) issue.note += note;
  }

  /** The issues with their messages. */
  issues(): Issue[] {
    return (this.#pending ?? []).map(({ source, path, code, describe, note, params }) => ({
      ...(source === undefined ? {} : { in: source }),
      path,
      code,
      message: describe(path) + note,
      ...(params === undefined ? {} : { params }),
    }));
  }
}

/** Names a value's kind in messages. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "number";
    case "object":
      return value instanceof ExactNumber ? "number" : "map";
    default:
      return typeof value;
  }
}

/** Quotes a value for a message, shortened so that no body is echoed. */
export function quote(value: unknown): string {
  const text = String(value);
  return text.length > 40 ? `"${text.slice(0, 40)}..."` : `"${text}"`;
}

/** Names a place at the head of a message; the whole value has no name. */
export function at(path: string): string {
  return path === "" ? "value" : `field "${path}"`;
}

/** Leaves an issue about a value of the wrong kind. */
export function mismatch(run: Run, expected: string, value: unknown): typeof FAIL {
  const actual = kindOf(value);
  return run.fail(
    "type",
    (path) => `type mismatch for ${at(path)}, expect "${expected}", actual "${actual}"`,
    { expected, actual },
  );
}

/** Leaves an issue about a value nested too deeply. */
export function tooDeep(run: Run): typeof FAIL {
  return run.fail("too_deep", (path) => `${at(path)} is nested deeper than ${MAX_DEPTH} levels`, {
    maxDepth: MAX_DEPTH,
  });
}
