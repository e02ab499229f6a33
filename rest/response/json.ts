/**
 * Answers in JSON.
 *
 * @module
 */

const JSON_TYPE = "application/json; charset=utf-8";
// One constant object: the runtime takes it over without making a `Headers`.
const JSON_INIT: ResponseInit = { headers: { "content-type": JSON_TYPE } };

/**
 * A JSON answer, 200 unless `init` says otherwise. A bigint is written as a number with all its digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const response = json({ id: 12345678901234567890n }, { status: 201 });
 * assertEquals([response.status, await response.text()], [201, '{"id":12345678901234567890}']);
 * ```
 */
export function json(value: unknown, init?: ResponseInit): Response {
  return respond(stringify(value), init);
}

/**
 * As {@link json}, for a value that holds bytes: each `Uint8Array` is written as base64. It is a function of its own because
 * looking at every value costs several times what writing them does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const response = jsonWithBytes({ data: new Uint8Array([104, 105]) });
 * assertEquals(await response.text(), '{"data":"aGk="}');
 * ```
 */
export function jsonWithBytes(value: unknown, init?: ResponseInit): Response {
  return respond(stringifyWithBytes(value), init);
}

/** An answer without a body, 200 unless `init` says otherwise. */
export function empty(init?: ResponseInit): Response {
  return new Response(null, init);
}

function respond(body: string, init: ResponseInit | undefined): Response {
  if (!init) return new Response(body, JSON_INIT);
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", JSON_TYPE);
  return new Response(body, { ...init, headers });
}

interface RawJson {
  rawJSON?(text: string): unknown;
}

/** `JSON.stringify` that can write bigints. */
export function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    // Only a bigint or a cycle can bring us here; a cycle throws again below.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, writeExtended);
  }
}

/** `JSON.stringify` that can write bigints and bytes. */
export function stringifyWithBytes(value: unknown): string {
  return JSON.stringify(value, writeExtended) ?? "null";
}

/** Writes a bigint with all its digits, and bytes as base64. */
function writeExtended(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return (JSON as RawJson).rawJSON?.(value.toString()) ?? value.toString();
  }
  return value instanceof Uint8Array ? value.toBase64() : value;
}
