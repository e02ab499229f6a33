/**
 * One line for each request.
 *
 * @module
 */

import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";
import { describeBody, describeHead, maskQuery, shownBody, targetOf } from "./_describe_message.ts";
import { detailedLog, slowLimit, type SlowLimits } from "./_detailed_log.ts";
import { readSoFar, watchBody } from "./_watched_request.ts";

export { maskQuery };

/** Options for {@link accessLog}. */
export interface AccessLogOptions {
  /** A request that took longer, in ms, is logged a second time as slow. @default {500} */
  slowMs?: number;
  /** The same for an event stream. @default {180000} */
  slowStreamMs?: number;
  /** Whether lines tell all of request and answer; see {@link accessLog}. @default {false} */
  verbose?: boolean;
}

/**
 * Writes a line when the answer has been sent: at level info, or error from status 500 on. The time is until the last byte
 * was out, so a stream's line tells how long it lived. What failed is logged with the request: its headers, and the
 * first 1024 bytes that were read of its body.
 *
 * With `verbose` each line holds method, status, peer and time, then the request's headers and its body as far as it was
 * read, then the answer's body; 4096 bytes of either. That is for finding faults: it costs a copy, and an answer is sent
 * in pieces without its length.
 *
 * Bodies are shown if they are text or JSON and not compressed, and never those of event streams. Headers (`Authorization`,
 * `Cookie`, ...), members of JSON and query parameters whose names sound secret are masked. In other text a secret
 * cannot be told, so do not leave `verbose` on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MemoryLog } from "@zeno/zeno/core/testing";
 * import { Server } from "@zeno/zeno/rest";
 *
 * const log = new MemoryLog();
 * await using server = new Server({ Name: "greet", Port: 0 }, { log });
 * server.get("/hello", () => new Response("hello"));
 * await server.fetch(new Request("http://localhost/hello?token=1234"));
 * assertEquals(log.contents("info"), ["[HTTP] 200 - GET /hello?token=*** -  - "]);
 * ```
 */
export function accessLog(options: AccessLogOptions = {}): Middleware {
  const { slowMs = 500, slowStreamMs = 180_000, verbose = false } = options;
  const limits = { slowMs, slowStreamMs };
  return verbose ? detailedLog(limits) : briefLog(limits);
}

/** Bytes of the body of a request that failed. */
const FAILED_BODY_BYTES = 1024;

function briefLog(limits: SlowLimits): Middleware {
  return (next) => (request, context) => {
    const { startedMs } = context;
    // What the request says must be read before it is answered: then the runtime lets go of it.
    const subject = describe(request, context);
    const logger = context.log;
    watchBody(request, false);
    const result = next(request, context);
    return result instanceof Promise ? result.then(watched) : watched(result);

    function watched(response: Response): Response {
      const { status } = response;
      const slowMs = slowLimit(response, limits);
      const detail = status >= 500 ? describeFailed(request) : "";
      context.onFinish((endedMs) => {
        const durationMs = endedMs - startedMs;
        const lines = logger.withDuration(durationMs);
        const line = `[HTTP] ${status} - ${subject}`;
        if (status >= 500) lines.error(line + detail);
        else lines.info(line);
        if (durationMs > slowMs) lines.slow(`${line} - slowcall(${durationMs.toFixed(1)}ms)`);
      });
      return response;
    }
  };
}

function describe(request: Request, context: Context): string {
  const target = maskQuery(targetOf(request.url));
  const agent = request.headers.get("user-agent") ?? "";
  return `${request.method} ${target} - ${context.remoteAddr} - ${agent}`;
}

/** The request behind an answer of 500 and above, on lines of its own. */
function describeFailed(request: Request): string {
  try {
    const kind = shownBody(request.headers);
    const body = describeBody(readSoFar(request, FAILED_BODY_BYTES), kind);
    return `\n${describeHead(request)}${body && `\n\n${body}`}`;
  } catch {
    return ""; // Its client has gone, and the runtime has let go of it.
  }
}
