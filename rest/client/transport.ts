/**
 * How requests leave the process.
 *
 * @module
 */

import type { RequestBody } from "./request.ts";

/** What a {@link Fetch} is told beside the request. */
export interface FetchHints {
  /** Whether the request must not be sent twice, not even because a connection broke. */
  readonly once: boolean;
}

/**
 * Sends one request and answers with the response, like `fetch`: it rejects with a `TypeError` if it cannot, and
 * with the reason of the signal once aborted.
 */
export type Fetch = (url: string, init: RequestInit, hints: FetchHints) => Promise<Response>;

/** A {@link Fetch} that holds connections until it is disposed. */
export interface Transport extends Disposable {
  /** Sends one request. */
  readonly fetch: Fetch;
}

/** Options for {@link openPool}. */
export interface PoolOptions {
  /** Idle connections kept for each host, an integer >= 0. @default {64} */
  maxIdlePerHost?: number | undefined;
  /** Certificates, PEM, that are trusted beside those of the system. */
  caCerts?: readonly string[] | undefined;
}

/**
 * Opens a pool of HTTP/1.1 connections. Not HTTP/2, of which reused connections have been seen to stall in
 * the runtime, and one broken connection would take every call on it along.
 *
 * Where the runtime has no pools of one's own the answer is plain `fetch`.
 *
 * @see https://github.com/denoland/deno/issues/21749
 * @throws {RangeError} If `maxIdlePerHost` is out of range.
 * @throws {TypeError} If there are `caCerts` and the runtime cannot use them.
 */
export function openPool(options: PoolOptions = {}): Transport {
  const { maxIdlePerHost = 64, caCerts } = options;
  if (!(Number.isInteger(maxIdlePerHost) && maxIdlePerHost >= 0)) {
    throw new RangeError(
      `Cannot open pool: need an integer maxIdlePerHost >= 0, got ${maxIdlePerHost}`,
    );
  }
  // Through `globalThis`, so that this also runs where there is no `Deno`.
  const create = globalThis.Deno?.createHttpClient;
  if (!create) {
    if (caCerts) throw new TypeError("Cannot open pool: this runtime takes no caCerts");
    return { fetch: (url, init) => fetch(url, init), [Symbol.dispose]() {} };
  }
  // No `poolIdleTimeout`: with one the event loop spins, https://github.com/denoland/deno/issues/29444
  const client = create({
    http2: false,
    poolMaxIdlePerHost: maxIdlePerHost,
    ...(caCerts ? { caCerts: [...caCerts] } : {}),
  });
  return {
    fetch: (url, init, { once }) =>
      fetch(url, { ...init, client, ...(once ? { body: unrepeatable(init) } : {}) }),
    [Symbol.dispose]: () => client.close(),
  };
}

/**
 * The body in a form that can be sent only once. The runtime sends a request anew by itself, of whatever
 * method, when the connection breaks before an answer; of a body that is a stream inside it cannot. A
 * request without a body gets an empty one. Of GET and HEAD there is no such form, and no harm.
 *
 * @see https://github.com/denoland/deno/issues/35610
 */
function unrepeatable({ method, body }: RequestInit): RequestBody | null {
  if (method === "GET" || method === "HEAD") return null;
  if (body === undefined || body === null) return new Blob([]);
  if (typeof body === "string") return new Blob([body], { type: "text/plain;charset=UTF-8" });
  if (body instanceof URLSearchParams) {
    return new Blob([body.toString()], { type: "application/x-www-form-urlencoded;charset=UTF-8" });
  }
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? new Blob([body]) : body;
}
