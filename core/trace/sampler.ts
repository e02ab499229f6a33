import type { SpanContext } from "./propagation.ts";
import type { SpanKind } from "./span.ts";

/** What a {@link Sampler} decides about. */
export interface SamplingRequest {
  /** The id the span will have; made when it is read. */
  readonly traceId: string;
  /** The parent, if the span does not begin its trace. */
  readonly parent: SpanContext | undefined;
  /** The name of the span. */
  readonly name: string;
  /** What part it plays. */
  readonly kind: SpanKind;
}

/** Decides whether a span is kept. */
export type Sampler = (request: SamplingRequest) => boolean;

const DIGITS = 13; // 52 bits, the most that a number holds exactly in whole hex digits.

/**
 * Keeps `ratio` of the traces that begin here, and of all others what the caller keeps, so that a
 * trace is whole or not there. Which ones is read from the second half of the trace id, as
 * OpenTelemetry's Go SDK does: services in both languages keep the same.
 *
 * @throws {RangeError} If `ratio` is not within 0 to 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sampler = parentBasedSampler(0.5);
 * const request = { parent: undefined, name: "GET /", kind: "server" } as const;
 * const traceId = (high: string) => `4bf92f3577b34da6${high}0000000000000`;
 * assertEquals(sampler({ ...request, traceId: traceId("7ff") }), true);
 * assertEquals(sampler({ ...request, traceId: traceId("800") }), false);
 * ```
 */
export function parentBasedSampler(ratio: number): Sampler {
  if (!(ratio >= 0 && ratio <= 1)) {
    throw new RangeError(`Cannot sample traces: need a ratio within 0 to 1, got ${ratio}`);
  }
  return (request) => {
    if (request.parent) return request.parent.sampled;
    // Without a look at the id: it need not be made for a trace that is not kept.
    if (ratio === 0 || ratio === 1) return ratio === 1;
    return parseInt(request.traceId.slice(16, 16 + DIGITS), 16) / 16 ** DIGITS < ratio;
  };
}
