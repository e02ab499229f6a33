/**
 * Which coding a client would like its answer in.
 *
 * @module
 */

import { acceptsEncodings } from "@std/http/negotiation";

/**
 * The first choice of the client among `encodings`, or undefined if it wants the answer as it is. Of those it likes
 * equally, the one it names first wins, and for `*` the first of `encodings`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const ask = (accept: string) => new Headers({ "accept-encoding": accept });
 * assertEquals(negotiateEncoding(ask("br;q=0.5, gzip"), ["br", "gzip"]), "gzip");
 * assertEquals(negotiateEncoding(ask("identity"), ["br", "gzip"]), undefined);
 * ```
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function negotiateEncoding<E extends string>(
  headers: Headers,
  encodings: readonly E[],
): E | undefined {
  // Absent would be read as "anything", yet clients that say nothing often understand nothing.
  if (!headers.get("accept-encoding")?.trim()) return undefined;
  const choice = acceptsEncodings({ headers }, ...encodings, "identity");
  return encodings.find((encoding) => encoding === choice);
}

/** Says in `Vary` that the answer depends on a request header, unless it says so already. */
export function addVary(headers: Headers, name: string): void {
  const vary = headers.get("vary");
  const names = vary?.split(",").map((part) => part.trim().toLowerCase()) ?? [];
  if (!names.includes("*") && !names.includes(name.toLowerCase())) headers.append("vary", name);
}
