/** The parts that the full name of a metric is made of. */
export interface MetricNameParts {
  /** First part, such as `http_server`. */
  namespace?: string | undefined;
  /** Second part, such as `requests`. */
  subsystem?: string | undefined;
  /** Last part, such as `duration_ms`. */
  name: string;
}

/**
 * The full name of a metric: the parts that are not empty, joined by `_`.
 *
 * @throws {TypeError} If the result is no metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = { namespace: "http_server", subsystem: "requests", name: "duration_ms" };
 * assertEquals(metricName(parts), "http_server_requests_duration_ms");
 * ```
 */
export function metricName(parts: MetricNameParts): string {
  const name = [parts.namespace, parts.subsystem, parts.name].filter(Boolean).join("_");
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new TypeError(
      `Cannot make metric ${JSON.stringify(name)}: a name is letters, digits, "_" and ":"`,
    );
  }
  return name;
}

/**
 * Checks the names of labels.
 *
 * @throws {TypeError} If one is no label name, is reserved, or comes twice.
 */
export function checkLabelNames(metric: string, names: readonly string[], reserved: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    const fault = labelFault(name, reserved) ?? (seen.has(name) ? "it comes twice" : undefined);
    if (fault) {
      throw new TypeError(
        `Cannot make metric "${metric}": label ${JSON.stringify(name)} will not do, ${fault}`,
      );
    }
    seen.add(name);
  }
}

function labelFault(name: string, reserved: string): string | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return `a name is letters, digits and "_"`;
  if (name.startsWith("__")) return `names that begin with "__" are Prometheus's own`;
  return name === reserved ? "the format uses it itself" : undefined;
}
