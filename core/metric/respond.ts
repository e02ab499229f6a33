import {
  OPEN_METRICS_CONTENT_TYPE,
  renderOpenMetrics,
  renderText,
  TEXT_CONTENT_TYPE,
} from "./exposition.ts";
import type { MetricRegistry } from "./registry.ts";
import type { MetricFamily } from "./snapshot.ts";

/** What has metrics to show: a registry, or somebody who adds up those of others. */
export interface SnapshotSource {
  /** All metrics at one moment. */
  snapshot(): readonly MetricFamily[] | Promise<readonly MetricFamily[]>;
}

/**
 * Answers a scrape with the metrics of `registry`, in OpenMetrics if the request prefers it, else in
 * the text format. A method other than `GET` and `HEAD` gets a 405.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@zeno/zeno/core/metric";
 * const registry = new MetricRegistry();
 * registry.gauge({ name: "up" }).set(1);
 * const response = metricsResponse(registry, new Request("http://localhost/metrics"));
 * assertEquals(await response.text(), "# TYPE up gauge\nup 1\n");
 * ```
 */
export function metricsResponse(source: MetricRegistry, request: Request): Response;
/** Answers a scrape with the metrics of a source that may have to ask for them. */
export function metricsResponse(
  source: SnapshotSource,
  request: Request,
): Response | Promise<Response>;
export function metricsResponse(
  source: SnapshotSource,
  request: Request,
): Response | Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const families = source.snapshot();
  return families instanceof Promise
    ? families.then((families) => rendered(families, request))
    : rendered(families, request);
}

function rendered(families: readonly MetricFamily[], request: Request): Response {
  const open = prefersOpenMetrics(request.headers.get("accept"));
  const render = open ? renderOpenMetrics : renderText;
  return new Response(request.method === "HEAD" ? null : render(families), {
    headers: {
      "content-type": open ? OPEN_METRICS_CONTENT_TYPE : TEXT_CONTENT_TYPE,
      "vary": "accept",
    },
  });
}

/** Whether an `accept` header ranks OpenMetrics above plain text. */
export function prefersOpenMetrics(accept: string | null): boolean {
  let open = 0;
  let text = 0;
  for (const item of (accept ?? "").toLowerCase().split(",")) {
    const [type = "", ...parameters] = item.split(";").map((part) => part.trim());
    const quality = qualityOf(parameters);
    if (type === "application/openmetrics-text" && speaksVersion(parameters)) {
      open = Math.max(open, quality);
    }
    if (type === "text/plain") text = Math.max(text, quality);
  }
  return open > 0 && open >= text;
}

function speaksVersion(parameters: readonly string[]): boolean {
  const version = parameters.find((parameter) => parameter.startsWith("version="));
  return version === undefined || version === "version=1.0.0";
}

function qualityOf(parameters: readonly string[]): number {
  const text = parameters.find((parameter) => parameter.startsWith("q="));
  if (text === undefined) return 1;
  const quality = Number(text.slice(2));
  return quality >= 0 && quality <= 1 ? quality : 0;
}
