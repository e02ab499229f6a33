import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { ambientScope, runInScope } from "./_ambient_scope.ts";
import { attributeMap } from "./_attribute_list.ts";
import { RecordingSpan, type SpanHome } from "./_recording_span.ts";
import { contextOf, UnsampledSpan } from "./_silent_span.ts";
import type { HttpConventions } from "./http_conventions.ts";
import type { SpanContext } from "./propagation.ts";
import { parentBasedSampler, type Sampler, type SamplingRequest } from "./sampler.ts";
import type {
  Attributes,
  InstrumentationScope,
  Span,
  SpanKind,
  SpanOptions,
  SpanProcessor,
} from "./span.ts";
import type { Tracer, TraceScope } from "./tracer.ts";

/** Options for {@link createTracer}. */
export interface TracerOptions {
  /** Takes the spans that have ended. @default {nobody} */
  processor?: Pick<SpanProcessor, "onEnd"> | undefined;
  /** Decides which traces are kept. @default {parentBasedSampler(1)} */
  sampler?: Sampler | undefined;
  /** Facts about the process, such as `service.name`. @default {{}} */
  resource?: Attributes | undefined;
  /** Who makes the spans. @default {{ name: "zeno" }} */
  scope?: InstrumentationScope | undefined;
  /** Which names the spans of HTTP calls are to use. @default {"legacy"} */
  httpConventions?: HttpConventions | undefined;
  /** Told when the processor throws. @default {logs an error} */
  onError?: ((message: string) => void) | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Makes a tracer of its own, beside that of the process. `startTelemetry` is what a service wants.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SpanRecorder } from "@zeno/zeno/core/testing";
 * const recorder = new SpanRecorder();
 * const tracer = createTracer({ processor: recorder });
 * using span = tracer.startSpan("charge", { attributes: { "order.id": 7 } });
 * tracer.run({ span }, () => tracer.startSpan("write").end());
 * assertEquals(recorder.spans[0]?.parent, span.spanContext());
 * ```
 */
export function createTracer(options: TracerOptions = {}): Tracer {
  return new RecordingTracer(options);
}

class RecordingTracer implements Tracer {
  readonly instrumentsHttp = false;
  readonly records: boolean;
  readonly httpConventions: HttpConventions;
  readonly #home: SpanHome;
  readonly #sampler: Sampler;

  constructor(options: TracerOptions) {
    const { processor, sampler = parentBasedSampler(1), clock = systemClock } = options;
    const { onError = (message) => consoleLogger.error(message) } = options;
    this.records = processor !== undefined;
    this.httpConventions = options.httpConventions ?? "legacy";
    this.#sampler = sampler;
    this.#home = {
      clock,
      scope: options.scope ?? { name: "zeno" },
      resource: attributeMap(options.resource),
      onEnd: (span) => {
        try {
          processor?.onEnd(span);
        } catch (error) { // Work that is traced must not fail because of it.
          onError(`[otel] error: ${reasonOf(error)}`);
        }
      },
    };
  }

  startSpan(name: string, options: SpanOptions = {}): Span {
    const kind = options.kind ?? "internal";
    const given = options.parent === undefined ? ambientScope().span : options.parent ?? undefined;
    const unsampled = new UnsampledSpan(given);
    if (!this.#sampler(new LazyRequest(unsampled, given, name, kind))) return unsampled;
    const span = new RecordingSpan(this.#home, {
      name,
      kind,
      context: { ...unsampled.spanContext(), sampled: true },
      parent: contextOf(given),
      local: given instanceof RecordingSpan ? given : undefined,
    });
    if (options.attributes) span.setAttributes(options.attributes);
    for (const link of options.links ?? []) span.addLink(link);
    return span;
  }

  run<T>(scope: TraceScope, fn: () => T): T {
    return runInScope(scope, fn);
  }

  scope(): TraceScope {
    return ambientScope();
  }
}

/** Asks for the ids of a span only if the sampler does. */
class LazyRequest implements SamplingRequest {
  constructor(
    readonly span: UnsampledSpan,
    readonly given: Span | SpanContext | undefined,
    readonly name: string,
    readonly kind: SpanKind,
  ) {}

  get traceId(): string {
    return this.span.traceId;
  }

  get parent(): SpanContext | undefined {
    return contextOf(this.given);
  }
}
