/**
 * Metrics as text, for Prometheus and what reads its formats.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 * @module
 */

import type { BucketExemplar } from "./histogram.ts";
import type { HistogramFamily, MetricFamily } from "./snapshot.ts";

/** The `content-type` of {@link renderText}. */
export const TEXT_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
/** The `content-type` of {@link renderOpenMetrics}. */
export const OPEN_METRICS_CONTENT_TYPE =
  "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Where the two formats differ. */
interface Dialect {
  /** Name of the family of a counter. */
  readonly counterFamily: (name: string) => string;
  /** Name of the samples of a counter. */
  readonly counterSample: (name: string) => string;
  readonly help: (text: string) => string;
  /** A number as the value of an `le` label. */
  readonly bound: (value: number) => string;
  /** What follows the sample of a bucket. */
  readonly exemplar: (exemplar: BucketExemplar | undefined) => string;
}

const TEXT: Dialect = {
  counterFamily: (name) => name,
  counterSample: (name) => name,
  help: (text) => text.replace(/[\\\n]/g, escape),
  bound: formatNumber,
  exemplar: () => "",
};

const OPEN_METRICS: Dialect = {
  counterFamily: (name) => name.replace(/_total$/, ""),
  counterSample: (name) => `${name.replace(/_total$/, "")}_total`,
  help: (text) => text.replace(/[\\\n"]/g, escape),
  bound: (value) => Number.isInteger(value) ? `${value}.0` : formatNumber(value),
  exemplar: formatExemplar,
};

/**
 * Metrics in the Prometheus text format 0.0.4, in UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@zeno/zeno/core/metric";
 * const registry = new MetricRegistry();
 * registry.gauge({ name: "depth", help: "Jobs waiting." }).set(3);
 * assertEquals(
 *   renderText(registry.snapshot()),
 *   "# HELP depth Jobs waiting.\n# TYPE depth gauge\ndepth 3\n",
 * );
 * ```
 */
export function renderText(families: readonly MetricFamily[]): string {
  return families.map((family) => renderFamily(family, TEXT)).join("");
}

/** Metrics in the OpenMetrics text format 1.0.0, in UTF-8, with the exemplars of histograms. */
export function renderOpenMetrics(families: readonly MetricFamily[]): string {
  return `${families.map((family) => renderFamily(family, OPEN_METRICS)).join("")}# EOF\n`;
}

function renderFamily(family: MetricFamily, dialect: Dialect): string {
  const isCounter = family.type === "counter";
  const name = isCounter ? dialect.counterFamily(family.name) : family.name;
  const help = family.help && `# HELP ${name} ${dialect.help(family.help)}\n`;
  const head = `${help}# TYPE ${name} ${family.type}\n`;
  if (family.type === "histogram") return head + renderHistograms(family, dialect);
  const sample = isCounter ? dialect.counterSample(family.name) : family.name;
  let text = head;
  for (const { labels, value } of family.series) {
    text += `${sample}${braced(labelPairs(family.labelNames, labels))} ${formatNumber(value)}\n`;
  }
  return text;
}

function renderHistograms(family: HistogramFamily, dialect: Dialect): string {
  const { name, labelNames, bounds } = family;
  const ends = [...bounds.map(dialect.bound), "+Inf"].map((end) => `le="${end}"`);
  let text = "";
  for (const { labels, counts, sum, exemplars } of family.series) {
    const pairs = labelPairs(labelNames, labels);
    const before = `${name}_bucket{${pairs}${pairs && ","}`;
    let count = 0;
    for (const [at, end] of ends.entries()) {
      count += counts[at] ?? 0;
      text += `${before}${end}} ${count}${dialect.exemplar(exemplars?.[at])}\n`;
    }
    const after = braced(pairs);
    text += `${name}_sum${after} ${formatNumber(sum)}\n${name}_count${after} ${count}\n`;
  }
  return text;
}

function formatExemplar(exemplar: BucketExemplar | undefined): string {
  if (!exemplar) return "";
  const { traceId, spanId, value } = exemplar;
  const names = spanId === undefined ? ["trace_id"] : ["trace_id", "span_id"];
  return ` # {${labelPairs(names, [traceId, spanId ?? ""])}} ${formatNumber(value)}`;
}

function braced(pairs: string): string {
  return pairs && `{${pairs}}`;
}

function labelPairs(names: readonly string[], values: readonly string[]): string {
  return names.map((name, at) => `${name}="${escapeLabel(values[at] ?? "")}"`).join(",");
}

function escapeLabel(value: string): string {
  return value.replace(/[\\\n"]/g, escape);
}

function escape(char: string): string {
  return char === "\n" ? "\\n" : `\\${char}`;
}

function formatNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
