/**
 * Schemas of objects, which are also the schemas of requests and of configuration.
 *
 * @module
 */

import { checkMembers, withExactDependency } from "./_check_definition.ts";
import { type Binder, binderOf } from "./_bind.ts";
import type { BindSources } from "./_request_source.ts";
import { type Definition, sourceKeys } from "./definition.ts";
import { type Source, ValidationError } from "./errors.ts";
import { Field } from "./field.ts";
import type { Fields, FieldsOf, GroupFields, InferFields } from "./fields.ts";
import { fillDefaults, type FillOptions } from "./_fill_defaults.ts";
import { FAIL, Run } from "./_run.ts";
import { inherits } from "./_shape.ts";
import { type Parts, toParts } from "./_to_parts.ts";

/** Options for {@link object}. */
export interface ObjectOptions {
  /** Whether keys that no field reads are issues. @default {false} */
  strict?: boolean | undefined;
}

/** The schema of an object. Made by {@link object}. */
export class ObjectSchema<T, Optional extends boolean = false> extends Field<T, Optional> {
  #binder: Binder | undefined;
  #sources: ReadonlySet<Source> | undefined;
  #inherits: boolean | undefined;

  /** The parts of a request that any field reads. */
  get sources(): ReadonlySet<Source> {
    return this.#sources ??= new Set(
      Object.entries(this.definition.fields ?? {}).flatMap(([name, member]) =>
        member.ignored ? [] : sourceKeys(name, member).map(({ source }) => source)
      ),
    );
  }

  /** The members, to spread into another object: `object({ ...base.fields, own: string() })`. */
  get fields(): FieldsOf<T> {
    const members = Object.entries(this.definition.fields ?? {}).map(([name, member]) => [
      name,
      member.kind === "object" ? new ObjectSchema(member) : new Field(member),
    ]);
    return Object.fromEntries(members) as FieldsOf<T>;
  }

  /**
   * Reads a request.
   *
   * A field is looked up in every source it names; if several have it, all must be valid and the
   * last wins. Text sources convert text, JSON does not.
   *
   * @throws {ValidationError} With every issue of every source.
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { int, string } from "@zeno/zeno/core/schema";
   *
   * const request = object({ id: int().in("path"), name: string() });
   * assertEquals(request.bind({ path: { id: "7" }, json: { name: "Ada" } }), { id: 7, name: "Ada" });
   * ```
   */
  bind(sources: BindSources): T {
    const binder = this.#binder ??= binderOf(this.definition);
    const run = new Run(undefined, this.#inherits ??= inherits(this.definition));
    const result = binder(sources, run);
    // Conditions on the whole object run once its members are sound.
    const problems = result === FAIL ? false : this.#check(result, run);
    if (result === FAIL || problems) {
      throw new ValidationError(run.issues(), "read request");
    }
    return result as T;
  }

  #check(value: unknown, run: Run): boolean {
    for (const check of this.definition.checks ?? []) {
      const problem = check(value);
      if (problem !== undefined) run.fail("custom", () => problem);
    }
    return run.count > 0;
  }

  /**
   * An object made of nothing but defaults and environment variables. Also goes into optional
   * members. Required members without a default stay missing, so the result may be incomplete.
   */
  fillDefaults(options?: FillOptions): T {
    return fillDefaults(this.definition, options) as T;
  }

  /**
   * Takes an object apart into the parts of the request that would carry it: the reverse of
   * {@link ObjectSchema.bind}. A field goes to the first source it names.
   *
   * @throws {ValidationError} If the object breaks the schema.
   */
  toParts(value: T): Parts {
    return toParts(this.definition, value as Readonly<Record<string, unknown>>);
  }
}

/**
 * Describes an object.
 *
 * @throws {TypeError | RangeError | SyntaxError} If a field contradicts itself; names the field.
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { array, int, string, ValidationError } from "@zeno/zeno/core/schema";
 *
 * const user = object({
 *   name: string(),
 *   age: int().range("[0:150]").optional(),
 *   tags: array(string()).default([]),
 * });
 * assertEquals(user.parse({ name: "Ada" }), { name: "Ada", tags: [] });
 * assertThrows(() => user.parse({ age: 200 }), ValidationError, 'field "name" is not set (and 1 more)');
 * ```
 */
export function object<const F extends Fields>(
  fields: F,
  options: ObjectOptions = {},
): ObjectSchema<InferFields<F>> {
  const definitions: Record<string, Definition> = Object.create(null);
  for (const [name, field] of Object.entries(fields)) definitions[name] = field.definition;
  checkMembers(definitions);
  for (const [name, definition] of Object.entries(definitions)) {
    definitions[name] = withExactDependency(name, definition, definitions);
  }
  return new ObjectSchema<InferFields<F>>({
    kind: "object",
    fields: Object.freeze(definitions),
    ...(options.strict ? { strict: true } : {}),
  });
}

/**
 * Members that come together or not at all: if any of them is given, all that are required must be.
 * Spread the answer into {@link object}. Their defaults apply only when the group is given.
 *
 * @param name The group's name in messages.
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { int, string } from "@zeno/zeno/core/schema";
 *
 * const server = object({
 *   name: string(),
 *   ...optionalGroup("Tls", { certFile: string(), keyFile: string() }),
 * });
 * assertEquals(server.parse({ name: "a" }), { name: "a" });
 * assertThrows(() => server.parse({ name: "a", certFile: "c" }), Error, '"Tls" is not fully set');
 * ```
 */
export function optionalGroup<const F extends Fields>(name: string, fields: F): GroupFields<F> {
  const group = Object.freeze({ name });
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      new Field({ ...field.definition, group }),
    ]),
  ) as GroupFields<F>;
}
