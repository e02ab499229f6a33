/**
 * Headers on answers that somebody else made.
 *
 * @module
 */

/**
 * Answers requests: a handler with its context, or a whole server with what its listener knows of the connection.
 */
export type Answerer<A> = (request: Request, about: A) => Response | Promise<Response>;

/**
 * Wraps whatever answers requests. It is a middleware, and it can wrap a whole server, so that answers which no route
 * gives, to unknown paths or to errors, go through it as well.
 */
export type AnswerWrapper = <A>(next: Answerer<A>) => Answerer<A>;

/**
 * Makes one wrapper of several; the first is outermost.
 *
 * @example
 * ```ts
 * import { Server } from "@zeno/zeno/rest";
 * import { cors, secureHeaders, wrapAll } from "@zeno/zeno/rest/security";
 * import { assertEquals } from "@std/assert";
 *
 * const around = wrapAll(secureHeaders(), cors({ origins: ["https://shop.example"] }));
 * await using server = new Server({ Name: "shop", Port: 0, Log: { Level: "severe" } }, { cors: around });
 * const { headers } = await server.fetch(new Request("https://api.shop.example/nothing/here"));
 * assertEquals(headers.get("x-frame-options"), "DENY");
 * assertEquals(headers.get("vary"), "Origin");
 * ```
 */
export function wrapAll(...wrappers: readonly AnswerWrapper[]): AnswerWrapper {
  return <A>(next: Answerer<A>): Answerer<A> =>
    wrappers.reduceRight((inner, wrap) => wrap(inner), next);
}

/** Calls `change` with the headers of an answer, or of a copy where those cannot be changed, as those of `fetch`. */
export function changeHeaders(
  answer: Response | Promise<Response>,
  change: (headers: Headers) => void,
): Response | Promise<Response> {
  if (answer instanceof Promise) return answer.then((it) => changed(it, change));
  return changed(answer, change);
}

function changed(answer: Response, change: (headers: Headers) => void): Response {
  // An upgraded connection has no headers of ours.
  if (answer.status === 101) return answer;
  try {
    change(answer.headers);
    return answer;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const copy = new Response(answer.body, answer);
    change(copy.headers);
    return copy;
  }
}

/** Adds names to the `Vary` header that are not there. */
export function addVary(headers: Headers, names: readonly string[]): void {
  const present = headers.get("vary");
  if (present === null) return headers.set("vary", names.join(", "));
  const known = present.toLowerCase().split(",").map((name) => name.trim());
  if (known.includes("*")) return;
  const missing = names.filter((name) => !known.includes(name.toLowerCase()));
  if (missing.length > 0) headers.set("vary", [present, ...missing].join(", "));
}
