/**
 * Spans that tests can read.
 *
 * @module
 */

import type { AttributeValue, SpanData, SpanProcessor } from "../trace/span.ts";

/**
 * Keeps the spans that have ended. Holds no timer and no resource.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTracer } from "@zeno/zeno/core/trace";
 * const recorder = new SpanRecorder();
 * const tracer = createTracer({ processor: recorder });
 * tracer.startSpan("charge", { attributes: { "order.id": 7 } }).end();
 * assertEquals(recorder.attributes("charge"), { "order.id": 7 });
 * ```
 */
export class SpanRecorder implements SpanProcessor {
  /** The spans so far, in the order they ended. */
  readonly spans: SpanData[] = [];

  /** Keeps a span. */
  onEnd(span: SpanData): void {
    this.spans.push(span);
  }

  /** The names of the spans, in the order they ended. */
  get names(): string[] {
    return this.spans.map((span) => span.name);
  }

  /**
   * The first span of this name.
   *
   * @throws {Error} If there is none.
   */
  span(name: string): SpanData {
    const found = this.spans.find((span) => span.name === name);
    if (found) return found;
    throw new Error(`Cannot find span "${name}": there are ${JSON.stringify(this.names)}`);
  }

  /** The attributes of the first span of this name, as an object. */
  attributes(name: string): Record<string, AttributeValue> {
    return Object.fromEntries(this.span(name).attributes);
  }

  /** Forgets all spans. */
  clear(): void {
    this.spans.length = 0;
  }

  /** Resolves at once: nothing waits. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  /** Does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
