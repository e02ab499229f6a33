/**
 * From a request to the typed input of a handler.
 *
 * @module
 */

import { parseJson } from "../../core/schema/json.ts";
import type { ObjectSchema } from "../../core/schema/object.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import type { Context } from "../context.ts";
import { BadRequestError } from "../errors.ts";
import { parseCookies } from "./cookie.ts";
import { FormValues } from "./form.ts";

/**
 * Reads `context.request` into what `schema` describes. Only the sources that its fields name are looked at, so
 * a schema of path parameters reads no body.
 *
 * @throws {ValidationError} With every issue of every source.
 * @throws {BadRequestError} If a source cannot be read at all.
 */
export async function bindRequest<T>(schema: ObjectSchema<T>, context: Context): Promise<T> {
  const { request } = context;
  const { sources } = schema;
  const values: Mutable<Parameters<ObjectSchema<T>["bind"]>[0]> = { path: context.params };
  const type = needsBody(sources) ? request.headers.get("content-type") ?? "" : "";
  if (sources.has("form")) values.form = await readForm(context, type);
  if (sources.has("header")) values.header = request.headers;
  if (sources.has("cookie")) values.cookie = parseCookies(request.headers.get("cookie"));
  if (sources.has("json") && isJson(type)) values.json = await readJson(context);
  try {
    return schema.bind(values);
  } catch (error) {
    throw explainMissingBody(error, sources.has("json") && values.json === undefined, type);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function needsBody(sources: ObjectSchema<unknown>["sources"]): boolean {
  return sources.has("json") || sources.has("form");
}

function isJson(type: string): boolean {
  return type.includes("application/json") || type.includes("+json");
}

async function readJson(context: Context): Promise<unknown> {
  const text = await readBody(context, (request) => request.text());
  return text === "" ? undefined : parseJson(text);
}

async function readForm(context: Context, type: string): Promise<FormValues> {
  const form = new FormValues();
  if (type.includes("application/x-www-form-urlencoded")) {
    form.addEncoded(await readBody(context, (request) => request.text()));
  }
  const query = context.request.url.indexOf("?");
  if (query >= 0) form.addEncoded(withoutFragment(context.request.url.slice(query + 1)));
  if (type.includes("multipart/form-data")) await addMultipart(form, context);
  return form;
}

function withoutFragment(query: string): string {
  const hash = query.indexOf("#");
  return hash < 0 ? query : query.slice(0, hash);
}

async function addMultipart(form: FormValues, context: Context): Promise<void> {
  for (const [key, value] of await readBody(context, (request) => request.formData())) {
    if (typeof value === "string") form.add(key, value);
  }
}

/**
 * Reads the body, so that a timeout meanwhile is known to be the client's. The runtime cannot stop a read: of a client
 * that stalls, some 13 KB stay behind for as long as the process lives, and cancelling a reader leaves five
 * times that. Hence no reader, and hence a proxy at a public edge.
 */
async function readBody<B>(context: Context, read: (request: Request) => Promise<B>): Promise<B> {
  context.readingBody = true;
  try {
    return await read(context.request);
  } catch (error) {
    // What the platform throws for a body that breaks off or does not parse.
    if (!(error instanceof TypeError)) throw error;
    throw new BadRequestError("Cannot read body: it is malformed", { cause: error });
  } finally {
    context.readingBody = false;
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
