import { assertEquals } from "@std/assert";
import { MetricRegistry } from "./registry.ts";
import {
  httpClientMetrics,
  httpServerMetrics,
  rpcClientMetrics,
  rpcServerMetrics,
} from "./request_metrics.ts";
import {
  redisClientMetrics,
  redisPoolMetrics,
  sqlClientMetrics,
  sqlPoolMetrics,
  type StoreClientMetrics,
} from "./store_metrics.ts";

/** Every metric with one series: its name, type, labels and buckets. */
function shapes(registry: MetricRegistry): string[] {
  return registry.snapshot().map((family) => {
    const bounds = family.type === "histogram" ? ` [${family.bounds.join(" ")}]` : "";
    return `${family.type} ${family.name} (${family.labelNames.join(", ")})${bounds}`;
  });
}

function useStore({ duration, errors, slow }: StoreClientMetrics): void {
  duration.labels("get").observe(1);
  errors.labels("get", "timeout").inc();
  slow.labels("get").inc();
}

const STORE = "[0.25 0.5 1 1.5 2 3 5 10 25 50 100 250 500 1000 2000 5000 10000 15000]";

const rows: [name: string, use: (registry: MetricRegistry) => void, expected: string[]][] = [
  ["httpServerMetrics", (registry) => {
    const { duration, codes } = httpServerMetrics(registry);
    duration.labels("/users/:id", "GET", "200").observe(3);
    codes.labels("/users/:id", "GET", "200").inc();
  }, [
    "histogram http_server_requests_duration_ms (path, method, code) [5 10 25 50 100 250 500 750 1000]",
    "counter http_server_requests_code_total (path, method, code)",
  ]],
  ["httpClientMetrics", (registry) => {
    const { duration, codes } = httpClientMetrics(registry);
    duration.labels("users", "GET", "/").observe(3);
    codes.labels("users", "GET", "/", "200").inc();
  }, [
    "histogram httpc_client_requests_duration_ms (name, method, url) " +
    "[0.25 0.5 1 2 5 10 25 50 100 250 500 1000 2000 5000 10000 15000]",
    "counter httpc_client_requests_code_total (name, method, url, code)",
  ]],
  ["rpcServerMetrics and rpcClientMetrics", (registry) => {
    for (const { duration, codes } of [rpcServerMetrics(registry), rpcClientMetrics(registry)]) {
      duration.labels("/a/B").observe(3);
      codes.labels("/a/B", "0").inc();
    }
  }, [
    "histogram rpc_server_requests_duration_ms (method) [1 2 5 10 25 50 100 250 500 1000 2000 5000]",
    "counter rpc_server_requests_code_total (method, code)",
    "histogram rpc_client_requests_duration_ms (method) [1 2 5 10 25 50 100 250 500 1000 2000 5000]",
    "counter rpc_client_requests_code_total (method, code)",
  ]],
  ["redisClientMetrics", (registry) => useStore(redisClientMetrics(registry)), [
    `histogram redis_client_requests_duration_ms (command) ${STORE}`,
    "counter redis_client_requests_error_total (command, error)",
    "counter redis_client_requests_slow_total (command)",
  ]],
  ["sqlClientMetrics", (registry) => useStore(sqlClientMetrics(registry)), [
    `histogram sql_client_requests_duration_ms (command) ${STORE}`,
    "counter sql_client_requests_error_total (command, error)",
    "counter sql_client_requests_slow_total (command)",
  ]],
  ["redisPoolMetrics", (registry) => {
    for (const metric of Object.values(redisPoolMetrics(registry))) metric.labels("a", "node");
  }, [
    "counter redis_client_pool_hit_total (key, client_type)",
    "counter redis_client_pool_miss_total (key, client_type)",
    "counter redis_client_pool_timeout_total (key, client_type)",
    "counter redis_client_pool_conn_stale_total (key, client_type)",
    "counter redis_client_pool_conn_max (key, client_type)",
    "gauge redis_client_pool_conn_total_current (key, client_type)",
    "gauge redis_client_pool_conn_idle_current (key, client_type)",
  ]],
  ["sqlPoolMetrics", (registry) => {
    for (const metric of Object.values(sqlPoolMetrics(registry))) metric.labels("db", "1");
  }, [
    "gauge sql_client_max_open_connections (db_name, hash)",
    "gauge sql_client_open_connections (db_name, hash)",
    "gauge sql_client_in_use_connections (db_name, hash)",
    "gauge sql_client_idle_connections (db_name, hash)",
    "counter sql_client_wait_count_total (db_name, hash)",
    "counter sql_client_wait_duration_seconds_total (db_name, hash)",
    "counter sql_client_max_idle_closed_total (db_name, hash)",
    "counter sql_client_max_idle_time_closed_total (db_name, hash)",
    "counter sql_client_max_lifetime_closed_total (db_name, hash)",
  ]],
];

for (const [name, use, expected] of rows) {
  Deno.test(`${name}() makes the metrics of go-zero`, () => {
    const registry = new MetricRegistry();
    use(registry);
    assertEquals(shapes(registry), expected);
  });
}

Deno.test("standard metrics can be asked for twice, and all of them share a registry", () => {
  const registry = new MetricRegistry();
  for (const [, use] of [...rows, ...rows]) use(registry);
  assertEquals(shapes(registry), rows.flatMap(([, , expected]) => expected));
});
