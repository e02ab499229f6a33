import { consoleLogger } from "../log/create_logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { type Definition, NameTable } from "./_name_table.ts";
import { type Instrument, readHistograms, readScalars } from "./_instrument.ts";
import { Counter } from "./counter.ts";
import { Gauge } from "./gauge.ts";
import { checkBuckets, Histogram } from "./histogram.ts";
import { checkLabelNames, metricName, type MetricNameParts } from "./name.ts";
import type { MergeRule, MetricFamily } from "./snapshot.ts";
import { MetricVec } from "./vec.ts";

/** Options for {@link MetricRegistry}. */
export interface MetricRegistryOptions {
  /** Labels that every series carries, such as the name of the worker. @default {{}} */
  constLabels?: Readonly<Record<string, string>>;
  /** Series of one metric held at most, where the metric does not say. @default {1000} */
  maxSeries?: number;
  /** Told of metrics with too many series and of collectors that throw. @default {logs an error} */
  onWarning?: (message: string) => void;
}

/** What every metric is made of. */
export interface MetricOptions extends MetricNameParts {
  /** What the figure means, for people. @default {""} */
  help?: string;
  /** Series held at most, an integer >= 1. @default {the registry's} */
  maxSeries?: number;
  /** How the series of several workers become one. @default {"sum"} */
  merge?: MergeRule;
}

/** The names of at least one label. */
export type LabelNames = readonly [string, ...string[]];

/** Adds the labels of a metric to its options. */
export interface Labelled<Names extends LabelNames> {
  /** The names of the labels. */
  labels: Names;
}

/** What a histogram is made of. */
export interface HistogramOptions extends MetricOptions {
  /** Upper bounds of the buckets, finite and rising; the one without bound is always there. */
  buckets: readonly number[];
}

/** A metric of any kind as the registry holds it. */
type Vec<Handle> = MetricVec<readonly string[], Handle>;
type AnyOptions = MetricOptions & { labels?: LabelNames };

/**
 * A set of metrics that are shown together. Asking twice for the same metric answers the same one, so
 * two servers in a process share theirs; asking for a different one under a taken name throws.
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { MetricRegistry, renderText } from "@zeno/zeno/core/metric";
 * const registry = new MetricRegistry();
 * const sent = registry.counter({ name: "mail_sent_total", help: "Mails sent.", labels: ["kind"] });
 * sent.labels("welcome").inc();
 * assertMatch(renderText(registry.snapshot()), /^mail_sent_total\{kind="welcome"\} 1$/m);
 * ```
 */
export class MetricRegistry {
  readonly #options: MetricRegistryOptions;
  readonly #names = new NameTable();
  readonly #counters = new Map<string, Vec<Counter>>();
  readonly #gauges = new Map<string, Vec<Gauge>>();
  readonly #histograms = new Map<string, Vec<Histogram>>();
  readonly #readers = new Map<string, () => MetricFamily>();
  readonly #collectors = new Set<{ collect: () => void }>();
  readonly #constNames: readonly string[];
  readonly #constValues: readonly string[];
  readonly #overflow: Vec<Counter>;

  /**
   * Makes an empty registry.
   *
   * @throws {TypeError} If a constant label has a name that will not do.
   */
  constructor(options: MetricRegistryOptions = {}) {
    const { constLabels = {} } = options;
    this.#options = options;
    this.#constNames = Object.keys(constLabels);
    this.#constValues = Object.values(constLabels);
    this.#overflow = this.counter({
      name: "metric_series_overflow_total",
      help: "Label combinations that found no room and were counted as one series.",
      labels: ["metric"],
      maxSeries: Number.MAX_SAFE_INTEGER, // One for each metric, which are few.
    });
  }

  /**
   * A counter with one handle for each combination of labels. The name of a total should end in
   * `_total`.
   *
   * @throws {TypeError} If a name will not do, or is taken by a different metric.
   */
  counter<const Names extends LabelNames>(
    options: MetricOptions & Labelled<Names>,
  ): MetricVec<Names, Counter>;
  /** A counter without labels. */
  counter(options: MetricOptions): Counter;
  counter(options: AnyOptions): Counter | Vec<Counter> {
    const create = () => new Counter();
    const read = readScalars("counter");
    const vec = this.#define(this.#counters, { type: "counter", options, create, read });
    return options.labels ? vec : vec.labels();
  }

  /**
   * A gauge with one handle for each combination of labels.
   *
   * @throws {TypeError} If a name will not do, or is taken by a different metric.
   */
  gauge<const Names extends LabelNames>(
    options: MetricOptions & Labelled<Names>,
  ): MetricVec<Names, Gauge>;
  /** A gauge without labels. */
  gauge(options: MetricOptions): Gauge;
  gauge(options: AnyOptions): Gauge | Vec<Gauge> {
    const create = () => new Gauge();
    const read = readScalars("gauge");
    const vec = this.#define(this.#gauges, { type: "gauge", options, create, read });
    return options.labels ? vec : vec.labels();
  }

  /**
   * A histogram with one handle for each combination of labels.
   *
   * @throws {TypeError} If a name will not do, or is taken by a different metric.
   * @throws {RangeError} If the buckets are not finite numbers in rising order.
   */
  histogram<const Names extends LabelNames>(
    options: HistogramOptions & Labelled<Names>,
  ): MetricVec<Names, Histogram>;
  /** A histogram without labels. */
  histogram(options: HistogramOptions): Histogram;
  histogram(options: HistogramOptions & AnyOptions): Histogram | Vec<Histogram> {
    const bounds = checkBuckets(metricName(options), options.buckets);
    const create = () => new Histogram(bounds);
    const read = readHistograms(bounds);
    const type = "histogram";
    const vec = this.#define(this.#histograms, { type, options, bounds, create, read });
    return options.labels ? vec : vec.labels();
  }

  /**
   * Calls `collect` before every snapshot, to set the gauges of what is cheaper to ask than to follow.
   * The answer takes it away again. What it throws is reported, and the snapshot goes on.
   */
  onCollect(collect: () => void): () => void {
    const entry = { collect }; // A wrapper, so that one function added twice is two collectors.
    this.#collectors.add(entry);
    return () => void this.#collectors.delete(entry);
  }

  /** Forgets a metric, so that its name is free again. Says whether there was one. */
  unregister(name: string): boolean {
    this.#names.release(name);
    for (const vecs of [this.#counters, this.#gauges, this.#histograms]) vecs.delete(name);
    return this.#readers.delete(name);
  }

  /** All metrics that have a series, in the order they were made, as plain data. */
  snapshot(): MetricFamily[] {
    for (const { collect } of this.#collectors) {
      try {
        collect();
      } catch (error) {
        this.#warn(`Cannot collect metrics: ${reasonOf(error)}`);
      }
    }
    const families = Array.from(this.#readers.values(), (read) => read());
    return families.filter((family) => family.series.length > 0);
  }

  #define<Handle>(
    vecs: Map<string, Vec<Handle>>,
    definition: Definition & {
      options: AnyOptions;
      create: () => Handle;
      read: (instrument: Instrument<Handle>) => MetricFamily;
    },
  ): Vec<Handle> {
    const { options, create, read, type } = definition;
    const { labels = [], help = "", merge = "sum" } = options;
    const name = metricName(options);
    if (this.#names.has(name, definition)) return vecs.get(name)!;
    const labelNames = [...this.#constNames, ...labels];
    checkLabelNames(name, labelNames, type === "histogram" ? "le" : "");
    const maxSeries = options.maxSeries ?? this.#options.maxSeries ?? 1000;
    const onOverflow = () => this.#overflowed(name, maxSeries);
    const vec: Vec<Handle> = new MetricVec({
      name,
      labelNames: labels,
      maxSeries,
      create,
      onOverflow,
    });
    this.#names.claim(name, definition);
    vecs.set(name, vec);
    const head = { name, help, labelNames, merge };
    this.#readers.set(name, () => read({ head, vec, constValues: this.#constValues }));
    return vec;
  }

  /** Called for each look-up that found no room; warns for the first. */
  #overflowed(name: string, maxSeries: number): void {
    const counter = this.#overflow.labels(name);
    counter.inc();
    if (counter.value > 1) return;
    this.#warn(
      `Cannot keep more than ${maxSeries} series of metric "${name}": new label values are counted ` +
        `as one; use labels with few values, or raise maxSeries`,
    );
  }

  #warn(message: string): void {
    (this.#options.onWarning ?? logWarning)(message);
  }
}

function logWarning(message: string): void {
  consoleLogger.error(message);
}

/** The registry of code that is given none. */
export const defaultRegistry: MetricRegistry = new MetricRegistry();
