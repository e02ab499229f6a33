/**
 * Spans as OTLP/JSON.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @module
 */

import type { AttributeValue, InstrumentationScope, SpanData, SpanKind } from "./span.ts";
import { attributeMap } from "./_attribute_list.ts";

/** A value of an attribute. 64-bit integers are text. */
export type OtlpValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number | "NaN" | "Infinity" | "-Infinity" }
  | { arrayValue: { values: OtlpValue[] } };

/** An attribute. */
export interface OtlpAttribute {
  /** The name. */
  key: string;
  /** The value. */
  value: OtlpValue;
}

/** A span. Ids are hex, times are nanoseconds since the Unix epoch as text. */
export interface OtlpSpan {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  /** As in a `tracestate` header. */
  traceState?: string;
  /** 16 hex digits; absent if the span begins its trace. */
  parentSpanId?: string;
  /** Trace flags, and whether the parent is in another process. */
  flags: number;
  /** What was done. */
  name: string;
  /** 1 to 5. */
  kind: number;
  /** Beginning. */
  startTimeUnixNano: string;
  /** End. */
  endTimeUnixNano: string;
  /** Facts. */
  attributes: OtlpAttribute[];
  /** Facts that found no room. */
  droppedAttributesCount: number;
  /** What happened meanwhile. */
  events: { timeUnixNano: string; name: string; attributes: OtlpAttribute[] }[];
  /** Events that found no room. */
  droppedEventsCount: number;
  /** Related spans. */
  links: {
    traceId: string;
    spanId: string;
    traceState?: string;
    flags: number;
    attributes: OtlpAttribute[];
  }[];
  /** Links that found no room. */
  droppedLinksCount: number;
  /** How it ended: 0 unset, 1 ok, 2 error. */
  status: { code?: number; message?: string };
}

/** The spans of one process. */
export interface OtlpResourceSpans {
  /** The process. */
  resource: { attributes: OtlpAttribute[] };
  /** Its spans, by who made them. */
  scopeSpans: { scope: { name: string; version?: string }; spans: OtlpSpan[] }[];
}

/** An `ExportTraceServiceRequest`. */
export interface OtlpTraceRequest {
  /** The spans, by process. */
  resourceSpans: OtlpResourceSpans[];
}

const KINDS: Readonly<Record<SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** The request that carries `spans`. */
export function otlpTraceRequest(spans: readonly SpanData[]): OtlpTraceRequest {
  const byResource = Map.groupBy(spans, (span) => span.resource);
  const resourceSpans = Array.from(byResource, ([resource, ofResource]) => ({
    resource: { attributes: otlpAttributes(resource) },
    scopeSpans: Array.from(
      Map.groupBy(ofResource, (span) => span.scope),
      ([scope, ofScope]) => ({ scope: otlpScope(scope), spans: ofScope.map(otlpSpan) }),
    ),
  }));
  return { resourceSpans };
}

function otlpScope({ name, version }: InstrumentationScope): { name: string; version?: string } {
  return version === undefined ? { name } : { name, version };
}

function otlpSpan(span: SpanData): OtlpSpan {
  const { traceId, spanId, traceState } = span.context;
  const { code, message } = span.status;
  return {
    traceId,
    spanId,
    ...(traceState ? { traceState } : {}),
    ...(span.parent ? { parentSpanId: span.parent.spanId } : {}),
    flags: flagsOf(true, span.parent?.remote),
    name: span.name.toWellFormed(),
    kind: KINDS[span.kind],
    startTimeUnixNano: nanosOf(span.startTimeMs),
    endTimeUnixNano: nanosOf(span.endTimeMs),
    attributes: otlpAttributes(span.attributes),
    droppedAttributesCount: span.dropped.attributes,
    events: span.events.map(({ name, timeMs, attributes }) => ({
      timeUnixNano: nanosOf(timeMs),
      name: name.toWellFormed(),
      attributes: otlpAttributes(attributes),
    })),
    droppedEventsCount: span.dropped.events,
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      ...(context.traceState ? { traceState: context.traceState } : {}),
      flags: flagsOf(context.sampled, context.remote),
      attributes: otlpAttributes(attributeMap(attributes)),
    })),
    droppedLinksCount: span.dropped.links,
    status: code === "unset"
      ? {}
      : { code: STATUS_CODES[code], ...(message ? { message: message.toWellFormed() } : {}) },
  };
}

function flagsOf(sampled: boolean, remote: boolean | undefined): number {
  return (sampled ? 1 : 0) | HAS_IS_REMOTE | (remote ? IS_REMOTE : 0);
}

/** Nanoseconds as text: the number itself is past what a JavaScript number holds exactly. */
function nanosOf(timeMs: number): string {
  const wholeMs = Math.floor(timeMs);
  const rest = Math.floor((timeMs - wholeMs) * 1e6);
  return wholeMs === 0 ? String(rest) : `${wholeMs}${String(rest).padStart(6, "0")}`;
}

function otlpAttributes(attributes: ReadonlyMap<string, AttributeValue>): OtlpAttribute[] {
  return Array.from(attributes, ([key, value]) => ({
    key: key.toWellFormed(),
    value: otlpValue(value),
  }));
}

function otlpValue(value: AttributeValue): OtlpValue {
  switch (typeof value) {
    case "string":
      return { stringValue: value.toWellFormed() };
    case "boolean":
      return { boolValue: value };
    case "number":
      return Number.isSafeInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: double(value) };
    default:
      return { arrayValue: { values: value.map(otlpValue) } };
  }
}

/** JSON has no word for these, so the encoding of protocol buffers writes them as text. */
function double(value: number): number | "NaN" | "Infinity" | "-Infinity" {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}
