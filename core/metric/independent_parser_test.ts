import { assert, assertEquals } from "@std/assert";
import parseText from "npm:parse-prometheus-text-format@1.1.1";
import { renderText } from "./exposition.ts";
import { MetricRegistry } from "./registry.ts";
import { httpServerMetrics } from "./request_metrics.ts";
import { runtimeMetrics } from "./runtime_metrics.ts";

/** What the parser, which others wrote, makes of a family. */
interface ParsedFamily {
  name: string;
  help: string;
  type: string;
  metrics: {
    value?: string;
    labels?: Record<string, string>;
  }[];
}

function parsed(registry: MetricRegistry): Map<string, ParsedFamily> {
  const families: ParsedFamily[] = parseText(renderText(registry.snapshot()));
  return new Map(families.map((family) => [family.name, family]));
}

Deno.test("renderText() of a server's metrics is read with all its series", () => {
  const registry = new MetricRegistry({ constLabels: { worker: "1" } });
  const { duration, codes } = httpServerMetrics(registry);
  for (const ms of [1, 7, 80, 5000]) duration.labels("/users/:id", "GET", "200").observe(ms);
  codes.labels("/users/:id", "GET", "200").inc(4);
  const families = parsed(registry);
  assertEquals(families.get("http_server_requests_code_total")?.type, "COUNTER");
  // This parser loses the labels of histograms, so it reads their samples as what they are besides.
  const samples: ParsedFamily[] = parseText(
    renderText(registry.snapshot()).replaceAll(/^# TYPE \S+ histogram$/gm, ""),
  );
  const valuesOf = (name: string) => samples.find((it) => it.name === name)?.metrics ?? [];
  const labels = { worker: "1", path: "/users/:id", method: "GET", code: "200" };
  const name = "http_server_requests_duration_ms";
  assertEquals(valuesOf(`${name}_count`), [{ value: "4", labels }]);
  assertEquals(valuesOf(`${name}_sum`), [{ value: "5088", labels }]);
  const buckets = valuesOf(`${name}_bucket`);
  assertEquals(buckets.map(({ labels: { le } = {}, value }) => [le, value]), [
    ["5", "1"],
    ["10", "2"],
    ["25", "2"],
    ["50", "2"],
    ["100", "3"],
    ["250", "3"],
    ["500", "3"],
    ["750", "3"],
    ["1000", "3"],
    ["+Inf", "4"],
  ]);
  assertEquals(buckets[0]?.labels, { ...labels, le: "5" });
});

Deno.test("renderText() of the runtime's metrics is read with help and type of each", () => {
  const registry = new MetricRegistry();
  using _runtime = runtimeMetrics(registry);
  const families = [...parsed(registry).values()];
  assert(families.length > 10);
  for (const { name, help, type, metrics } of families) {
    assert(help !== "" && type !== "UNTYPED" && metrics.length > 0, name);
  }
});
