/**
 * Requests over TLS that takes any certificate of a server.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
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
          resolve(new Response(bodyOf(answer, signal ?? undefined), { status: statusCode }));
        });
        const onAbort = () => {
          reject(signal!.reason);
          sent.destroy();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        sent.on("error", reject);
        sent.on("close", () => signal?.removeEventListener("abort", onAbort));
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** What comes of an answer, which ends with the signal whatever the connection makes of that. */
function bodyOf(
  answer: IncomingMessage,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let isOver = false;
      const end = (act: () => void) => {
        if (!isOver) act();
        isOver = true;
      };
      const fail = (error: unknown) => end(() => controller.error(error));
      signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
      answer.on("data", (chunk: Uint8Array) => {
        if (!isOver) controller.enqueue(chunk);
      });
      answer.on("end", () => end(() => controller.close()));
      answer.on("error", fail);
      answer.on("close", () => fail(new Error("the connection was closed")));
    },
    cancel: () => void answer.destroy(),
  });
}
