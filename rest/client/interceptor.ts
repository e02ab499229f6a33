/**
 * What stands between a call and the network.
 *
 * @module
 */

import type { RequestBody } from "./request.ts";

/** A request on its way out: one attempt of a call. */
export interface ClientRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The whole URL. It may hold what must not be logged. */
  readonly url: string;
  /** The headers; an interceptor may change them. */
  readonly headers: Headers;
  /** The body, if there is one. */
  readonly body: RequestBody | undefined;
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
  /** The pattern of the path, such as `/users/:id`. */
  readonly route: string;
  /** Which attempt it is, from 1. */
  readonly attempt: number;
}

/** Sends a request on and answers with what comes back. */
export type Send = (request: ClientRequest) => Promise<Response>;

/**
 * Stands between an attempt and the network: changes the request, looks at the response, answers itself or
 * sends twice. The first of a list is the outermost. It sees every answer, whatever its status, and not the
 * redirects on the way, so credentials that it adds do not go to another origin.
 *
 * @example Add a token
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const withToken: Interceptor = (request, next) => {
 *   request.headers.set("authorization", "Bearer abc");
 *   return next(request);
 * };
 * const seen = await withToken({
 *   method: "GET",
 *   url: "http://localhost/",
 *   headers: new Headers(),
 *   body: undefined,
 *   signal: new AbortController().signal,
 *   route: "/",
 *   attempt: 1,
 * }, ({ headers }) => Promise.resolve(new Response(headers.get("authorization"))));
 * assertEquals(await seen.text(), "Bearer abc");
 * ```
 */
export type Interceptor = (request: ClientRequest, next: Send) => Promise<Response>;

/** Puts `interceptors` around `send`; the first of the list runs first. */
export function intercept(interceptors: readonly Interceptor[], send: Send): Send {
  return interceptors.reduceRight<Send>(
    (next, interceptor) => (request) => interceptor(request, next),
    send,
  );
}
