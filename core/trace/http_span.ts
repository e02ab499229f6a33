/**
 * What the spans of HTTP calls say, in the names that go-zero services and their dashboards use, or in
 * the current ones of OpenTelemetry.
 *
 * @see https://github.com/open-telemetry/opentelemetry-specification/blob/v1.4.0/specification/trace/semantic_conventions/http.md
 * @module
 */

import { currentAttributes, currentSpanName, currentTarget } from "./_http_current.ts";
import type { HttpConventions } from "./http_conventions.ts";
import type { Attributes, SpanStatus } from "./span.ts";

/** What is looked at of a request; `Request` has it. */
export type RequestHead = Pick<Request, "method" | "url" | "headers">;

/** What a client knows of a request besides the request. */
export interface HttpClientSpanOptions {
  /** The version of HTTP. @default {"1.1"} */
  flavor?: string | undefined;
  /** Which names are used; a tracer knows which are wanted. @default {"legacy"} */
  conventions?: HttpConventions | undefined;
}

/** What a server knows of a request besides the request. */
export interface HttpServerSpanOptions extends HttpClientSpanOptions {
  /** The pattern of the route. */
  route: string;
  /** What the service is called. */
  serviceName?: string | undefined;
}

/**
 * The name of the span of a request: the route or path itself in the legacy names, and else the
 * method before it.
 *
 * @param route The pattern of the route; for a client, a path without parts that vary, or nothing.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(httpSpanName("GET", "/users/:id"), "/users/:id");
 * assertEquals(httpSpanName("GET", "/users/:id", "current"), "GET /users/:id");
 * ```
 */
export function httpSpanName(
  method: string,
  route: string,
  conventions: HttpConventions = "legacy",
): string {
  return conventions === "legacy" ? route || method : currentSpanName(method, route);
}

/** The attributes of a server's span. Add {@link httpServerStatusAttributes} once the status is known. */
export function httpServerAttributes(
  request: RequestHead,
  options: HttpServerSpanOptions,
): Attributes {
  const { route, serviceName, flavor = "1.1", conventions = "legacy" } = options;
  const { url, headers, method } = request;
  // The URL that the runtime makes is canonical enough, and parsing it costs microseconds.
  const schemeEnd = url.indexOf("://");
  const pathAt = url.indexOf("/", schemeEnd + 3);
  const target = pathAt < 0 ? "/" : url.slice(pathAt);
  const client = headers.get("x-forwarded-for")?.split(",", 1)[0]?.trim() || undefined;
  const userAgent = headers.get("user-agent") || undefined;
  const length = contentLength(headers);
  const scheme = url.slice(0, schemeEnd);
  const host = headers.get("host") ?? url.slice(schemeEnd + 3, pathAt < 0 ? undefined : pathAt);
  const legacy = conventions === "current" ? undefined : {
    "http.method": method,
    "http.target": target,
    "http.server_name": serviceName || undefined,
    "http.route": route,
    "http.client_ip": client,
    "http.user_agent": userAgent,
    "http.request_content_length": length,
    "http.scheme": scheme,
    "http.host": host,
    "http.flavor": flavor,
  };
  if (legacy && conventions === "legacy") return legacy;
  return {
    ...legacy,
    ...currentAttributes({ method, host, scheme, flavor, userAgent, contentLength: length }),
    ...currentTarget(target),
    "url.scheme": scheme,
    "http.route": route || undefined,
    "client.address": client,
  };
}

/** The attributes of a client's span. Add {@link httpClientStatusAttributes} once the status is known. */
export function httpClientAttributes(
  request: RequestHead,
  options: HttpClientSpanOptions = {},
): Attributes {
  const { flavor = "1.1", conventions = "legacy" } = options;
  const { method, headers } = request;
  const url = new URL(request.url);
  const { host } = url;
  url.username = "";
  url.password = "";
  const scheme = url.protocol.slice(0, -1);
  const userAgent = headers.get("user-agent") || undefined;
  const length = contentLength(headers);
  const legacy = conventions === "current" ? undefined : {
    "http.method": method,
    "http.url": url.href,
    "http.user_agent": userAgent,
    "http.request_content_length": length,
    "http.scheme": scheme,
    "http.host": host,
    "http.flavor": flavor,
  };
  if (legacy && conventions === "legacy") return legacy;
  return {
    ...legacy,
    ...currentAttributes({ method, host, scheme, flavor, userAgent, contentLength: length }),
    "url.full": url.href,
  };
}

/** The attributes that tell the status of a server's answer. */
export function httpServerStatusAttributes(
  status: number,
  conventions: HttpConventions = "legacy",
): Attributes {
  return statusAttributes(status, conventions, 500);
}

/** The attributes that tell a client the status of an answer. */
export function httpClientStatusAttributes(
  status: number,
  conventions: HttpConventions = "legacy",
): Attributes {
  return statusAttributes(status, conventions, 400);
}

function statusAttributes(
  status: number,
  conventions: HttpConventions,
  firstError: number,
): Attributes {
  if (conventions === "legacy") return { "http.status_code": status };
  const current = {
    "http.response.status_code": status,
    "error.type": status >= firstError ? String(status) : undefined,
  };
  return conventions === "both" ? { ...current, "http.status_code": status } : current;
}

function contentLength(headers: Headers): number | undefined {
  const length = Number(headers.get("content-length"));
  return length > 0 ? length : undefined;
}

/** Ranges of statuses that have a meaning, by their hundreds; both ends included. */
const KNOWN: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [[100, 103]],
  2: [[200, 208], [226, 226]],
  3: [[300, 305], [307, 308]],
  4: [[400, 418], [421, 426], [428, 429], [431, 431], [451, 451]],
  5: [[500, 508], [510, 511]],
};

/**
 * The status of a server's span: an error for 5xx and for codes that mean nothing. A 4xx is the
 * client's error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(httpServerStatus(404), { code: "unset" });
 * assertEquals(httpServerStatus(503), { code: "error" });
 * assertEquals(httpServerStatus(499), { code: "error", message: "Invalid HTTP status code 499" });
 * ```
 */
export function httpServerStatus(status: number): SpanStatus {
  return statusOf(status, 500);
}

/** The status of a client's span: an error for 4xx, 5xx and codes that mean nothing. */
export function httpClientStatus(status: number): SpanStatus {
  return statusOf(status, 400);
}

function statusOf(status: number, firstError: number): SpanStatus {
  const ranges = KNOWN[Math.floor(status / 100)] ?? [];
  if (!ranges.some(([first, last]) => status >= first && status <= last)) {
    return { code: "error", message: `Invalid HTTP status code ${status}` };
  }
  return { code: status >= firstError ? "error" : "unset" };
}
