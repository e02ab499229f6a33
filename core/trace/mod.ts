/**
 * Which trace a piece of work belongs to, and how services tell each other.
 *
 * `startTelemetry` starts tracing by config. From then on {@link withSpan} times a piece of work,
 * {@link currentSpan} and {@link spanContext} tell what the running code is part of, and
 * {@link extractContext} and {@link injectContext} carry it from service to service in the headers of
 * the W3C. Before that, or without it, all of them cost next to nothing.
 *
 * @example Time a piece of work
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { extractContext, injectContext, startTelemetry, withSpan } from "@zeno/zeno/core/trace";
 *
 * await using _telemetry = await startTelemetry({ Sampler: 1 }, { serviceName: "orders" });
 * const headers = new Headers(); // Those of a call to another service.
 * const traceId = await withSpan("charge card", async (span) => {
 *   injectContext(headers);
 *   await Promise.resolve();
 *   return span.spanContext()?.traceId;
 * }, { kind: "client" });
 * assertEquals(extractContext(headers).span?.traceId, traceId);
 * ```
 *
 * @module
 */

export * from "./active_tracer.ts";
export * from "./baggage.ts";
export * from "./batch_processor.ts";
export * from "./carrier.ts";
export * from "./create_exporter.ts";
export * from "./create_tracer.ts";
export * from "./exporter.ts";
export * from "./file_exporter.ts";
export { type HttpPostOptions } from "./http_post.ts";
export * from "./http_conventions.ts";
export * from "./http_span.ts";
export * from "./noop_span.ts";
export * from "./noop_tracer.ts";
export * from "./otlp_grpc_exporter.ts";
export * from "./otlp_http_exporter.ts";
export * from "./otlp_json.ts";
export * from "./propagation.ts";
export * from "./rpc_span.ts";
export * from "./sampler.ts";
export * from "./span.ts";
export * from "./telemetry.ts";
export * from "./trace_state.ts";
export * from "./tracer.ts";
export * from "./zipkin_exporter.ts";
