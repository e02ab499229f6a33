/**
 * The schema of one value, as a chain of words.
 *
 * @module
 */

import { checkField } from "./_check_definition.ts";
import { compile } from "./_compile.ts";
import { type Definition, resolve } from "./definition.ts";
import { type Issue, type Source, ValidationError } from "./errors.ts";
import { foldKeys } from "./_fold_keys.ts";
import { absentReader } from "./_presence.ts";
import { acceptsNull, unexpectedNull } from "./_container.ts";
import { FAIL, Run } from "./_run.ts";
import type { StandardProps, StandardResult } from "./standard.ts";
import { inherits } from "./_shape.ts";

/** How {@link Schema.parse} reads its input. */
export interface ParseOptions {
  /** Whether scalars are read from text, as in a query string. @default {false} */
  text?: boolean | undefined;
  /** Whether object keys match without regard to case; keys of maps keep theirs. @default {false} */
  ignoreCase?: boolean | undefined;
  /** Whether null reads as absent, unless the field is nullable. @default {false} */
  nullAsAbsent?: boolean | undefined;
  /** Whether spans may also be numbers of ms, as they are in what was parsed before or is written in code. @default {false} */
  durationMs?: boolean | undefined;
  /** Reads an environment variable for fields with `env`. Without it they read none. */
  env?: ((name: string) => string | undefined) | undefined;
  /**
   * Receives each key that the schema does not know, with the known key it most resembles. Called
   * only together with `ignoreCase`.
   */
  onUnknownKey?: ((path: string, suggestion: string | undefined) => void) | undefined;
}

/** What {@link Schema.safeParse} answers. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Reads and checks values of type `T`. Follows Standard Schema v1. */
export interface Schema<T> {
  /** The schema as Standard Schema v1. */
  readonly "~standard": StandardProps<unknown, T>;
  /** What the schema says, as data. */
  readonly definition: Definition;
  /**
   * Reads `input`, or throws.
   *
   * @throws {ValidationError} With every issue.
   */
  parse(input: unknown, options?: ParseOptions): T;
  /** Reads `input`, or answers with every issue. */
  safeParse(input: unknown, options?: ParseOptions): ParseResult<T>;
}

/** The type of the values that a schema reads. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Text of a range, where a range makes sense. */
export type RangeText<T> = [T] extends [number | bigint | null] ? string : never;

/**
 * The schema of one value. Immutable: every method answers with a new field.
 *
 * `Optional` says whether the property may be missing from the result. A field made optional and
 * then given a default is never missing.
 */
export class Field<T, Optional extends boolean = false> implements Schema<T> {
  /** What the schema says, as data. */
  readonly definition: Definition;
  /** Carries `Optional` for inference; never set. */
  declare readonly "~optional": Optional;

  /** Takes a definition; use the builders instead. */
  constructor(definition: Definition) {
    this.definition = Object.freeze(definition);
  }

  /** A field like this one with some parts changed, of the same class. */
  protected derive(changes: Partial<Definition>): this {
    const Class = this.constructor as new (definition: Definition) => this;
    return new Class({ ...this.definition, ...changes });
  }

  #retyped<U, O extends boolean>(changes: Partial<Definition>): Field<U, O> {
    return new Field<U, O>({ ...this.definition, ...changes });
  }

  /** May be absent or null; the property is then missing. No defaults inside it apply then. */
  optional(): Field<T, true> {
    return this.#retyped({ optional: true });
  }

  /**
   * Reads as `value` when absent. Null is still an issue, but for optional fields and with
   * {@link Field.defaultOnNull}.
   */
  default(value: T): Field<T> {
    return this.#retyped({ default: value });
  }

  /** Takes the default for null too. */
  defaultOnNull(): this {
    return this.derive({ defaultOnNull: true });
  }

  /** Reads as the zero of its kind (`""`, `0`, `false`, empty) when absent or null. */
  zero(): Field<T> {
    return this.#retyped({ optional: true, zero: true });
  }

  /** Takes null as a value. */
  nullable(): Field<T | null, Optional> {
    return this.#retyped({ nullable: true });
  }

  /** Allows only these values, and narrows the type to them. Numbers compare by value. */
  options<const O extends T>(values: readonly O[]): Field<O, Optional> {
    return this.#retyped({ options: Object.freeze([...values]) });
  }

  /**
   * Bounds a number: `[` and `]` include the bound, `(` and `)` exclude it, either may be left out,
   * as in `[0:150]`, `(0:1)` or `[1:]`.
   */
  range(text: RangeText<T>): this {
    return this.derive({ range: text as string });
  }

  /** Names an environment variable that, when not empty, wins over the input. For config. */
  env(name: string): this {
    return this.derive({ env: name });
  }

  /** Takes an absent value from the nearest enclosing object that has the key; objects merge. */
  inherit(): this {
    return this.derive({ inherit: true });
  }

  /** Is written as text in JSON although it is none, as in `"5"`; exact numbers are read too. */
  asString(): this {
    return this.derive({ asString: true });
  }

  /** Must be present exactly when the field with the wire name `name` is. */
  requiredWith(name: string): Field<T, true> {
    return this.#retyped({ dependency: { on: name, kind: "with" } });
  }

  /** Must be present exactly when the field with the wire name `name` is absent. */
  requiredWithout(name: string): Field<T, true> {
    return this.#retyped({ dependency: { on: name, kind: "without" } });
  }

  /**
   * Reads the field from this part of a request, under `key` or else its own name. May be called for
   * several parts: one of them must have the field, and if more do, the last in the order path,
   * form, header, cookie, JSON wins.
   */
  in(source: Source, key?: string): this {
    const others = (this.definition.sources ?? []).filter((each) => each.source !== source);
    const sources = [...others, { source, key }];
    sources.sort((a, b) => SOURCE_ORDER.indexOf(a.source) - SOURCE_ORDER.indexOf(b.source));
    return this.derive({ sources: Object.freeze(sources) });
  }

  /** Names the field on the wire. A dot in a JSON key walks into nested objects. */
  key(name: string): this {
    return this.derive({ key: name });
  }

  /** Must not be shown to people: pages that show a config mask the value, whatever its key. */
  secret(): this {
    return this.derive({ secret: true });
  }

  /** Says what the value means, for generated documents. */
  describe(text: string): this {
    return this.derive({ description: text });
  }

  /** Adds a condition: `test` answers with what is wrong, or nothing. Runs after all other rules. */
  check(test: (value: T) => string | undefined | void): this {
    const check = (value: unknown) => test(value as T) ?? undefined;
    return this.derive({ checks: [...(this.definition.checks ?? []), check] });
  }

  /** The schema as Standard Schema v1. */
  get "~standard"(): StandardProps<unknown, T> {
    return {
      version: 1,
      vendor: "zeno",
      validate: (value): StandardResult<T> => {
        const result = this.safeParse(value);
        if (result.ok) return { value: result.value };
        return {
          issues: result.issues.map(({ message, path }) => ({ message, path: toSegments(path) })),
        };
      },
    };
  }

  /** Reads `input`, or throws a {@link ValidationError} with every issue. */
  parse(input: unknown, options?: ParseOptions): T {
    const run = new Run(options, this.#tracksParents);
    const result = this.#decode(input, run, options);
    if (result === FAIL) throw new ValidationError(run.issues());
    return result as T;
  }

  /** Reads `input`, or answers with every issue. */
  safeParse(input: unknown, options?: ParseOptions): ParseResult<T> {
    const run = new Run(options, this.#tracksParents);
    const result = this.#decode(input, run, options);
    if (result === FAIL) return { ok: false, issues: run.issues() };
    return { ok: true, value: result as T };
  }

  #inherits: boolean | undefined;

  get #tracksParents(): boolean {
    return this.#inherits ??= inherits(this.definition);
  }

  #checked = false;

  #decode(input: unknown, run: Run, options: ParseOptions | undefined): unknown {
    if (!this.#checked) {
      checkField("value", this.definition); // Members were checked by their object.
      this.#checked = true;
    }
    const { definition } = this;
    if (input === undefined) return absentReader(definition, compile)(run, 0);
    if (input === null) {
      const nulls = definition.nullable || acceptsNull(resolve(definition));
      if (nulls) return null;
      return definition.optional ? undefined : unexpectedNull(run);
    }
    const decode = compile(definition, options?.text ? "text" : "native");
    if (!options?.ignoreCase) return decode(input, run, 0);
    const mark = run.count;
    const folded = foldKeys(input, definition, run, options.onUnknownKey);
    const result = decode(folded, run, 0);
    return run.count > mark ? FAIL : result;
  }
}

const SOURCE_ORDER: readonly Source[] = ["path", "form", "header", "cookie", "json"];

/** A path in words as Standard Schema's list of segments. */
function toSegments(path: string): (string | number)[] {
  const segments: (string | number)[] = [];
  for (const part of path.split(/[.[\]]/)) {
    if (part !== "") segments.push(/^\d+$/.test(part) ? Number(part) : part);
  }
  return segments;
}
