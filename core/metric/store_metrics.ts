/**
 * The metrics of clients of stores, under the names that dashboards made for go-zero services look for.
 *
 * @see https://go-zero.dev/docs/tutorials/monitor/index
 * @module
 */

import type { Counter } from "./counter.ts";
import type { Gauge } from "./gauge.ts";
import type { Histogram } from "./histogram.ts";
import type { MetricRegistry } from "./registry.ts";
import type { MetricVec } from "./vec.ts";

// deno-fmt-ignore
const STORE_BUCKETS_MS = [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10000, 15000];

/** What is measured of the commands sent to a store. */
export interface StoreClientMetrics {
  /** Time until commands were answered, in ms. */
  readonly duration: MetricVec<readonly ["command"], Histogram>;
  /** Commands that failed, by the kind of error; see {@link StoreErrorLabel}. */
  readonly errors: MetricVec<readonly ["command", "error"], Counter>;
  /** Commands that took longer than the threshold. */
  readonly slow: MetricVec<readonly ["command"], Counter>;
}

/** The kinds of errors that {@link StoreClientMetrics.errors} tells apart. */
export type StoreErrorLabel =
  | "timeout"
  | "eof"
  | "context deadline"
  | "breaker open"
  | "unexpected error";

/** `redis_client_requests_duration_ms`, `_error_total` and `_slow_total`. */
export function redisClientMetrics(registry: MetricRegistry): StoreClientMetrics {
  return storeMetrics(registry, "redis_client", "Redis commands");
}

/** `sql_client_requests_duration_ms`, `_error_total` and `_slow_total`. */
export function sqlClientMetrics(registry: MetricRegistry): StoreClientMetrics {
  return storeMetrics(registry, "sql_client", "SQL commands");
}

function storeMetrics(
  registry: MetricRegistry,
  namespace: string,
  what: string,
): StoreClientMetrics {
  const subsystem = "requests";
  return {
    duration: registry.histogram({
      namespace,
      subsystem,
      name: "duration_ms",
      help: `${what}: time until they were answered, in ms.`,
      labels: ["command"],
      buckets: STORE_BUCKETS_MS,
    }),
    errors: registry.counter({
      namespace,
      subsystem,
      name: "error_total",
      help: `${what} that failed, by kind of error.`,
      labels: ["command", "error"],
    }),
    slow: registry.counter({
      namespace,
      subsystem,
      name: "slow_total",
      help: `${what} that were slow.`,
      labels: ["command"],
    }),
  };
}

/** A counter for each Redis and kind of client. */
export type RedisPoolCounter = MetricVec<readonly ["key", "client_type"], Counter>;
/** A gauge for each Redis and kind of client. */
export type RedisPoolGauge = MetricVec<readonly ["key", "client_type"], Gauge>;

/** What is measured of the connections to a Redis. */
export interface RedisPoolMetrics {
  /** Connections found idle. */
  readonly hit: RedisPoolCounter;
  /** Connections that had to be made. */
  readonly miss: RedisPoolCounter;
  /** Waits for a connection that took too long. */
  readonly timeout: RedisPoolCounter;
  /** Connections dropped because they were stale. */
  readonly stale: RedisPoolCounter;
  /** Connections allowed. A counter by its name in go-zero; set it once. */
  readonly max: RedisPoolCounter;
  /** Connections now. */
  readonly current: RedisPoolGauge;
  /** Connections idle now. */
  readonly idle: RedisPoolGauge;
}

/** `redis_client_pool_hit_total` and its sisters. */
export function redisPoolMetrics(registry: MetricRegistry): RedisPoolMetrics {
  const part = (name: string, help: string) => ({
    namespace: "redis_client",
    subsystem: "pool",
    name,
    help,
    labels: ["key", "client_type"] as const,
  });
  return {
    hit: registry.counter(part("hit_total", "Connections found idle.")),
    miss: registry.counter(part("miss_total", "Connections that had to be made.")),
    timeout: registry.counter(part("timeout_total", "Waits for a connection that took too long.")),
    stale: registry.counter(part("conn_stale_total", "Connections dropped as stale.")),
    max: registry.counter(part("conn_max", "Connections allowed.")),
    current: registry.gauge(part("conn_total_current", "Connections now.")),
    idle: registry.gauge(part("conn_idle_current", "Connections idle now.")),
  };
}

/** A counter for each database. */
export type SqlPoolCounter = MetricVec<readonly ["db_name", "hash"], Counter>;
/** A gauge for each database. */
export type SqlPoolGauge = MetricVec<readonly ["db_name", "hash"], Gauge>;

/** What is measured of the connections to a database. */
export interface SqlPoolMetrics {
  /** Connections allowed. */
  readonly maxOpen: SqlPoolGauge;
  /** Connections now. */
  readonly open: SqlPoolGauge;
  /** Connections at work now. */
  readonly inUse: SqlPoolGauge;
  /** Connections idle now. */
  readonly idle: SqlPoolGauge;
  /** Waits for a connection. */
  readonly waits: SqlPoolCounter;
  /** Time spent waiting for a connection, in seconds. */
  readonly waitSeconds: SqlPoolCounter;
  /** Connections closed because enough were idle. */
  readonly maxIdleClosed: SqlPoolCounter;
  /** Connections closed because they were idle for long. */
  readonly maxIdleTimeClosed: SqlPoolCounter;
  /** Connections closed because of their age. */
  readonly maxLifetimeClosed: SqlPoolCounter;
}

/** `sql_client_max_open_connections` and its sisters. */
export function sqlPoolMetrics(registry: MetricRegistry): SqlPoolMetrics {
  const part = (name: string, help: string) => ({
    namespace: "sql_client",
    name,
    help,
    labels: ["db_name", "hash"] as const,
  });
  const closed = (name: string, why: string) => part(name, `Connections closed: ${why}.`);
  return {
    maxOpen: registry.gauge(part("max_open_connections", "Connections allowed.")),
    open: registry.gauge(part("open_connections", "Connections now.")),
    inUse: registry.gauge(part("in_use_connections", "Connections at work now.")),
    idle: registry.gauge(part("idle_connections", "Connections idle now.")),
    waits: registry.counter(part("wait_count_total", "Waits for a connection.")),
    waitSeconds: registry.counter(part("wait_duration_seconds_total", "Time spent in waits.")),
    maxIdleClosed: registry.counter(closed("max_idle_closed_total", "enough were idle")),
    maxIdleTimeClosed: registry.counter(closed("max_idle_time_closed_total", "idle for long")),
    maxLifetimeClosed: registry.counter(closed("max_lifetime_closed_total", "of old age")),
  };
}
