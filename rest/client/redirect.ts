/**
 * Following redirects without giving secrets away.
 *
 * @module
 */

import { BadResponseError, type CallTarget } from "./errors.ts";
import type { ClientRequest, Send } from "./interceptor.ts";

/** What is done with a redirect. */
export interface RedirectPolicy {
  /** Whether redirects are followed, answered as they are, or an error. */
  readonly mode: "follow" | "manual" | "error";
  /** Most redirects in a row. */
  readonly maxRedirects: number;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The headers that may go to another origin. A list of what may, because nobody knows all the names that
 * keys and tokens go by.
 */
const HARMLESS = ["accept", "accept-language", "user-agent", "traceparent", "tracestate"];

/**
 * Sends a request and follows redirects as `policy` says. To another origin go neither credentials nor a
 * body, and never from https to http.
 */
export async function sendFollowing(
  request: ClientRequest,
  send: Send,
  policy: RedirectPolicy,
  target: CallTarget,
): Promise<Response> {
  let current = request;
  for (let hops = 0;; hops++) {
    const response = await send(current);
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null || policy.mode === "manual") return response;
    // The connection is free again only when the body is gone.
    response.body?.cancel().catch(() => {});
    const refuse = (reason: string) => new BadResponseError(target, reason);
    if (policy.mode === "error") throw refuse(`it redirects with ${response.status}`);
    if (hops >= policy.maxRedirects) {
      throw refuse(`it redirects more than ${policy.maxRedirects} times`);
    }
    current = nextRequest(current, response.status, location, refuse);
  }
}

function nextRequest(
  request: ClientRequest,
  status: number,
  location: string,
  refuse: (reason: string) => BadResponseError,
): ClientRequest {
  const from = new URL(request.url);
  const to = URL.parse(location, from);
  if (!to || (to.protocol !== "http:" && to.protocol !== "https:")) {
    throw refuse("it redirects to something that is no HTTP URL");
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw refuse("it redirects from https to http");
  }
  to.username = "";
  to.password = "";
  const dropsBody = status === 303 ||
    ((status === 301 || status === 302) && request.method === "POST");
  const body = dropsBody ? undefined : request.body;
  const method = dropsBody && request.method !== "HEAD" ? "GET" : request.method;
  const sameOrigin = from.origin === to.origin;
  if (body !== undefined && !sameOrigin) {
    throw refuse("it redirects a request with a body to another origin");
  }
  if (body instanceof ReadableStream) throw refuse("it redirects a body that is a stream");
  const headers = sameOrigin ? new Headers(request.headers) : harmless(request.headers);
  if (body === undefined) headers.delete("content-type");
  const { signal, route, attempt } = request;
  return { method, url: to.href, headers, body, signal, route, attempt };
}

function harmless(headers: Headers): Headers {
  const kept = new Headers();
  for (const name of HARMLESS) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept;
}
