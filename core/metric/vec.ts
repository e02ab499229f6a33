/** One value for each label name, in the same order. */
export type LabelValues<Names extends readonly string[]> = {
  readonly [Index in keyof Names]: string;
};

/** The value of every label of the series that takes what is too much. */
export const OVERFLOW_LABEL = "__overflow__";

/** One series: the values of its labels and what counts it. */
export interface Series<Handle> {
  /** The values of the labels. */
  readonly labels: readonly string[];
  /** The counter, gauge or histogram. */
  readonly handle: Handle;
}

/** Options for {@link MetricVec}. */
export interface MetricVecOptions<Handle> {
  /** The full name, for messages. */
  name: string;
  /** The names of the labels. */
  labelNames: readonly string[];
  /** Series held at most, an integer >= 1; the overflow series comes on top. */
  maxSeries: number;
  /** Makes the handle of a new series. */
  create: () => Handle;
  /** Called each time that a series did not fit. */
  onOverflow: () => void;
}

/**
 * A tree with one level for each label, which finds a series without building a key. The last level holds
 * the handles themselves: each object between is one more that a busy service has to fetch from memory.
 */
class Branch<Handle> {
  readonly branches: Map<string, Branch<Handle>> = new Map();
  readonly handles: Map<string, Handle> = new Map();
}

/** The label that a handle is found by. A metric without labels has one, under the empty text. */
function lastOf(labels: readonly string[]): string {
  return labels.length === 0 ? "" : labels[labels.length - 1]!;
}

/**
 * A metric with labels: one handle for each combination of their values.
 *
 * Series are bounded. A label that a client can choose would otherwise fill the memory of the service
 * and of its Prometheus; past `maxSeries` every new combination shares one series, all labels of
 * which read `__overflow__`, the registry warns once and counts on in `metric_series_overflow_total`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@zeno/zeno/core/metric";
 * const registry = new MetricRegistry();
 * const requests = registry.counter({ name: "requests_total", labels: ["method", "path"] });
 * const get = requests.labels("GET", "/x"); // Keep it where the route is known.
 * get.inc();
 * assertEquals(requests.labels("GET", "/x").value, 1);
 * ```
 */
export class MetricVec<Names extends readonly string[], Handle> {
  readonly #options: MetricVecOptions<Handle>;
  readonly #root = new Branch<Handle>();
  readonly #series = new Map<Handle, Series<Handle>>();
  readonly #labelCount: number;
  #overflow: Handle | undefined;

  /** Made by a registry. */
  constructor(options: MetricVecOptions<Handle>) {
    const { name, maxSeries } = options;
    if (!(Number.isInteger(maxSeries) && maxSeries >= 1)) {
      throw new RangeError(
        `Cannot make metric "${name}": need an integer maxSeries >= 1, got ${maxSeries}`,
      );
    }
    this.#options = options;
    this.#labelCount = options.labelNames.length;
  }

  /** Number of series, the overflow series included. */
  get size(): number {
    return this.#series.size;
  }

  /**
   * The handle of one series, made when first asked for. It is the same object every time, so code
   * that runs often asks once and keeps it.
   *
   * @throws {TypeError} If there are more or fewer values than labels, or one is no string.
   */
  labels(...values: LabelValues<Names>): Handle {
    const last = values.length - 1;
    if (values.length !== this.#labelCount) return this.#insert(values);
    let branch: Branch<Handle> | undefined = this.#root;
    for (let at = 0; at < last; at++) {
      branch = branch.branches.get(values[at]!);
      if (branch === undefined) return this.#insert(values);
    }
    return branch.handles.get(lastOf(values)) ?? this.#insert(values);
  }

  /** Forgets one series. A handle that was kept goes on counting, and nobody sees it. */
  remove(...values: LabelValues<Names>): boolean {
    const path = [this.#root];
    for (const value of values.slice(0, -1)) {
      const next = path.at(-1)!.branches.get(value);
      if (!next) return false;
      path.push(next);
    }
    const { handles } = path.at(-1)!;
    const label = lastOf(values);
    const handle = handles.get(label);
    if (handle === undefined) return false;
    handles.delete(label);
    this.#series.delete(handle);
    if (handle === this.#overflow) this.#overflow = undefined;
    for (let at = path.length - 1; at > 0; at--) {
      const { branches, handles } = path[at]!;
      if (branches.size + handles.size > 0) break;
      path[at - 1]!.branches.delete(values[at - 1]!);
    }
    return true;
  }

  /** The series, in the order they began. */
  [Symbol.iterator](): Iterator<Series<Handle>> {
    return this.#series.values();
  }

  #insert(values: readonly string[]): Handle {
    const labels = this.#checked(values);
    const room = this.#options.maxSeries + (this.#overflow ? 1 : 0);
    const known = this.#find(labels);
    if (known) return known;
    if (this.#series.size < room) return this.#add(labels);
    this.#options.onOverflow();
    return this.#overflow ??= this.#addOverflow();
  }

  #addOverflow(): Handle {
    const labels = this.#options.labelNames.map(() => OVERFLOW_LABEL);
    return this.#find(labels) ?? this.#add(labels);
  }

  #add(labels: readonly string[]): Handle {
    let branch = this.#root;
    for (const label of labels.slice(0, -1)) {
      let next = branch.branches.get(label);
      if (!next) branch.branches.set(label, next = new Branch());
      branch = next;
    }
    const handle = this.#options.create();
    branch.handles.set(lastOf(labels), handle);
    this.#series.set(handle, { labels, handle });
    return handle;
  }

  #find(labels: readonly string[]): Handle | undefined {
    let branch: Branch<Handle> | undefined = this.#root;
    for (const label of labels.slice(0, -1)) branch = branch?.branches.get(label);
    return branch?.handles.get(lastOf(labels));
  }

  #checked(values: readonly unknown[]): readonly string[] {
    const { name, labelNames } = this.#options;
    if (values.length !== labelNames.length) {
      throw new TypeError(
        `Cannot label metric "${name}": it has ${labelNames.length} labels, got ${values.length} values`,
      );
    }
    return values.map((value, at) => {
      if (typeof value === "string") return value.toWellFormed(); // As it will read in UTF-8.
      throw new TypeError(
        `Cannot label metric "${name}": "${labelNames[at]}" must be a string, got ${typeof value}`,
      );
    });
  }
}
