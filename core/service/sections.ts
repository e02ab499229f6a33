import { boolean, duration, float64, int, map, string } from "../schema/builders.ts";
import { object, type ObjectSchema } from "../schema/object.ts";
import { HTTP_CONVENTIONS, type HttpConventions } from "../trace/http_conventions.ts";

/** The `Prometheus` section: a listener of its own for metrics. `DevServer` does the same and more. */
export interface PrometheusConfig {
  /** Address to listen on. Without it there is no listener. */
  Host?: string;
  /** Port to listen on. @default {9101} */
  Port: number;
  /** Path of the metrics. @default {"/metrics"} */
  Path: string;
}

/** The schema of {@link PrometheusConfig}. */
export const prometheusConfig: ObjectSchema<PrometheusConfig> = object({
  Host: string().optional(),
  Port: int().default(9101),
  Path: string().default("/metrics"),
});

/** Where spans can be sent. */
export type TelemetryBatcher = "zipkin" | "otlpgrpc" | "otlphttp" | "file";

/** The `Telemetry` section. */
export interface TelemetryConfig {
  /** What the service is called in traces. @default {the name of the service} */
  Name?: string;
  /** Where spans are sent. Without it there are ids, and nothing is sent. */
  Endpoint?: string;
  /** Part of the traces that begin here which is kept, 0 to 1. @default {1} */
  Sampler: number;
  /** How spans are sent. @default {"otlpgrpc"} */
  Batcher: TelemetryBatcher;
  /** Headers sent with spans, for both OTLP kinds. */
  OtlpHeaders?: Record<string, string>;
  /** Path for `otlphttp`. @default {"/v1/traces"} */
  OtlpHttpPath?: string;
  /** Whether `otlphttp` uses TLS. @default {false} */
  OtlpHttpSecure: boolean;
  /** Whether nothing is traced. @default {false} */
  Disabled: boolean;
  /** Which names the spans of HTTP calls use: `legacy`, `current` or `both`. @default {"legacy"} */
  HttpConventions: HttpConventions;
}

/** The schema of {@link TelemetryConfig}. */
export const telemetryConfig: ObjectSchema<TelemetryConfig> = object({
  Name: string().optional(),
  Endpoint: string().optional(),
  Sampler: float64().default(1),
  Batcher: string().options(["zipkin", "otlpgrpc", "otlphttp", "file"]).default("otlpgrpc"),
  OtlpHeaders: map(string()).optional().secret(),
  OtlpHttpPath: string().optional(),
  OtlpHttpSecure: boolean().default(false),
  Disabled: boolean().default(false),
  HttpConventions: string().options(HTTP_CONVENTIONS).default("legacy"),
});

/** The `DevServer` section: health, metrics and profiles on a port of their own. */
export interface DevServerConfig {
  /** Only a missing section turns it off without a word. @default {true} */
  Enabled: boolean;
  /** Address to listen on; there is no access control. @default {"127.0.0.1"} */
  Host: string;
  /** Port to listen on. @default {6060} */
  Port: number;
  /** Path of the metrics. @default {"/metrics"} */
  MetricsPath: string;
  /** Path of the health check. @default {"/healthz"} */
  HealthPath: string;
  /** Whether there are metrics. @default {true} */
  EnableMetrics: boolean;
  /** Whether there are profiles. @default {true} */
  EnablePprof: boolean;
  /** What a healthy process answers. @default {"OK"} */
  HealthResponse: string;
}

/** The schema of {@link DevServerConfig}. */
export const devServerConfig: ObjectSchema<DevServerConfig> = object({
  Enabled: boolean().default(true),
  Host: string().default("127.0.0.1"),
  Port: int().default(6060),
  MetricsPath: string().default("/metrics"),
  HealthPath: string().default("/healthz"),
  EnableMetrics: boolean().default(true),
  EnablePprof: boolean().default(true),
  HealthResponse: string().default("OK"),
});

/** The `Shutdown` section. Zero and less mean the default. */
export interface ShutdownConfig {
  /** How long requests are still taken after a signal, in ms. @default {1000} */
  WrapUpTime: number;
  /** When the process is ended by force, in ms after a signal. @default {5500} */
  WaitTime: number;
}

/** The schema of {@link ShutdownConfig}. */
export const shutdownConfig: ObjectSchema<ShutdownConfig> = object({
  WrapUpTime: duration().default(1000),
  WaitTime: duration().default(5500),
});

/** Which profiles are taken. */
export interface ProfileTypeConfig {
  /** Whether the profiler logs. @default {false} */
  Logger: boolean;
  /** Where time is spent. @default {true} */
  CPU: boolean;
  /** What runs at once; no such thing here. @default {true} */
  Goroutines: boolean;
  /** Where memory is spent. @default {true} */
  Memory: boolean;
  /** Who waits for locks; no such thing here. @default {false} */
  Mutex: boolean;
  /** Who waits; no such thing here. @default {false} */
  Block: boolean;
}

/** The `Profiling` section: profiles pushed while the processor is busy. Read, and left to a hook. */
export interface ProfilingConfig {
  /** What the service is called in profiles. @default {the name of the service} */
  Name?: string;
  /** Where profiles are pushed; empty turns it off. */
  ServerAddr: string;
  /** User for the server. */
  AuthUser?: string;
  /** Password for the server. */
  AuthPassword?: string;
  /** Time between pushes, in ms. @default {15000} */
  UploadRate: number;
  /** Time between looks at the processor, in ms. @default {10000} */
  CheckInterval: number;
  /** How long profiles are taken, in ms. @default {120000} */
  ProfilingDuration: number;
  /** Load at which it begins, in thousandths of a processor. @default {700} */
  CpuThreshold: number;
  /** Which profiles are taken. */
  ProfileType: ProfileTypeConfig;
}

/** The schema of {@link ProfilingConfig}. */
export const profilingConfig: ObjectSchema<ProfilingConfig> = object({
  Name: string().optional().inherit(),
  ServerAddr: string(),
  AuthUser: string().optional(),
  AuthPassword: string().optional().secret(),
  UploadRate: duration().default(15_000),
  CheckInterval: duration().default(10_000),
  ProfilingDuration: duration().default(120_000),
  CpuThreshold: int().range("[0:1000)").default(700),
  ProfileType: object({
    Logger: boolean().default(false),
    CPU: boolean().default(true),
    Goroutines: boolean().default(true),
    Memory: boolean().default(true),
    Mutex: boolean().default(false),
    Block: boolean().default(false),
  }),
});
