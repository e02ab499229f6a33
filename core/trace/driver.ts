/**
 * Spans through `@opentelemetry/api`, for programs whose spans somebody else exports: Deno itself when
 * it was started with `OTEL_DENO=true`, or an SDK that was registered before.
 *
 * @module
 */

import {
  type Attributes as ApiAttributes,
  type Baggage as ApiBaggage,
  baggageEntryMetadataFromString,
  type Context as ApiContext,
  context as apiContext,
  createTraceState,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  propagation,
  type Span as ApiSpan,
  type SpanContext as ApiSpanContext,
  SpanKind as ApiSpanKind,
  SpanStatusCode,
  trace as apiTrace,
  TraceFlags,
  type Tracer as ApiTracer,
} from "npm:@opentelemetry/api@^1.9.0";
import { attributeMap } from "./_attribute_list.ts";
import { Baggage } from "./baggage.ts";
import type { HttpConventions } from "./http_conventions.ts";
import type { SpanContext } from "./propagation.ts";
import type {
  Attributes,
  AttributeValue,
  InstrumentationScope,
  Span,
  SpanLink,
  SpanOptions,
  SpanStatus,
} from "./span.ts";
import type { Tracer, TraceScope } from "./tracer.ts";

/** Options for {@link openTelemetryTracer}. */
export interface OpenTelemetryTracerOptions {
  /** Who makes the spans. */
  scope: InstrumentationScope;
  /** Whether the runtime makes the spans of HTTP itself. */
  instrumentsHttp: boolean;
  /** Which names the spans of HTTP calls are to use. @default {"legacy"} */
  httpConventions?: HttpConventions | undefined;
}

const KINDS = {
  internal: ApiSpanKind.INTERNAL,
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  producer: ApiSpanKind.PRODUCER,
  consumer: ApiSpanKind.CONSUMER,
} as const;

const STATUS_CODES = {
  unset: SpanStatusCode.UNSET,
  ok: SpanStatusCode.OK,
  error: SpanStatusCode.ERROR,
} as const;

/** A tracer whose spans and contexts are those of the provider registered with OpenTelemetry's API. */
export function openTelemetryTracer(options: OpenTelemetryTracerOptions): Tracer {
  return new BridgedTracer(options);
}

class BridgedTracer implements Tracer {
  readonly instrumentsHttp: boolean;
  readonly records = true;
  readonly httpConventions: HttpConventions;
  readonly #tracer: ApiTracer;

  constructor(options: OpenTelemetryTracerOptions) {
    const { scope, instrumentsHttp, httpConventions = "legacy" } = options;
    this.instrumentsHttp = instrumentsHttp;
    this.httpConventions = httpConventions;
    this.#tracer = apiTrace.getTracer(scope.name, scope.version);
  }

  startSpan(name: string, options: SpanOptions = {}): Span {
    const { kind = "internal", attributes, links, parent } = options;
    const active = apiContext.active();
    const base = parent ? apiTrace.setSpanContext(active, toApiContext(parent)) : active;
    const started = this.#tracer.startSpan(name, {
      kind: KINDS[kind],
      attributes: toApiAttributes(attributes),
      links: (links ?? []).map(toApiLink),
      root: parent === null,
    }, base);
    return bridged(started);
  }

  run<T>(scope: TraceScope, fn: () => T): T {
    const active = apiContext.active();
    return apiContext.with(withBaggage(withSpan(active, scope.span), scope.baggage), fn);
  }

  scope(): TraceScope {
    const active = apiContext.active();
    const span = apiTrace.getSpan(active);
    const baggage = propagation.getBaggage(active);
    return { span: span && bridged(span), baggage: baggage && fromApiBaggage(baggage) };
  }
}

function withSpan(context: ApiContext, span: Span | undefined): ApiContext {
  if (span instanceof BridgedSpan) return apiTrace.setSpan(context, span.inner);
  const ids = span?.spanContext();
  return ids ? apiTrace.setSpanContext(context, toApiContext(ids)) : apiTrace.deleteSpan(context);
}

function withBaggage(context: ApiContext, baggage: Baggage | undefined): ApiContext {
  if (!baggage) return propagation.deleteBaggage(context);
  const entries = Array.from(baggage, ([key, { value, metadata }]) => {
    const properties = metadata ? { metadata: baggageEntryMetadataFromString(metadata) } : {};
    return [key, { value, ...properties }] as const;
  });
  return propagation.setBaggage(context, propagation.createBaggage(Object.fromEntries(entries)));
}

/** One wrapper for each span, so that asking twice answers the same. */
const wrappers = new WeakMap<ApiSpan, BridgedSpan>();

function bridged(span: ApiSpan): BridgedSpan {
  let wrapper = wrappers.get(span);
  if (!wrapper) wrappers.set(span, wrapper = new BridgedSpan(span));
  return wrapper;
}

class BridgedSpan implements Span {
  readonly inner: ApiSpan;

  constructor(inner: ApiSpan) {
    this.inner = inner;
  }

  spanContext(): SpanContext | undefined {
    const context = this.inner.spanContext();
    return isSpanContextValid(context) ? fromApiContext(context) : undefined;
  }

  isRecording(): boolean {
    return this.inner.isRecording();
  }

  setAttribute(key: string, value: AttributeValue | undefined): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(attributes: Attributes): this {
    this.inner.setAttributes(toApiAttributes(attributes));
    return this;
  }

  addEvent(name: string, attributes?: Attributes): this {
    this.inner.addEvent(name, toApiAttributes(attributes));
    return this;
  }

  addLink(link: SpanLink): this {
    this.inner.addLink(toApiLink(link));
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    const status = { code: STATUS_CODES[code] };
    this.inner.setStatus(message === undefined ? status : { ...status, message });
    return this;
  }

  updateName(name: string): this {
    this.inner.updateName(name);
    return this;
  }

  recordException(error: unknown): this {
    this.inner.recordException(error instanceof Error ? error : String(error));
    return this;
  }

  end(): void {
    if (this.inner.isRecording()) this.inner.end();
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

function toApiAttributes(attributes: Attributes | undefined): ApiAttributes {
  const result: ApiAttributes = {};
  for (const [key, value] of attributeMap(attributes)) {
    // The API asks for arrays that can be written to, and does not write to them.
    result[key] = value as ApiAttributes[string];
  }
  return result;
}

function toApiLink({ context, attributes }: SpanLink): {
  context: ApiSpanContext;
  attributes: ApiAttributes;
} {
  return { context: toApiContext(context), attributes: toApiAttributes(attributes) };
}

function toApiContext(context: SpanContext): ApiSpanContext {
  const { traceId, spanId, sampled, traceState, remote } = context;
  return {
    ...INVALID_SPAN_CONTEXT,
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: remote ?? false,
    ...(traceState ? { traceState: createTraceState(traceState) } : {}),
  };
}

function fromApiContext(context: ApiSpanContext): SpanContext {
  const traceState = context.traceState?.serialize();
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    sampled: (context.traceFlags & TraceFlags.SAMPLED) !== 0,
    ...(traceState ? { traceState } : {}),
    ...(context.isRemote ? { remote: true } : {}),
  };
}

function fromApiBaggage(baggage: ApiBaggage): Baggage {
  const members = baggage.getAllEntries().map(([key, { value, metadata }]) =>
    [`${key}=${encodeURIComponent(value.toWellFormed())}`, metadata?.toString()].filter(Boolean)
  );
  // Reading it as a header leaves out the keys that no header could carry.
  return Baggage.parse(members.map((member) => member.join(";")).join(","));
}
