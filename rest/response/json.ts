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
  const body = stringify(value);
  if (!init) return new Response(body, JSON_INIT);
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", JSON_TYPE);
  return new Response(body, { ...init, headers });
}

/** An answer without a body, 200 unless `init` says otherwise. */
export function empty(init?: ResponseInit): Response {
  return new Response(null, init);
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
    return JSON.stringify(value, writeBigInt);
  }
}

function writeBigInt(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return (JSON as RawJson).rawJSON?.(value.toString()) ?? value.toString();
}
