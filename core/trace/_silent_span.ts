import { newSpanId, newTraceId, type SpanContext } from "./propagation.ts";
import type { Span } from "./span.ts";

/** A span that keeps nothing. */
export class SilentSpan implements Span {
  spanContext(): SpanContext | undefined {
    return undefined;
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(): this {
    return this;
  }

  end(): void {}

  [Symbol.dispose](): void {}
}

/**
 * A span of a trace that is not kept. It has ids all the same, for log lines and for the services it
 * calls; they are made when first asked for, since most are never looked at.
 */
export class UnsampledSpan extends SilentSpan {
  readonly #parent: Span | SpanContext | undefined;
  #context: SpanContext | undefined;

  constructor(parent: Span | SpanContext | undefined) {
    super();
    this.#parent = parent;
  }

  /** The id of the trace, for samplers that decide by it. */
  get traceId(): string {
    return this.spanContext().traceId;
  }

  override spanContext(): SpanContext {
    return this.#context ??= this.#make();
  }

  #make(): SpanContext {
    const parent = contextOf(this.#parent);
    const traceId = parent?.traceId ?? newTraceId();
    const traceState = parent?.traceState;
    const ids = { traceId, spanId: newSpanId(), sampled: false };
    return traceState ? { ...ids, traceState } : ids;
  }
}

/** The context of a span, or of what is one. */
export function contextOf(span: Span | SpanContext | undefined): SpanContext | undefined {
  return span && "isRecording" in span ? span.spanContext() : span;
}
