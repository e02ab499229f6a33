import { type LogConfig, logConfig } from "../log/config.ts";
import type { ShutdownOptions } from "../proc/shutdown.ts";
import { boolean, string } from "../schema/builders.ts";
import { object, type ObjectSchema } from "../schema/object.ts";
import { SERVICE_MODES, type ServiceMode } from "./mode.ts";
import {
  type DevServerConfig,
  devServerConfig,
  type ProfilingConfig,
  profilingConfig,
  type PrometheusConfig,
  prometheusConfig,
  type ShutdownConfig,
  shutdownConfig,
  type TelemetryConfig,
  telemetryConfig,
} from "./sections.ts";

/** What the config of every kind of service has. */
export interface ServiceConfig {
  /** What the service is called, in logs, traces and figures. */
  Name: string;
  /** How it logs. */
  Log: LogConfig;
  /** Where it runs. All but `pro` turn load shedding and alerts off. @default {"pro"} */
  Mode: ServiceMode;
  /** Where the figures of each minute are posted, as JSON. */
  MetricsUrl?: string;
  /** A listener of its own for metrics. */
  Prometheus?: PrometheusConfig;
  /** Traces. */
  Telemetry?: TelemetryConfig;
  /** Health, metrics and profiles on a port of their own; off without the section. */
  DevServer?: DevServerConfig;
  /** How it stops. */
  Shutdown?: ShutdownConfig;
  /** Profiles pushed while the processor is busy. */
  Profiling?: ProfilingConfig;
  /** Whether what is written with `console` goes to the log, with its trace and its format. @default {false} */
  CaptureConsole?: boolean;
  /**
   * Whether `kill -USR1` writes what is in memory to a file, and `kill -USR2` where time goes.
   * @default {what `DevServer.EnablePprof` says, where there is a dev server; false where there is none}
   */
  ProfileSignals?: boolean;
}

/**
 * The schema of {@link ServiceConfig}. The config of a server spreads its `fields` and adds its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const config = serviceConfig.parse({ Name: "orders", Shutdown: { WaitTime: "30s" } });
 * assertEquals([config.Mode, config.Log.Level], ["pro", "info"]);
 * assertEquals(config.Shutdown, { WrapUpTime: 1000, WaitTime: 30_000 });
 * ```
 */
export const serviceConfig: ObjectSchema<ServiceConfig> = object({
  Name: string(),
  Log: logConfig,
  Mode: string().options(SERVICE_MODES).default("pro"),
  MetricsUrl: string().optional(),
  Prometheus: prometheusConfig.optional(),
  Telemetry: telemetryConfig.optional(),
  DevServer: devServerConfig.optional(),
  Shutdown: shutdownConfig.optional(),
  Profiling: profilingConfig.optional(),
  CaptureConsole: boolean().optional(),
  ProfileSignals: boolean().optional(),
});

/**
 * The times of a {@link ShutdownConfig} as options for `Shutdown`; zero and less keep the default.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(shutdownTimes({ WrapUpTime: 2000, WaitTime: 0 }), { wrapUpMs: 2000 });
 * ```
 */
export function shutdownTimes(
  config: Partial<ShutdownConfig> | undefined,
): Pick<ShutdownOptions, "wrapUpMs" | "waitMs"> {
  const { WrapUpTime = 0, WaitTime = 0 } = config ?? {};
  return {
    ...(WrapUpTime > 0 ? { wrapUpMs: WrapUpTime } : {}),
    ...(WaitTime > 0 ? { waitMs: WaitTime } : {}),
  };
}
