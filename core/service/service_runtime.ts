import { type DebugRegistry, defaultDebugRegistry } from "../admin/debug_registry.ts";
import type { DevServer } from "../admin/dev_server.ts";
import { type Clock, systemClock } from "../clock.ts";
import { createLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import { defaultRegistry, type MetricRegistry } from "../metric/registry.ts";
import type { SnapshotSource } from "../metric/respond.ts";
import { HealthRegistry } from "../proc/health.ts";
import { Shutdown } from "../proc/shutdown.ts";
import type { Schema } from "../schema/field.ts";
import { AlertReporter } from "../stat/alert_reporter.ts";
import { remoteWriter, type ReportWriter } from "../stat/report_writer.ts";
import { RequestStats } from "../stat/request_stats.ts";
import { startTelemetry, type Telemetry, type TelemetryOptions } from "../trace/telemetry.ts";
import { type ServiceConfig, serviceConfig, shutdownTimes } from "./config.ts";
import { isSupervised } from "../worker/worker_link.ts";
import { isProtected } from "./mode.ts";
import {
  leaseConsole,
  leaseDevServer,
  leaseMetricsAgent,
  leaseProfileDumps,
  leaseUsageReporter,
} from "./_process_parts.ts";
import { type ContinuousProfiler, profileUnderLoad } from "./profiling.ts";
import { runtimeMetrics } from "../metric/runtime_metrics.ts";

/** Options for {@link ServiceRuntime} and {@link setUpService}. */
export interface ServiceRuntimeOptions {
  /** Where lines go; the runtime does not close it. @default {a logger made of the config, which it closes} */
  log?: Logger | undefined;
  /** Where figures go. @default {defaultRegistry} */
  metrics?: MetricRegistry | undefined;
  /** Whose parts the dev server shows. @default {defaultDebugRegistry} */
  debug?: DebugRegistry | undefined;
  /** Probes that decide readiness. @default {its own} */
  health?: HealthRegistry | undefined;
  /** The schema that the config was read with: `/debug/config` masks its `secret()` fields. */
  configSchema?: Pick<Schema<unknown>, "definition"> | undefined;
  /** More about tracing: a gRPC transport, more facts about the process. */
  telemetry?: Omit<TelemetryOptions, "serviceName" | "logger" | "clock"> | undefined;
  /** Takes the profiles that the `Profiling` section asks for. */
  profiler?: ContinuousProfiler | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * What a service of any kind stands on, by its config: log, mode, metrics, traces, stat reports, dev
 * server, the times of its shutdown. A server has one; a job or a consumer makes its own with
 * {@link setUpService}.
 *
 * What a process can have but once (the listeners, tracing, the figures of the process) is shared by its
 * services: the first config counts, and a different one is logged. Only a `Log` section that does not
 * work keeps a service from starting; what else fails is logged, as a service is not down because its
 * traces are.
 */
export class ServiceRuntime implements AsyncDisposable {
  /** The config. */
  readonly config: ServiceConfig;
  /** Where lines go. */
  readonly log: Logger;
  /** Whether load is shed and alerts are reported: in mode `pro` only. */
  readonly isProtected: boolean;
  /** Tells somebody that a protection acted; `undefined` unless {@link isProtected}. */
  readonly alerts: AlertReporter | undefined;
  /** Takes the stat reports of each minute, if the config has a `MetricsUrl`. */
  readonly statWriter: ReportWriter | undefined;
  /** Where figures go. */
  readonly metrics: MetricRegistry;
  /** The figures that are shown to whoever scrapes, where they are more than {@link metrics}. Set it before {@link start}. */
  scraped: SnapshotSource;
  /** Where parts register the state they show. */
  readonly debug: DebugRegistry;
  /** Probes that decide readiness. */
  readonly health: HealthRegistry;
  /** Stops the process in the times of the config; nothing is listened for until its `listen`. */
  readonly shutdown: Shutdown;
  readonly #options: ServiceRuntimeOptions;
  readonly #clock: Clock;
  /** A supervised worker leaves the listeners of the process to its supervisor. */
  readonly #isAlone = !isSupervised();
  #parts: AsyncDisposableStack | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #telemetry: Telemetry | undefined;
  #devServer: DevServer | undefined;

  /**
   * Makes what a service can have before it starts. Nothing listens, and no timer runs.
   *
   * @throws {TypeError} If the `Log` section is wrong.
   * @throws {Error} If a log file cannot be opened.
   */
  constructor(config: ServiceConfig, options: ServiceRuntimeOptions = {}) {
    const clock = this.#clock = options.clock ?? systemClock;
    this.#options = options;
    this.config = config;
    const log = this.log = options.log ??
      createLogger(config.Log, { clock, serviceName: config.Name });
    this.isProtected = isProtected(config.Mode);
    this.alerts = this.isProtected
      ? new AlertReporter({ deliver: (text) => log.alert(text), clock })
      : undefined;
    this.scraped = this.metrics = options.metrics ?? defaultRegistry;
    this.debug = options.debug ?? defaultDebugRegistry;
    this.health = options.health ?? new HealthRegistry();
    this.shutdown = new Shutdown({ ...shutdownTimes(config.Shutdown), logger: log, clock });
    this.statWriter = this.#writer();
  }

  /** What the service is called. */
  get name(): string {
    return this.config.Name;
  }

  /** Tracing; `undefined` until {@link start}. */
  get telemetry(): Telemetry | undefined {
    return this.#telemetry;
  }

  /** The dev server of the process, if there is one. */
  get devServer(): DevServer | undefined {
    return this.#devServer;
  }

  /** Times of requests, reported each minute to the log and to `MetricsUrl`. */
  requestStats(name: string = this.name): RequestStats {
    const { log: logger, statWriter: writer } = this;
    return new RequestStats(name, { logger, writer, clock: this.#clock });
  }

  /** Starts what runs beside a service, in the order of the config's sections. Further calls answer the same. */
  start(): Promise<void> {
    return this.#starting ??= this.#start();
  }

  /**
   * Stops it all: spans that wait are sent, then the dev server goes, then the logger if it is the
   * runtime's own. Call it when the service has answered its last request.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  async #start(): Promise<void> {
    const { config, log } = this;
    const agent = await this.#attempt(() =>
      this.#isAlone ? leaseMetricsAgent(config, this.scraped, log) : undefined
    );
    const { telemetry: more } = this.#options;
    const telemetry = this.#telemetry = await startTelemetry(config.Telemetry, {
      flushTimeoutMs: flushTimeoutMs(config),
      ...more,
      serviceName: config.Name,
      logger: log,
      clock: this.#clock,
    });
    const captured = await this.#attempt(() => leaseConsole(config, log));
    const dumps = await this.#attempt(() =>
      this.#isAlone ? leaseProfileDumps(config, log, this.#clock) : undefined
    );
    const usage = await this.#attempt(() => leaseUsageReporter(log, this.#clock));
    const devServer = await this.#attempt(() => this.#startDevServer());
    const isScraped = agent !== undefined || this.#devServer !== undefined || !this.#isAlone;
    const figures = isScraped ? runtimeMetrics(this.metrics, { clock: this.#clock }) : undefined;
    // Disposed from the last to the first: the dev server shows the end of all but the log.
    const parts = this.#parts = new AsyncDisposableStack();
    for (const part of [captured, dumps, agent, devServer, figures, usage, telemetry]) {
      parts.use(part);
    }
    parts.use(this.#profile());
  }

  async #stop(): Promise<void> {
    await this.#starting;
    await this.#parts?.disposeAsync();
    if (!this.#options.log) await this.log[Symbol.asyncDispose]();
  }

  async #startDevServer(): Promise<AsyncDisposable | undefined> {
    const { config, log, metrics, scraped, debug, health } = this;
    if (!config.DevServer?.Enabled || !this.#isAlone) return undefined;
    const options = { metrics, scraped, debug, logger: log, clock: this.#clock };
    const lease = await leaseDevServer(config.DevServer, options);
    this.#devServer = lease.value;
    const parts = new AsyncDisposableStack();
    parts.use(lease);
    parts.use(lease.value.attach({
      name: config.Name,
      mode: config.Mode,
      config,
      configSchema: this.#options.configSchema ?? serviceConfig,
      health,
      log,
    }));
    return parts;
  }

  #profile(): AsyncDisposable | undefined {
    const { config, log } = this;
    if (!config.Profiling?.ServerAddr) return undefined;
    const { profiler } = this.#options;
    if (!profiler) {
      log.error(
        "Cannot push profiles: the Profiling section needs a profiler, and none was given; pass " +
          "one as the option `profiler`, or take profiles from the dev server at /debug/profile",
      );
      return undefined;
    }
    return profileUnderLoad(config.Profiling, { profiler, logger: log, clock: this.#clock });
  }

  #writer(): ReportWriter | undefined {
    const { MetricsUrl } = this.config;
    if (!MetricsUrl) return undefined;
    try {
      return remoteWriter(MetricsUrl);
    } catch {
      // The address may hold a password, so it is not repeated.
      this.log.error("Cannot submit stat reports: MetricsUrl is no http or https address");
      return undefined;
    }
  }

  async #attempt<T>(start: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await start();
    } catch (error) {
      this.log.error(reasonOf(error), { error });
      return undefined;
    }
  }
}

/** A receiver that is down must not use up the time in which the process stops. */
function flushTimeoutMs(config: ServiceConfig): number {
  const { wrapUpMs = 1000, waitMs = 5500 } = shutdownTimes(config.Shutdown);
  return Math.max(100, (waitMs - wrapUpMs) / 2);
}

/**
 * Makes a {@link ServiceRuntime} and starts it.
 *
 * @throws {TypeError} If the `Log` section is wrong.
 * @example A job with traces, metrics and a dev server
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { serviceConfig } from "@zeno/zeno/core/service";
 * import { withSpan } from "@zeno/zeno/core/trace";
 * const config = serviceConfig.parse({ Name: "import", Log: { Level: "severe" }, DevServer: { Port: 0 } });
 * await using runtime = await setUpService(config);
 * using probe = runtime.health.register("import");
 * withSpan("first batch", () => probe.markReady());
 * const { port } = runtime.devServer!.address;
 * assertEquals(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text(), "OK");
 * ```
 */
export async function setUpService(
  config: ServiceConfig,
  options: ServiceRuntimeOptions = {},
): Promise<ServiceRuntime> {
  const runtime = new ServiceRuntime(config, options);
  await runtime.start();
  return runtime;
}
