/**
 * Spans against OpenTelemetry's own SDK.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import { createTracer, parentBasedSampler, startSpan, withSpan } from "@zeno/zeno/core/trace";
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from "npm:@opentelemetry/sdk-trace-base@2.12.1";
import { trace } from "npm:@opentelemetry/api@1.9.0";
import { compare } from "./compare.ts";

const ours = {
  onEnd() {},
};
const theirs = {
  onStart() {},
  onEnd() {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

const apiTracer = trace.getTracer("bench"); // Nothing is registered, so it does nothing.
await compare("Span, off", {
  "zeno startSpan().end": () => startSpan("GET").end(),
  "zeno withSpan": () => withSpan("GET", () => 1),
  "@opentelemetry/api startSpan().end": () => apiTracer.startSpan("GET").end(),
}, { iterations: 1_000_000 });

const never = createTracer({ processor: ours, sampler: parentBasedSampler(0) });
const theirNever = new BasicTracerProvider({
  spanProcessors: [theirs],
  sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
}).getTracer("bench");
await compare("Span, none kept", {
  "zeno": () => never.startSpan("GET").end(),
  "@opentelemetry/sdk-trace-base": () => theirNever.startSpan("GET").end(),
}, { iterations: 300_000 });

const tenth = createTracer({ processor: ours, sampler: parentBasedSampler(0.1) });
const theirTenth = new BasicTracerProvider({
  spanProcessors: [theirs],
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.1) }),
}).getTracer("bench");
await compare("Span, one of ten kept", {
  "zeno": () => tenth.startSpan("GET").end(),
  "@opentelemetry/sdk-trace-base": () => theirTenth.startSpan("GET").end(),
}, { iterations: 200_000 });

const attributes = { "http.method": "GET", "http.route": "/users/:id", "http.status_code": 200 };
const all = createTracer({ processor: ours });
const theirAll = new BasicTracerProvider({ spanProcessors: [theirs] }).getTracer("bench");
await compare("Span with 3 attributes, kept", {
  "zeno": () => all.startSpan("GET", { attributes }).end(),
  "@opentelemetry/sdk-trace-base": () => theirAll.startSpan("GET", { attributes }).end(),
}, { iterations: 100_000 });
