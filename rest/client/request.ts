/**
 * A request before it has an address.
 *
 * @module
 */

import type { ObjectSchema } from "../../core/schema/object.ts";
import { stringify } from "../response/json.ts";
import { BadCallError } from "./errors.ts";
import type { HeaderPairs } from "./header_pairs.ts";
import type { PathTemplate } from "./path_template.ts";

/** What a body can be. One that is a stream can be sent only once, so it is never retried. */
export type RequestBody = NonNullable<RequestInit["body"]>;

/** A value of a query or of a path variable. */
export type Scalar = string | number | bigint | boolean;

/** What is sent, but for the address. */
export interface Payload {
  /** Path and query. */
  readonly target: string;
  /** Headers of this request, beside those of the client; by lower-case name. */
  readonly headers: HeaderPairs;
  /** The body, if there is one. */
  readonly body: RequestBody | undefined;
}

/** Parts of a request that is made without a schema. */
export interface PlainParts {
  /** Values of the path's variables. */
  params?: Readonly<Record<string, Scalar>> | undefined;
  /** Values of the query; a list repeats its key, and `undefined` is left out. */
  query?: Readonly<Record<string, Scalar | readonly Scalar[] | undefined>> | undefined;
  /** Headers; they win over those of the client. */
  headers?: HeadersInit | undefined;
  /** A body that is sent as JSON. */
  json?: unknown;
  /** A body as it is. */
  body?: RequestBody | undefined;
}

/**
 * Makes a request of a value, each field in the part that its schema names: path, query, header, cookie or JSON
 * body. Lists repeat their key, and what is `undefined` is left out.
 *
 * @throws {ValidationError} If the value breaks its schema.
 * @throws {BadCallError} If path and variables do not match, or GET or HEAD would have a body.
 */
export function payloadOf<T>(template: PathTemplate, schema: ObjectSchema<T>, value: T): Payload {
  const parts = schema.toParts(value);
  refuseBody(template, parts.json !== undefined);
  const target = targetOf(template, parts.path, parts.form);
  const headers = new Map(headersOf(template, parts.header));
  const cookie = cookieOf(template, parts.cookie);
  if (cookie !== "") headers.set("cookie", cookie);
  if (parts.json === undefined) return { target, headers, body: undefined };
  headers.set("content-type", "application/json");
  return { target, headers, body: JSON.stringify(parts.json) };
}

/**
 * Makes a request of parts.
 *
 * @throws {BadCallError} If path and variables do not match, there are two bodies, or GET or HEAD would have one.
 */
export function plainPayload(template: PathTemplate, parts: PlainParts): Payload {
  const { params = {}, query = {}, json } = parts;
  if (json !== undefined && parts.body !== undefined) {
    throw new BadCallError(template, "it has both json and body");
  }
  refuseBody(template, json !== undefined || parts.body !== undefined);
  const path = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, `${value}`]));
  const form = Object.entries(query).flatMap(([key, value]) =>
    listOf(value).map((each): [string, string] => [key, `${each}`])
  );
  const target = targetOf(template, path, form);
  const given = headersOf(template, parts.headers);
  if (json === undefined) return { target, headers: given, body: parts.body };
  const headers = new Map(given);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return { target, headers, body: stringify(json) };
}

type Parts = ReturnType<ObjectSchema<unknown>["toParts"]>;

function listOf(value: Scalar | readonly Scalar[] | undefined): readonly Scalar[] {
  if (value === undefined) return [];
  return typeof value === "object" ? value : [value];
}

function refuseBody({ method, route }: PathTemplate, hasBody: boolean): void {
  if (!hasBody || (method !== "GET" && method !== "HEAD")) return;
  throw new BadCallError({ method, route }, `HTTP ${method} should not have body`);
}

function targetOf(template: PathTemplate, path: Parts["path"], form: Parts["form"]): string {
  const filled = template.fill(path);
  if (form.length === 0 && template.query === "") return filled;
  const query = new URLSearchParams(template.query);
  for (const [key, value] of form) query.append(key, value);
  query.sort(); // So that equal requests are equal to a cache.
  return `${filled}?${query}`;
}

function headersOf(template: PathTemplate, init: HeadersInit | undefined): HeaderPairs {
  // Most requests have none, and `Headers` are not for nothing.
  if (init === undefined || isEmptyRecord(init)) return NO_HEADERS;
  try {
    return new Headers(init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The platform's message repeats the value.
    throw new BadCallError(template, "a header has a name or value that HTTP cannot carry");
  }
}

const NO_HEADERS: HeaderPairs = [];

function isEmptyRecord(init: HeadersInit): boolean {
  if (init instanceof Headers || Array.isArray(init)) return false;
  for (const _ in init) return false;
  return true;
}

const COOKIE_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function cookieOf(template: PathTemplate, cookies: Readonly<Record<string, string>>): string {
  return Object.entries(cookies).map(([name, value]) => {
    if (!COOKIE_NAME.test(name)) throw new BadCallError(template, `"${name}" is no cookie name`);
    return `${name}=${encodeURIComponent(value)}`;
  }).join("; ");
}
