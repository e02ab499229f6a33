import { assertEquals } from "@std/assert";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  custom,
  duration,
  float64,
  int,
  int8,
  lazy,
  map,
  string,
  timestamp,
  uint32,
} from "../../core/schema/builders.ts";
import type { Schema } from "../../core/schema/field.ts";
import { object, type ObjectSchema, optionalGroup } from "../../core/schema/object.ts";
import { isObjectSchema, type JsonSchema, toJsonSchema } from "./json_schema.ts";

const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

const cases: { name: string; schema: Schema<unknown>; json: JsonSchema }[] = [
  { name: "string", schema: string(), json: { type: "string" } },
  {
    name: "options",
    schema: string().options(["a", "b"]),
    json: { type: "string", enum: ["a", "b"] },
  },
  { name: "boolean", schema: boolean(), json: { type: "boolean" } },
  { name: "int", schema: int(), json: { type: "integer", ...safe } },
  { name: "int8", schema: int8(), json: { type: "integer", minimum: -128, maximum: 127 } },
  {
    name: "uint32",
    schema: uint32(),
    json: { type: "integer", minimum: 0, maximum: 4_294_967_295 },
  },
  {
    name: "an open range",
    schema: float64().range("(0:1)"),
    json: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
  },
  {
    name: "a range wider than its width",
    schema: int8().range("[-999:5]"),
    json: { type: "integer", minimum: -128, maximum: 5 },
  },
  { name: "bigint", schema: bigint(), json: { type: "integer" } },
  { name: "text that is a number", schema: int().asString(), json: { type: "string" } },
  { name: "bytes", schema: bytes(), json: { type: "string", contentEncoding: "base64" } },
  { name: "timestamp", schema: timestamp(), json: { type: "string", format: "date-time" } },
  {
    name: "a duration with a default",
    schema: duration().default(90_000).describe("How long"),
    json: { type: "string", description: "How long", default: "1m30s" },
  },
  { name: "any", schema: any(), json: {} },
  { name: "custom", schema: custom(String), json: {} },
  { name: "null", schema: string().nullable(), json: { type: ["string", "null"] } },
  {
    name: "null among options",
    schema: string().options(["a"]).nullable(),
    json: { type: ["string", "null"], enum: ["a", null] },
  },
  {
    name: "lists",
    schema: array(boolean(), { length: 2 }),
    json: { type: "array", items: { type: "boolean" }, minItems: 2, maxItems: 2 },
  },
  {
    name: "maps",
    schema: map(string()),
    json: { type: "object", additionalProperties: { type: "string" } },
  },
  {
    name: "objects, with the names of the wire",
    schema: object({
      id: string().in("path", "user_id"),
      when: string().key("a.b").optional(),
      who: string().key("a.c"),
      gone: string().key("-"),
      page: int().default(1),
      zero: string().zero(),
      tags: map(string()),
      inner: object({ x: string().optional() }),
    }, { strict: true }),
    json: {
      type: "object",
      properties: {
        user_id: { type: "string" },
        a: {
          type: "object",
          properties: { b: { type: "string" }, c: { type: "string" } },
          required: ["c"],
        },
        "-": { type: "string" },
        page: { type: "integer", ...safe, default: 1 },
        zero: { type: "string" },
        tags: { type: "object", additionalProperties: { type: "string" } },
        inner: { type: "object", properties: { x: { type: "string" } } },
      },
      required: ["user_id", "a", "-"],
      additionalProperties: false,
    },
  },
  {
    name: "fields that depend on others",
    schema: object({
      a: string().optional(),
      b: string().requiredWith("a"),
      ...optionalGroup("G", { c: string() }),
    }),
    json: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string" }, c: { type: "string" } },
    },
  },
];
for (const { name, schema, json } of cases) {
  Deno.test(`toJsonSchema() writes ${name}`, () => assertEquals(toJsonSchema(schema), json));
}

Deno.test("toJsonSchema() writes a type that contains itself once", () => {
  interface Tree {
    name: string;
    children?: Tree[];
  }
  const tree: ObjectSchema<Tree> = object({
    name: string(),
    children: array(lazy(() => tree)).optional(),
  });
  const node = {
    type: "object",
    properties: {
      name: { type: "string" },
      children: { type: "array", items: { $ref: "#/$defs/type1" } },
    },
    required: ["name"],
  };
  assertEquals<JsonSchema>(toJsonSchema(tree), { ...node, $defs: { type1: node } });
});

const shapes: { name: string; schema: Schema<unknown>; isObject: boolean }[] = [
  { name: "an object", schema: object({ a: int() }), isObject: true },
  { name: "an object that may be null", schema: object({ a: int() }).nullable(), isObject: false },
  { name: "a map", schema: map(int()), isObject: true },
  { name: "a list", schema: array(int()), isObject: false },
  { name: "anything", schema: any(), isObject: false },
  { name: "a reference", schema: lazy(() => object({ a: int() })), isObject: false },
];
for (const { name, schema, isObject } of shapes) {
  Deno.test(`isObjectSchema() says ${isObject} of ${name}, as its JSON Schema does`, () => {
    assertEquals(isObjectSchema(schema), isObject);
    assertEquals(toJsonSchema(schema).type === "object", isObject);
  });
}
