/**
 * Answers that are sent while they are made.
 *
 * @module
 */

import type { Context } from "../context.ts";
import { itemStream } from "./_item_stream.ts";
import { stringify } from "./json.ts";

/**
 * Answers with the chunks of `chunks`, text or bytes, each sent as it comes and taken only as fast as the client reads.
 *
 * If the client goes away, `context.signal` is aborted and the iterator is asked to return. An error in `chunks` is
 * logged and cuts the answer off, so that the client can tell it is not whole. The route's timeout is on the first byte only.
 *
 * @example
 * ```ts
 * import type { Context } from "../context.ts";
 * const numbers = (_request: Request, context: Context) =>
 *   stream(context, (async function* () {
 *     for (let n = 0; n < 5; n++) yield `${n}\n`;
 *   })());
 * ```
 */
export function stream(
  context: Context,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  init?: ResponseInit,
): Response {
  const encode = (chunk: string | Uint8Array) => chunk;
  return new Response(itemStream(context, chunks, { name: "stream", encode }), init);
}

/**
 * Answers with one line of JSON for each item of `items`, as {@link stream} does.
 *
 * @example
 * ```ts
 * import type { Context } from "../context.ts";
 * const users = (_request: Request, context: Context) => ndjson(context, [{ id: 1 }, { id: 2 }]);
 * ```
 * @see https://github.com/ndjson/ndjson-spec
 */
export function ndjson(
  context: Context,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  init?: ResponseInit,
): Response {
  const encode = (item: unknown) => stringify(item) + "\n";
  const headers = new Headers(init?.headers);
  if (!headers.has("content-type")) headers.set("content-type", "application/x-ndjson");
  return new Response(itemStream(context, items, { name: "stream", encode }), { ...init, headers });
}
