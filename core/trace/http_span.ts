/**
 * What the spans of HTTP calls say, in the names that go-zero services and their dashboards use.
 *
 * @see https://github.com/open-telemetry/opentelemetry-specification/blob/v1.4.0/specification/trace/semantic_conventions/http.md
 * @module
 */

import type { Attributes, SpanStatus } from "./span.ts";

/** What is looked at of a request; `Request` has it. */
export type RequestHead = Pick<Request, "method" | "url" | "headers">;

/** What a server knows of a request besides the request. */
export interface HttpServerSpanOptions {
  /** The pattern of the route. */
  route: string;
  /** What the service is called. */
  serviceName?: string | undefined;
  /** The version of HTTP. @default {"1.1"} */
  flavor?: string | undefined;
}

/** The attributes of a server's span. Set `http.status_code` once it is known. */
export function httpServerAttributes(
  request: RequestHead,
  { route, serviceName, flavor = "1.1" }: HttpServerSpanOptions,
): Attributes {
  const { url, headers } = request;
  // The URL that the runtime makes is canonical enough, and parsing it costs microseconds.
  const schemeEnd = url.indexOf("://");
  const pathAt = url.indexOf("/", schemeEnd + 3);
  return {
    "http.method": request.method,
    "http.target": pathAt < 0 ? "/" : url.slice(pathAt),
    "http.server_name": serviceName || undefined,
    "http.route": route,
    "http.client_ip": headers.get("x-forwarded-for")?.split(",", 1)[0]?.trim() || undefined,
    "http.user_agent": headers.get("user-agent") || undefined,
    "http.request_content_length": contentLength(headers),
    "http.scheme": url.slice(0, schemeEnd),
    "http.host": headers.get("host") ?? url.slice(schemeEnd + 3, pathAt < 0 ? undefined : pathAt),
    "http.flavor": flavor,
  };
}

/** The attributes of a client's span. Set `http.status_code` once it is known. */
export function httpClientAttributes(request: RequestHead, flavor: string = "1.1"): Attributes {
  const url = new URL(request.url);
  const host = url.host;
  url.username = "";
  url.password = "";
  return {
    "http.method": request.method,
    "http.url": url.href,
    "http.user_agent": request.headers.get("user-agent") || undefined,
    "http.request_content_length": contentLength(request.headers),
    "http.scheme": url.protocol.slice(0, -1),
    "http.host": host,
    "http.flavor": flavor,
  };
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
