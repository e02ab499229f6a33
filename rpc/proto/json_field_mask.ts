/**
 * Field masks in the JSON of proto3.
 *
 * @module
 */

import { lowerCamel } from "./field.ts";
import { JsonFault } from "./json_context.ts";
import { type JsonValue, kindOf } from "./json_value.ts";

/** Paths in lowerCamel, joined with commas. */
export function writeFieldMask(paths: readonly string[]): string {
  return paths.map((path) => {
    const camel = lowerCamel(path);
    if (snake(camel) === path && path !== "" && !path.includes(",")) return camel;
    throw new JsonFault(`path ${JSON.stringify(path)} does not come back from lowerCamel`);
  }).join(",");
}

/** Paths as declared, from text. */
export function readFieldMask(value: JsonValue): string[] {
  if (typeof value !== "string") {
    throw new JsonFault(`need paths as text, got ${kindOf(value)}`);
  }
  if (value === "") return [];
  return value.split(",").map((path) => {
    if (path.includes("_") || path === "") {
      throw new JsonFault(`path ${JSON.stringify(path)} is not in lowerCamel`);
    }
    return snake(path);
  });
}

function snake(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
