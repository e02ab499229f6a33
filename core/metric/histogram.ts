/** Names the trace in which something was observed. The context of a span is one. */
export interface Exemplar {
  /** The id of the trace. */
  readonly traceId: string;
  /** The id of the span. */
  readonly spanId?: string;
}

/** An {@link Exemplar} with what was observed. */
export interface BucketExemplar extends Exemplar {
  /** What was observed. */
  readonly value: number;
}

/** What a {@link Histogram} has seen, as numbers that can be sent to another thread. */
export interface HistogramCounts {
  /** Observations in each bucket alone, not added up; the last one is above every bound. */
  readonly counts: readonly number[];
  /** Sum of all observations. */
  readonly sum: number;
  /** The last trace seen in each bucket; absent if no observation named one. */
  readonly exemplars?: readonly (BucketExemplar | undefined)[];
}

/**
 * How a figure is spread: latencies, sizes. One series.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const histogram = new Histogram([1, 2, 3]);
 * histogram.observe(2);
 * histogram.observe(1.5);
 * assertEquals(histogram.read(), { counts: [0, 2, 0, 0], sum: 3.5 });
 * ```
 */
export class Histogram {
  readonly #bounds: Float64Array;
  readonly #counts: Float64Array;
  #sum = 0;
  #exemplars: (BucketExemplar | undefined)[] | undefined;

  /** Makes an empty one. `bounds` are the upper bounds of the buckets, see {@link checkBuckets}. */
  constructor(bounds: ArrayLike<number>) {
    this.#bounds = Float64Array.from(bounds);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /**
   * Counts `value` in the first bucket whose bound is not below it.
   *
   * @param exemplar The trace this was observed in, if it is kept: OpenMetrics shows one for each bucket.
   * @throws {RangeError} If `value` is not a number: it would spoil the sum for good.
   */
  observe(value: number, exemplar?: Exemplar): void {
    if (value !== value) throw new RangeError("Cannot observe NaN: need a number");
    const bounds = this.#bounds;
    let bucket = 0;
    // A scan beats a binary search at the dozen or so buckets that histograms have.
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.#counts[bucket]!++;
    this.#sum += value;
    if (exemplar !== undefined) this.#keep(bucket, value, exemplar);
  }

  /** What has been seen so far, as a copy. */
  read(): HistogramCounts {
    const seen = { counts: [...this.#counts], sum: this.#sum };
    return this.#exemplars ? { ...seen, exemplars: [...this.#exemplars] } : seen;
  }

  #keep(bucket: number, value: number, { traceId, spanId }: Exemplar): void {
    const exemplars = this.#exemplars ??= Array.from({ length: this.#counts.length });
    exemplars[bucket] = spanId === undefined ? { traceId, value } : { traceId, spanId, value };
  }
}

/**
 * The bounds of a histogram, checked. A final `Infinity` is dropped, for that bucket is always there.
 *
 * @throws {RangeError} If the bounds are not finite numbers in rising order.
 */
export function checkBuckets(metric: string, buckets: readonly number[]): readonly number[] {
  const bounds = buckets.at(-1) === Infinity ? buckets.slice(0, -1) : [...buckets];
  for (const [at, bound] of bounds.entries()) {
    const below = at === 0 ? -Infinity : bounds[at - 1]!;
    if (!(Number.isFinite(bound) && bound > below)) {
      throw new RangeError(
        `Cannot make histogram "${metric}": buckets must be finite and rise, got ${buckets}`,
      );
    }
  }
  return bounds;
}
