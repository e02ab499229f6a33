/**
 * One line for each request.
 *
 * @module
 */

import type { Logger } from "../../core/log/logger.ts";
import type { Context } from "../context.ts";
import type { Middleware } from "../handler.ts";

/** Options for {@link accessLog}. */
export interface AccessLogOptions {
  /** A request that took longer, in ms, is logged a second time as slow. @default {500} */
  slowMs?: number;
  /** The same for an event stream. @default {180000} */
  slowStreamMs?: number;
}

/**
 * Writes a line when the answer has been sent: at level info, or error from status 500 on. The time is until the last byte
 * was out, so a stream's line tells how long it lived.
 *
 * Values of query parameters whose names sound secret (`token`, `password`, `secret`, `key`, `signature`, ...)
 * are masked.
 */
export function accessLog(options: AccessLogOptions = {}): Middleware {
  const { slowMs = 500, slowStreamMs = 180_000 } = options;
  return (next) => (request, context) => {
    const { startedMs } = context;
    // What the request says must be read before it is answered: then the runtime lets go of it.
    const subject = describe(request, context);
    const logger = context.log;
    const result = next(request, context);
    return result instanceof Promise ? result.then(watched) : watched(result);

    function watched(response: Response): Response {
      const { status } = response;
      const isStream = response.headers.get("content-type") === "text/event-stream";
      context.onFinish((endedMs) => {
        const durationMs = endedMs - startedMs;
        log(
          logger,
          `[HTTP] ${status} - ${subject}`,
          status,
          durationMs,
          isStream ? slowStreamMs : slowMs,
        );
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

function log(lines: Logger, line: string, status: number, durationMs: number, slowMs: number) {
  const logger = lines.withDuration(durationMs);
  if (status >= 500) logger.error(line);
  else logger.info(line);
  if (durationMs > slowMs) logger.slow(`${line} - slowcall(${durationMs.toFixed(1)}ms)`);
}

/** Path and query of a URL, as the client wrote them. */
function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? "/" : url.slice(start);
}

const SECRET_NAME = /(?:token|passw|secret|signature|credential|api[-_]?key|^key$|^sig$|^code$)/i;

/** Masks the values of query parameters whose names sound secret. */
export function maskQuery(target: string): string {
  const start = target.indexOf("?");
  if (start < 0) return target;
  const pairs = target.slice(start + 1).split("&").map((pair) => {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    return equals >= 0 && SECRET_NAME.test(name) ? `${name}=***` : pair;
  });
  return `${target.slice(0, start)}?${pairs.join("&")}`;
}
