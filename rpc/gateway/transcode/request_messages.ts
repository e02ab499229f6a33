/**
 * The messages that a request of plain HTTP is.
 *
 * @module
 */

import { parseJson } from "../../../core/schema/json.ts";
import type { Context } from "../../../rest/context.ts";
import { FormValues } from "../../../rest/request/form.ts";
import { multipart } from "../../../rest/request/multipart.ts";
import { bytesToBase64 } from "../../proto/base64.ts";
import { isMessage } from "../../proto/field.ts";
import type { JsonValue } from "../../proto/json_value.ts";
import { readBody, textOf } from "../call/read_body.ts";
import { takesMany, type Target } from "../method.ts";
import type { Binding } from "./binding.ts";
import { draft, findPlace, type JsonDraft, setPlace } from "./field_path.ts";
import { lenientJson } from "./lenient_json.ts";
import { splitJson } from "./split_json.ts";

/** What a path has for the fields that a template names. */
export type PathValues = readonly (readonly [fieldPath: readonly string[], value: string])[];

/** Type of a message that is a body of any kind. */
export const HTTP_BODY = "google.api.HttpBody";

/**
 * The messages that a request is: one, or for methods that take many as many as there are documents in the body.
 *
 * @throws {ServiceError} `invalid_argument` if it is none; the message names the place.
 */
export async function requestMessages(
  { method, registry }: Target,
  binding: Binding,
  pathValues: PathValues,
  context: Context,
): Promise<object[]> {
  const form = new FormValues();
  const { url } = context.request;
  const query = url.indexOf("?");
  // Where the body is the whole message, nothing is left for the query.
  if (query >= 0 && binding.body !== "message") form.addEncoded(url.slice(query + 1));
  const bodies = await readBodies(binding, takesMany(method), form, context);
  const paths = withParams(binding, form, pathValues);
  return bodies.map((body) => {
    let json = body === undefined ? draft() : lenientJson(method.input, inField(binding, body));
    if (paths.length > 0 && isDraft(json)) {
      for (const [names, values] of paths) {
        const place = findPlace(method.input, names);
        if (place) setPlace(json, place, [...values]);
      }
      // Text becomes what its field takes.
      json = lenientJson(method.input, json);
    }
    return method.input.fromJson(json as JsonValue, { registry });
  });
}

type Param = readonly [names: readonly string[], values: readonly string[]];

/** Where the query says something, and then where the path does, which wins. */
function withParams({ body }: Binding, form: FormValues, pathValues: PathValues): Param[] {
  const params: Param[] = [];
  for (const key of form.keys()) {
    // A dot within brackets is of the key of a map.
    const names = key.split(/\.(?![^[]*\])/);
    const isInBody = typeof body === "object" &&
      (names[0] === body.name || names[0] === body.jsonName);
    if (!isInBody) params.push([names, form.getAll(key)]);
  }
  for (const [names, value] of pathValues) params.push([names, [value]]);
  return params;
}

/** The bodies of the messages; `undefined` is a message without one. */
async function readBodies(
  { body }: Binding,
  many: boolean,
  form: FormValues,
  context: Context,
): Promise<unknown[]> {
  if (body === "none") return [undefined];
  const type = context.request.headers.get("content-type") ?? "";
  if (typeof body === "object" && isMessage(body.type) && body.type.typeName === HTTP_BODY) {
    return [{ contentType: type, data: bytesToBase64(await readBody(context)) }];
  }
  if (body === "merged" && await readForm(type, form, context)) return [undefined];
  const text = textOf(await readBody(context));
  if (many) {
    const documents = splitJson(text).map((document) => parseJson(document));
    return documents.length > 0 ? documents : [undefined];
  }
  // `null` is the same as nothing, here as in every field.
  return [text.trim() === "" ? undefined : parseJson(text) ?? undefined];
}

async function readForm(type: string, form: FormValues, context: Context): Promise<boolean> {
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    form.addEncoded(textOf(await readBody(context)));
    return true;
  }
  if (!/^multipart\/form-data\b/i.test(type)) return false;
  for await (const part of multipart(context)) {
    if (part.filename === undefined) form.add(part.name, await part.text());
  }
  return true;
}

function inField({ body }: Binding, json: unknown): unknown {
  return typeof body === "object" ? { [body.jsonName]: json } : json;
}

function isDraft(json: unknown): json is JsonDraft {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
