/**
 * What an attempt leaves behind for people: a span, figures, a line in the log.
 *
 * @module
 */

import { ServiceError } from "../../core/errors.ts";
import type { Logger } from "../../core/log/logger.ts";
import { type HttpClientLabels, httpClientMetrics } from "../../core/metric/request_metrics.ts";
import type { RequestMetrics } from "../../core/metric/request_metrics.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import { activeTracer } from "../../core/trace/active_tracer.ts";
import { injectContext } from "../../core/trace/carrier.ts";
import { noopSpan } from "../../core/trace/noop_span.ts";
import type { HttpConventions } from "../../core/trace/http_conventions.ts";
import {
  httpClientAttributes,
  httpClientStatus,
  httpClientStatusAttributes,
  httpSpanName,
} from "../../core/trace/http_span.ts";
import type { Attributes, Span } from "../../core/trace/span.ts";
import { HttpError } from "./errors.ts";

/** What is seen of an attempt before it is made. */
export interface AttemptFacts {
  /** The HTTP method. */
  readonly method: string;
  /** The pattern of the path. */
  readonly route: string;
  /** Scheme, host and path; no query and no user. */
  readonly url: string;
  /** Attempts that were made before this one. */
  readonly resends: number;
}

/** Options for {@link Observer}. */
export interface ObserverOptions {
  /** What the callee is called. */
  service: string;
  /** Where figures go; `undefined` for none. */
  metrics: MetricRegistry | undefined;
  /** Where lines go. */
  log: Logger;
  /** Whether headers of tracing are sent along. */
  propagate: boolean;
}

/** Statuses of an attempt that was given up, for figures: nobody has sent it. */
const CANCELED_STATUS = 499;

/** Watches the attempts of one client. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #metrics:
    | RequestMetrics<HttpClientLabels, readonly [...HttpClientLabels, "code"]>
    | undefined;

  /** Makes an observer; registers its metrics. */
  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#metrics = options.metrics && httpClientMetrics(options.metrics);
  }

  /**
   * Begins the span of an attempt, in the names that the tracer asks for, and writes the headers that carry
   * it. Where the runtime makes spans of `fetch` itself there is no second one.
   */
  begin(facts: AttemptFacts, headers: Map<string, string>): Span {
    const tracer = activeTracer();
    if (tracer.instrumentsHttp) return noopSpan;
    const { httpConventions } = tracer;
    const name = httpSpanName(facts.method, facts.route, httpConventions);
    const span = tracer.startSpan(name, { kind: "client" });
    if (span.isRecording()) span.setAttributes(attributesOf(facts, headers, httpConventions));
    if (this.#options.propagate) {
      const context = span.spanContext();
      injectContext(headers, context ? { span: context } : {});
    }
    return span;
  }

  /** Ends the span and counts. `outcome` is a status, or what was thrown. */
  end(facts: AttemptFacts, span: Span, tookMs: number, outcome: number | { error: unknown }): void {
    const status = typeof outcome === "number" ? outcome : statusOf(outcome.error);
    if (span.isRecording()) finishSpan(span, outcome);
    span.end();
    const { service } = this.#options;
    const { method, route } = facts;
    this.#metrics?.duration.labels(service, method, route).observe(tookMs);
    this.#metrics?.codes.labels(service, method, route, String(status)).inc();
    this.#log(facts, tookMs, outcome);
  }

  #log({ method, url }: AttemptFacts, tookMs: number, outcome: number | { error: unknown }): void {
    const { log } = this.#options;
    const failed = typeof outcome !== "number";
    const status = !failed
      ? outcome
      : outcome.error instanceof HttpError
      ? outcome.error.status
      : undefined;
    const isError = status === undefined || status >= 400;
    if (!log.enabled(isError ? "error" : "info")) return;
    const line = status !== undefined
      ? `[HTTP] ${status} - ${method} ${url}`
      : `[HTTP] ${method} ${url} - ${failed ? ServiceError.from(outcome.error).message : ""}`;
    const timed = log.withDuration(tookMs);
    if (isError) timed.error(line);
    else timed.info(line);
  }
}

function attributesOf(
  { method, route, url, resends }: AttemptFacts,
  headers: ReadonlyMap<string, string>,
  conventions: HttpConventions,
): Attributes {
  const request = { method, url, headers: new Headers([...headers]) };
  const attributes = httpClientAttributes(request, { conventions });
  if (conventions === "legacy") return attributes;
  return {
    ...attributes,
    "url.template": route,
    "http.request.resend_count": resends > 0 ? resends : undefined,
  };
}

function finishSpan(span: Span, outcome: number | { error: unknown }): void {
  const { httpConventions } = activeTracer();
  if (typeof outcome === "number") {
    span.setAttributes(httpClientStatusAttributes(outcome, httpConventions));
    span.setStatus(httpClientStatus(outcome));
    return;
  }
  const { error } = outcome;
  if (error instanceof HttpError) return finishSpan(span, error.status);
  span.recordException(error);
  if (httpConventions !== "legacy") {
    span.setAttribute("error.type", error instanceof Error ? error.name : "_OTHER");
  }
  span.setStatus({ code: "error", message: ServiceError.from(error).message });
}

/** The status that counts for what was thrown. */
function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  const { code, httpStatus } = ServiceError.from(error);
  return code === "canceled" ? CANCELED_STATUS : httpStatus;
}
