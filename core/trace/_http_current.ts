/** The stable names of HTTP attributes; see {@link HttpConventions}. */

import type { Attributes } from "./span.ts";

const METHODS = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "QUERY",
]);

/** The parts of a request that both kinds of spans tell. */
export interface CurrentRequest {
  readonly method: string;
  /** `host` or `host:port`. */
  readonly host: string;
  readonly scheme: string;
  readonly flavor: string;
  readonly userAgent: string | undefined;
  readonly contentLength: number | undefined;
}

/** What the spans of servers and of clients both say. */
export function currentAttributes(request: CurrentRequest): Attributes {
  const { method, host, scheme, flavor, userAgent, contentLength } = request;
  const known = METHODS.has(method);
  const { address, port } = splitHost(host, scheme);
  return {
    "http.request.method": known ? method : "_OTHER",
    "http.request.method_original": known ? undefined : method,
    "server.address": address,
    "server.port": port,
    "network.protocol.version": flavor,
    "user_agent.original": userAgent,
    "http.request.body.size": contentLength,
  };
}

/** The name of a span: a client can invent methods, and each would be a name. */
export function currentSpanName(method: string, route: string): string {
  const name = METHODS.has(method) ? method : "HTTP";
  return route ? `${name} ${route}` : name;
}

/** The parts of a request target. */
export function currentTarget(target: string): Attributes {
  const mark = target.indexOf("?");
  return {
    "url.path": mark < 0 ? target : target.slice(0, mark),
    "url.query": mark < 0 ? undefined : target.slice(mark + 1) || undefined,
  };
}

function splitHost(host: string, scheme: string): { address: string; port: number | undefined } {
  const colon = host.lastIndexOf(":");
  const hasPort = colon > host.lastIndexOf("]");
  const address = hasPort ? host.slice(0, colon) : host;
  const port = hasPort ? Number(host.slice(colon + 1)) : scheme === "https" ? 443 : 80;
  return { address: address.replace(/^\[(.*)\]$/, "$1"), port: port > 0 ? port : undefined };
}
