/**
 * Requests over TLS that takes any certificate of a server.
 *
 * @module
 */

import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import type { Certificates } from "./_tls_files.ts";

/** Sends requests until it is disposed. */
export interface UncheckedFetch extends Disposable {
  /** Sends a request, as `fetch` does; the body has to be text. */
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** Opens connections. `fetch` itself cannot do this: it always checks. */
export function openUncheckedFetch({ cert, key }: Certificates): UncheckedFetch {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false, cert, key });
  return {
    fetch: (url, { method = "GET", headers = {}, body, signal }) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const options = { agent, method, headers: Object.fromEntries(new Headers(headers)) };
        const sent = request(url, options, (answer) => {
          const { statusCode = 502 } = answer;
          const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
          resolve(new Response(stream, { status: statusCode }));
        });
        const onAbort = () => sent.destroy(signal!.reason);
        signal?.addEventListener("abort", onAbort, { once: true });
        sent.on("error", (error) => reject(signal?.aborted ? signal.reason : error));
        sent.on("close", () => signal?.removeEventListener("abort", onAbort));
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
