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
import type { FromJsonOptions } from "../../proto/json_context.ts";
import { isJsonObject, type JsonValue } from "../../proto/json_value.ts";
import type { MessageType } from "../../proto/message_type.ts";
import { readBody, textOf } from "../call/read_body.ts";
import { takesMany, type Target } from "../method.ts";
import type { Binding } from "./binding.ts";
import { draft, type FieldPlace, findPlace, type JsonDraft, setPlace } from "./field_path.ts";
import { splitJson } from "./split_json.ts";

/** Type of a message that is a body of any kind. */
export const HTTP_BODY = "google.api.HttpBody";

/** Where something is to be put. */
type Param = readonly [place: FieldPlace, values: readonly string[]];

/** Makes messages of the requests of one binding. */
export class RequestReader {
  readonly #input: MessageType<object>;
  readonly #json: FromJsonOptions;
  readonly #binding: Binding;
  readonly #many: boolean;
  /** Whether the body is taken as it is. */
  readonly #isRaw: boolean;
  /** Of the variables of the template, in their order. */
  readonly #places: readonly (FieldPlace | undefined)[];

  /** Looks up where the variables of the template go. */
  constructor({ method, registry }: Target, binding: Binding) {
    this.#input = method.input;
    this.#json = { lenient: true, registry };
    this.#binding = binding;
    this.#many = takesMany(method);
    const { body } = binding;
    const type = typeof body === "object" ? body.type : method.input;
    this.#isRaw = body !== "none" && isMessage(type) && type.typeName === HTTP_BODY;
    this.#places = binding.template.variables.map(({ fieldPath }) =>
      findPlace(method.input, fieldPath)
    );
  }

  /**
   * The messages that a request is: one, or for methods that take many as many as there are documents in the body.
   *
   * @param variables What the path has for the variables of the template.
   * @throws {ServiceError} `invalid_argument` if it is none; the message names the place.
   */
  async read(variables: readonly string[], context: Context): Promise<object[]> {
    const { body } = this.#binding;
    const { url } = context.request;
    const query = url.indexOf("?");
    let form: FormValues | undefined;
    // Where the body is the whole message, nothing is left for the query.
    if (query >= 0 && body !== "message") {
      form = new FormValues();
      form.addEncoded(url.slice(query + 1));
    }
    if (body === "none") return [this.#message(undefined, this.#params(form, variables))];
    const type = body === "message" && !this.#isRaw
      ? ""
      : context.request.headers.get("content-type") ?? "";
    if (body === "merged" && isForm(type)) {
      form = await readForm(type, form ?? new FormValues(), context);
      return [this.#message(undefined, this.#params(form, variables))];
    }
    const bytes = await readBody(context);
    const params = this.#params(form, variables);
    return this.#documents(bytes, type).map((json) => this.#message(json, params));
  }

  /** What the body says; `undefined` for a message of which it says nothing. */
  #documents(bytes: Uint8Array, contentType: string): (JsonValue | undefined)[] {
    if (this.#isRaw) {
      return [{ contentType, data: bytesToBase64(bytes) }];
    }
    const text = textOf(bytes);
    if (this.#many) {
      const documents = splitJson(text).map((document) => parseJson(document) as JsonValue);
      return documents.length > 0 ? documents : [undefined];
    }
    if (text.trim() === "") return [undefined];
    return [parseJson(text) as JsonValue];
  }

  /** Where the query says something, and then where the path does, which wins. */
  #params(form: FormValues | undefined, variables: readonly string[]): readonly Param[] {
    if (form === undefined && variables.length === 0) return NO_PARAMS;
    const { body } = this.#binding;
    const params: Param[] = [];
    for (const key of form?.keys() ?? []) {
      // A dot within brackets is of the key of a map.
      const names = key.split(/\.(?![^[]*\])/);
      const isInBody = typeof body === "object" &&
        (names[0] === body.name || names[0] === body.jsonName);
      const place = isInBody ? undefined : findPlace(this.#input, names);
      if (place) params.push([place, form!.getAll(key)]);
    }
    for (const [at, value] of variables.entries()) {
      const place = this.#places[at];
      if (place) params.push([place, [value]]);
    }
    return params;
  }

  #message(document: JsonValue | undefined, params: readonly Param[]): object {
    const { body } = this.#binding;
    // `null` is the same as nothing, here as in every field.
    let json = document ?? draft();
    if (document !== undefined && typeof body === "object") json = { [body.jsonName]: document };
    if (isJsonObject(json)) {
      for (const [place, values] of params) setPlace(json as JsonDraft, place, values);
    }
    return this.#input.fromJson(json, this.#json);
  }
}

const NO_PARAMS: readonly Param[] = [];
const URLENCODED = /^application\/x-www-form-urlencoded\b/i;
const MULTIPART = /^multipart\/form-data\b/i;

function isForm(type: string): boolean {
  return URLENCODED.test(type) || MULTIPART.test(type);
}

async function readForm(type: string, form: FormValues, context: Context): Promise<FormValues> {
  if (URLENCODED.test(type)) {
    form.addEncoded(textOf(await readBody(context)));
    return form;
  }
  for await (const part of multipart(context)) {
    if (part.filename === undefined) form.add(part.name, await part.text());
  }
  return form;
}
