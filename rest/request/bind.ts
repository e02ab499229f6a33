/**
 * From a request to the typed input of a handler.
 *
 * @module
 */

import { parseJson } from "../../core/schema/json.ts";
import { ObjectSchema } from "../../core/schema/object.ts";
import type { StandardSchemaV1 } from "../../core/schema/standard.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import type { Context } from "../context.ts";
import { bindStandard, type StandardBindOptions } from "./_bind_standard.ts";
import { parseCookies } from "./cookie.ts";
import { FormValues } from "./form.ts";
import { multipart, type MultipartOptions, type Part } from "./multipart.ts";
import { readText } from "./read_body.ts";

export type { StandardBindOptions };

/** Options for {@link bindRequest}. */
export interface BindOptions extends MultipartOptions {
  /**
   * Largest JSON or urlencoded body in bytes; what is larger is answered with 413. The route's own `maxBytes` holds too.
   * @default {8388608}
   */
  maxBytes?: number;
  /** Deepest nesting of a JSON body, 1 to 1000; what is deeper is answered with 400. @default {64} */
  maxDepth?: number;
  /**
   * Takes the files of a multipart body, one after the other, while they arrive. What it leaves unread is skipped, as is
   * every file without it.
   */
  onFile?: (part: Part) => unknown;
}

/** Largest body by default, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads `context.request` into what `schema` describes.
 *
 * Of Zeno's own object schemas only the sources that the fields name are looked at, so a schema of path parameters reads
 * no body. A schema of another library, or one of a list, reads one part of the request: the JSON body unless
 * `options.from` names another.
 *
 * @throws {ValidationError} With every issue of every source. Answered with 400.
 * @throws {BadRequestError} If a source cannot be read at all. Answered with 400.
 * @throws {BodyTooLargeError} If the body breaks a limit. Answered with 413.
 */
export async function bindRequest<T>(
  schema: ObjectSchema<T> | StandardSchemaV1<unknown, T>,
  context: Context,
  options: BindOptions & StandardBindOptions = {},
): Promise<T> {
  if (!(schema instanceof ObjectSchema) || options.from !== undefined) {
    return await bindStandard(schema, context, options.from ?? "json", {
      json: (type) => readJson(context, type, options),
      form: (type) => readForm(context, type, options),
    });
  }
  const { request } = context;
  const { sources } = schema;
  const type = sources.has("json") || sources.has("form") ? mediaType(request) : "";
  const values: Mutable<Parameters<ObjectSchema<T>["bind"]>[0]> = { path: context.params };
  if (sources.has("form")) values.form = await readForm(context, type, options);
  if (sources.has("header")) values.header = request.headers;
  if (sources.has("cookie")) values.cookie = parseCookies(request.headers.get("cookie"));
  if (sources.has("json")) values.json = await readJson(context, type, options);
  try {
    return schema.bind(values);
  } catch (error) {
    throw explainMissingBody(error, sources.has("json") && values.json === undefined, type);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The content type in lower case, parameters and all. */
function mediaType(request: Request): string {
  return request.headers.get("content-type")?.toLowerCase() ?? "";
}

function isJson(type: string): boolean {
  return type.includes("application/json") || type.includes("+json");
}

/** The JSON body, or undefined if there is none. A chunked one counts, whatever its length. */
async function readJson(context: Context, type: string, options: BindOptions): Promise<unknown> {
  if (!isJson(type)) return undefined;
  const text = await readText(context, options.maxBytes ?? MAX_BYTES);
  if (text === "") return undefined;
  return parseJson(
    text,
    options.maxDepth === undefined ? undefined : { maxDepth: options.maxDepth },
  );
}

async function readForm(context: Context, type: string, options: BindOptions): Promise<FormValues> {
  const form = new FormValues();
  if (type.includes("application/x-www-form-urlencoded")) {
    form.addEncoded(await readText(context, options.maxBytes ?? MAX_BYTES));
  }
  const { url } = context.request;
  const query = url.indexOf("?");
  if (query >= 0) form.addEncoded(withoutFragment(url.slice(query + 1)));
  if (type.includes("multipart/form-data")) await addMultipart(form, context, options);
  return form;
}

function withoutFragment(query: string): string {
  const hash = query.indexOf("#");
  return hash < 0 ? query : query.slice(0, hash);
}

async function addMultipart(
  form: FormValues,
  context: Context,
  options: BindOptions,
): Promise<void> {
  for await (const part of multipart(context, options)) {
    if (part.filename === undefined) form.add(part.name, await part.text());
    // A file input of a page in which nobody chose a file sends one without a name.
    else if (part.filename !== "") await options.onFile?.(part);
  }
}

/** A body of the wrong type is passed over, so a missing field may be in it; better say so. */
function explainMissingBody(error: unknown, unread: boolean, type: string): unknown {
  const missing = error instanceof ValidationError &&
    error.issues.some((issue) => issue.in === "json" && issue.code === "missing");
  if (!missing || !unread || type === "" || isJson(type)) return error;
  const name = type.split(";")[0]!.trim();
  const message = `body of type ${JSON.stringify(name)} is not read; send application/json`;
  return new ValidationError(
    [{ in: "json", path: "", code: "type", message }, ...error.issues],
    "read request",
  );
}
