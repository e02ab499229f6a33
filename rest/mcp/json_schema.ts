/**
 * Schemas as JSON Schema, for those who must be told in advance what a value looks like.
 *
 * @module
 */

import { type Definition, resolve, wireKey } from "../../core/schema/definition.ts";
import { formatDuration } from "../../core/schema/duration.ts";
import type { Schema } from "../../core/schema/field.ts";
import { parseRange } from "../../core/schema/range.ts";

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  /** The kind of value, or kinds. */
  type?: string | string[];
  /** Every other word of JSON Schema. */
  [word: string]: unknown;
}

const INTEGER_BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint: [0, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * The JSON Schema of the values that `schema` reads. An object lists its fields by the names they have in JSON,
 * whatever part of a request they come from. A schema that contains itself is written with `$defs`. Conditions
 * that are code cannot be told, so a value that fits may still be refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 * const schema = object({ id: int().range("[1:]").in("path"), note: string().optional() });
 * assertEquals(toJsonSchema(schema), {
 *   type: "object",
 *   properties: {
 *     id: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
 *     note: { type: "string" },
 *   },
 *   required: ["id"],
 * });
 * ```
 */
export function toJsonSchema(schema: Pick<Schema<unknown>, "definition">): JsonSchema {
  const writer = new Writer();
  const root = writer.write(schema.definition);
  const { definitions } = writer;
  return Object.keys(definitions).length > 0 ? { ...root, $defs: definitions } : root;
}

/** Whether a schema is one of an object, as the protocol wants of tools; what is none goes in one, as its `result`. */
export function isObjectSchema({ definition }: Pick<Schema<unknown>, "definition">): boolean {
  const { kind, nullable, asString } = definition;
  return (kind === "object" || kind === "map") && !nullable && !asString;
}

class Writer {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #names = new Map<Definition, string>();

  write(definition: Definition): JsonSchema {
    const { nullable, description, example, options } = definition;
    const fallback = definition.default;
    const shape = this.#shape(definition);
    const schema: JsonSchema = nullable ? orNull(shape) : shape;
    if (options) {
      schema.enum = [
        ...options.map((each) => plain(definition, each)),
        ...(nullable ? [null] : []),
      ];
    }
    if (description !== undefined) schema.description = description;
    if (example !== undefined) schema.examples = [example];
    if (fallback !== undefined) schema.default = plain(definition, fallback);
    return schema;
  }

  #shape(definition: Definition): JsonSchema {
    if (definition.asString) return { type: "string" };
    const { kind, item } = definition;
    switch (kind) {
      case "string":
      case "boolean":
        return { type: kind };
      case "float32":
      case "float64":
        return { type: "number", ...rangeOf(definition) };
      case "bigint":
        return { type: "integer", ...rangeOf(definition) };
      case "bytes":
        return { type: "string", contentEncoding: "base64" };
      case "duration":
        return { type: "string", description: 'a span of time such as "1h30m"' };
      case "timestamp":
        return { type: "string", format: "date-time" };
      case "any":
      case "custom":
        return {};
      case "array":
        return { type: "array", items: this.write(item!), ...lengthOf(definition) };
      case "map":
        return { type: "object", additionalProperties: this.write(item!) };
      case "object":
        return this.#object(definition);
      case "lazy":
        return this.#reference(resolve(definition));
      default:
        return { type: "integer", ...rangeOf(definition) };
    }
  }

  #object(definition: Definition): JsonSchema {
    const schema: JsonSchema = { type: "object", properties: {} };
    for (const [name, member] of Object.entries(definition.fields ?? {})) {
      if (!member.ignored) this.#place(schema, wireKey(name, member).split("."), member);
    }
    if (definition.strict) schema.additionalProperties = false;
    return schema;
  }

  /** Puts a member where its dotted key says, making the objects on the way. */
  #place(schema: JsonSchema, steps: readonly string[], member: Definition): void {
    const [key, ...rest] = steps;
    const properties = schema.properties as Record<string, JsonSchema>;
    const inner = rest.length > 0;
    if (inner) this.#place(properties[key!] ??= { type: "object", properties: {} }, rest, member);
    else properties[key!] = this.write(member);
    if (!isRequired(member, properties[key!]!)) return;
    const required = (schema.required ??= []) as string[];
    if (!required.includes(key!)) required.push(key!);
  }

  #reference(target: Definition): JsonSchema {
    let name = this.#names.get(target);
    if (name === undefined) {
      name = `type${this.#names.size + 1}`;
      this.#names.set(target, name); // Before the inside, which may refer to it.
      this.definitions[name] = this.write(target);
    }
    return { $ref: `#/$defs/${name}` };
  }
}

function isRequired(member: Definition, schema: JsonSchema): boolean {
  if (member.optional || member.zero || member.dependency || member.group) return false;
  if (member.default !== undefined) return false;
  const { kind } = resolve(member);
  if (kind === "map") return false; // Reads as empty.
  return kind !== "object" || schema.$ref !== undefined || schema.required !== undefined;
}

function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === "string") return { ...schema, type: [schema.type, "null"] };
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: "null" }] };
}

function rangeOf({ kind, range }: Definition): JsonSchema {
  const [minimum, maximum] = INTEGER_BOUNDS[kind] ?? [-Infinity, Infinity];
  const schema: JsonSchema = {};
  const { low, high, includesLow, includesHigh } = range === undefined
    ? { low: -Infinity, high: Infinity, includesLow: true, includesHigh: true }
    : parseRange(range);
  if (low >= minimum && low > -Infinity) schema[includesLow ? "minimum" : "exclusiveMinimum"] = low;
  else if (minimum > -Infinity) schema.minimum = minimum;
  if (high <= maximum && high < Infinity) {
    schema[includesHigh ? "maximum" : "exclusiveMaximum"] = high;
  } else if (maximum < Infinity) schema.maximum = maximum;
  return schema;
}

function lengthOf({ length, maxItems }: Definition): JsonSchema {
  if (length !== undefined) return { minItems: length, maxItems: length };
  return maxItems === undefined ? {} : { maxItems };
}

/** A value of a schema as JSON would hold it. */
function plain(definition: Definition, value: unknown): unknown {
  if (definition.kind === "duration" && typeof value === "number") return formatDuration(value);
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value.toBase64();
  return definition.asString ? String(value) : value;
}
