/**
 * From an answer to a typed value.
 *
 * @module
 */

import { ValidationError } from "../../core/schema/errors.ts";
import type { Schema } from "../../core/schema/field.ts";
import { parseJson } from "../../core/schema/json.ts";
import { ObjectSchema } from "../../core/schema/object.ts";
import { isBodiless, readText } from "./body.ts";
import { BadResponseError, type CallTarget } from "./errors.ts";

/** Options for {@link parseResponse}. */
export interface ParseResponseOptions {
  /** Most bytes of the body; `Infinity` for no limit. @default {8_388_608} */
  maxBytes?: number | undefined;
  /** What was called, for messages. */
  target?: CallTarget | undefined;
}

/** Most bytes of an answer where nobody says otherwise. */
export const MAX_RESPONSE_BYTES = 8_388_608;

/**
 * Reads a response into what `schema` describes: fields from headers, and from the body if it is JSON. A body of
 * another type, or none, counts as an empty object. The status is not looked at, and the body is always
 * read to its end or given up.
 *
 * @throws {BadResponseError} If the answer is no JSON, does not fit the schema or is too large.
 * @throws {NetworkError} If the connection breaks.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { int, object, string } from "@zeno/zeno/core/schema";
 * const page = object({ total: int().in("header", "x-total"), name: string() });
 * const response = Response.json({ name: "Ada" }, { headers: { "x-total": "7" } });
 * assertEquals(await parseResponse(page, response), { total: 7, name: "Ada" });
 * ```
 */
export async function parseResponse<T>(
  schema: Schema<T>,
  response: Response,
  options: ParseResponseOptions = {},
): Promise<T> {
  const { maxBytes = MAX_RESPONSE_BYTES, target = UNKNOWN } = options;
  const json = isJson(response) && !isBodiless("GET", response)
    ? readJson(await readText(response, maxBytes, target), target)
    : dropBody(response);
  return readValue(schema, json, response.headers, target);
}

const UNKNOWN: CallTarget = { method: "READ", route: "response", service: "callee" };

function isJson({ headers }: Response): boolean {
  const type = headers.get("content-type") ?? "";
  return type.includes("application/json") || type.includes("+json");
}

function dropBody(response: Response): undefined {
  response.body?.cancel().catch(() => {});
}

/** Reads JSON of the callee. An empty text is no value. */
export function readJson(text: string, target: CallTarget): unknown {
  if (text === "") return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    throw explain(error, target, "its answer is not valid JSON");
  }
}

/** Reads a value of the callee, and its headers if there are any. */
export function readValue<T>(
  schema: Schema<T>,
  json: unknown,
  header: Headers | undefined,
  target: CallTarget,
): T {
  try {
    if (schema instanceof ObjectSchema) return schema.bind({ json, header });
    return schema.parse(json);
  } catch (error) {
    throw explain(error, target, "its answer does not fit");
  }
}

/** An answer that does not fit is the callee's fault, so it must not be answered as our caller's. */
function explain(error: unknown, target: CallTarget, what: string): unknown {
  if (!(error instanceof ValidationError)) return error;
  const first = error.issues[0]?.message ?? "invalid value";
  return new BadResponseError(target, `${what}: ${first}`, { issues: error.issues, cause: error });
}
