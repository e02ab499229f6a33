import type { MergeRule, MetricFamily } from "./snapshot.ts";

/** What makes two metrics of one name the same. */
export interface Definition {
  readonly type: MetricFamily["type"];
  readonly options: {
    readonly labels?: readonly string[] | undefined;
    readonly merge?: MergeRule | undefined;
  };
  readonly bounds?: readonly number[] | undefined;
}

/** Which names of a registry are taken, and by what. */
export class NameTable {
  readonly #definitions = new Map<string, string>();
  /** Names of samples and families in the exposition, with the metric they belong to. */
  readonly #owners = new Map<string, string>();

  /**
   * Whether there is a metric of this name and definition.
   *
   * @throws {TypeError} If there is one of this name and another definition.
   */
  has(name: string, definition: Definition): boolean {
    const known = this.#definitions.get(name);
    if (known === undefined) return false;
    const asked = fingerprint(definition);
    if (known === asked) return true;
    throw new TypeError(`Cannot make metric "${name}": it is there as ${known}, not ${asked}`);
  }

  /**
   * Takes a name.
   *
   * @throws {TypeError} If samples of another metric would be called the same.
   */
  claim(name: string, definition: Definition): void {
    const samples = sampleNames(name, definition.type);
    for (const sample of samples) {
      const owner = this.#owners.get(sample);
      if (owner === undefined) continue;
      throw new TypeError(
        `Cannot make metric "${name}": "${sample}" would clash with metric "${owner}"`,
      );
    }
    for (const sample of samples) this.#owners.set(sample, name);
    this.#definitions.set(name, fingerprint(definition));
  }

  /** Frees a name. */
  release(name: string): void {
    this.#definitions.delete(name);
    for (const [sample, owner] of this.#owners) {
      if (owner === name) this.#owners.delete(sample);
    }
  }
}

function fingerprint({ type, options, bounds }: Definition): string {
  const { labels = [], merge = "sum" } = options;
  const buckets = bounds ? ` with buckets ${bounds.join(" ")}` : "";
  return `${type} of labels [${labels.join(", ")}]${buckets}, merged by ${merge}`;
}

/** Every name that a metric has in either format; OpenMetrics calls a counter without `_total`. */
function sampleNames(name: string, type: Definition["type"]): Set<string> {
  if (type === "gauge") return new Set([name]);
  if (type === "counter") {
    const family = name.replace(/_total$/, "");
    return new Set([name, family, `${family}_total`]);
  }
  return new Set([name, `${name}_bucket`, `${name}_sum`, `${name}_count`]);
}
