/**
 * Services behind a gateway that speak HTTP themselves.
 *
 * @module
 */

import { ServiceError } from "../../../core/errors.ts";
import { Deadline } from "../../../core/timeout/deadline.ts";
import { formatTimeoutMs, TIMEOUT_HEADER } from "../../../core/timeout/propagation.ts";
import { injectContext } from "../../../core/trace/carrier.ts";
import { networkErrorOf } from "../../../rest/client/network_error.ts";
import type { Context } from "../../../rest/context.ts";
import type { Handler } from "../../../rest/handler.ts";
import { segmentValue } from "../../../rest/router/path.ts";

/** Where a service is that speaks HTTP. */
export interface HttpUpstreamConf {
  /** Where it is, `host:port`. */
  readonly Target: string;
  /** Put before every path. @default {""} */
  readonly Prefix: string;
  /** How long its answer may take to begin, in ms; 0 leaves it to the route. @default {3000} */
  readonly Timeout: number;
}

/** Of the connection, and so not passed on. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * Passes requests on: method, path, query, headers and body. Paths are passed on in their canonical form, so the service sees
 * what the gateway has let pass. Redirects are the client's to follow. What goes wrong before there is an answer is 502, or 504
 * for lack of time.
 *
 * @throws {TypeError} If the target is more than host and port, or the prefix no path.
 */
export function httpUpstream(conf: HttpUpstreamConf, name: string = conf.Target): Handler {
  const base = baseOf(conf);
  const timeoutMs = conf.Timeout > 0 ? conf.Timeout : Infinity;
  return async (request, context) => {
    const { deadline: parent, environment: { deadlines }, signal } = context;
    using deadline = new Deadline(timeoutMs, { parent, deadlines, signal });
    const url = `${base}${canonical(request, context)}`;
    const method = request.method;
    try {
      const response = await deadline.run(() =>
        fetch(url, {
          method,
          headers: requestHeaders(request.headers, context, deadline.remainingMs),
          body: request.body,
          redirect: "manual",
          signal: deadline.signal,
        })
      );
      log(context, `[HTTP] ${response.status} - ${method} ${shown(url)}`, response.status >= 400);
      return answerOf(response);
    } catch (thrown) {
      throw failure(thrown, context, { method, name, url });
    }
  };
}

function baseOf({ Target, Prefix }: HttpUpstreamConf): string {
  const base = `http://${Target}`;
  if (Target.includes("/") || !URL.canParse(base) || new URL(base).host !== Target.toLowerCase()) {
    throw new TypeError(`Cannot use upstream ${JSON.stringify(Target)}: need host:port`);
  }
  const prefix = Prefix.replace(/^\/*(.*?)\/*$/, "$1");
  if (/[?#\s\\]|(?:^|\/)\.\.?(?:\/|$)/.test(prefix)) {
    throw new TypeError(`Cannot use prefix ${JSON.stringify(Prefix)}: need a path`);
  }
  return prefix === "" ? base : `${base}/${prefix}`;
}

/** Path and query, the path as the chain has seen it. */
function canonical({ url }: Request, { path }: Context): string {
  const encoded = path.split("/").map((part) => encodeURIComponent(segmentValue(part))).join("/");
  const query = url.indexOf("?");
  const raw = query < 0 ? url : url.slice(0, query);
  const slash = raw.endsWith("/") && encoded !== "/" ? "/" : "";
  return encoded + slash + (query < 0 ? "" : url.slice(query));
}

function requestHeaders(own: Headers, context: Context, remainingMs: number): Headers {
  const headers = new Headers(own);
  removeHopByHop(headers);
  headers.delete("host");
  // What comes compressed the platform would open, and close for nobody.
  headers.set("accept-encoding", "identity");
  injectContext(headers, { span: context.span });
  const timeout = formatTimeoutMs(remainingMs);
  if (timeout === undefined) headers.delete(TIMEOUT_HEADER);
  else headers.set(TIMEOUT_HEADER, timeout);
  return headers;
}

function removeHopByHop(headers: Headers): void {
  for (const name of (headers.get("connection") ?? "").split(",")) {
    if (/^[\w-]+$/.test(name.trim())) headers.delete(name.trim());
  }
  for (const name of HOP_BY_HOP) headers.delete(name);
}

function answerOf(response: Response): Response {
  const { status, statusText, body } = response;
  const headers = new Headers(response.headers);
  removeHopByHop(headers);
  return new Response(body, { status, statusText, headers });
}

interface FailedCall {
  readonly method: string;
  readonly name: string;
  readonly url: string;
}

function failure(thrown: unknown, context: Context, { method, name, url }: FailedCall): unknown {
  const error = networkErrorOf(thrown, { method, route: context.route, service: name });
  const { code, message } = ServiceError.from(error);
  log(context, `[HTTP] ${method} ${shown(url)} - ${message}`, true);
  if (code !== "unavailable") return error;
  return new ServiceError(code, message, { httpStatus: 502, cause: error });
}

/** A query may hold what no log should. */
function shown(url: string): string {
  return url.split("?")[0]!;
}

function log({ log }: Context, line: string, isFailure: boolean): void {
  if (isFailure) log.error(line);
  else log.info(line);
}
