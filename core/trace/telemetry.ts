import { type Clock, systemClock } from "../clock.ts";
import { consoleLogger } from "../log/create_logger.ts";
import type { Logger } from "../log/logger.ts";
import { reasonOf } from "../log/value_renderer.ts";
import type { TelemetryConfig } from "../service/sections.ts";
import { registeredProvider } from "./_registered_provider.ts";
import { useTracer } from "./active_tracer.ts";
import { BatchProcessor, type ExportStats } from "./batch_processor.ts";
import type { ExporterOptions } from "./create_exporter.ts";
import { createTracer } from "./create_tracer.ts";
import { noopTracer } from "./noop_tracer.ts";
import { parentBasedSampler } from "./sampler.ts";
import type { Attributes } from "./span.ts";
import type { Tracer } from "./tracer.ts";

/** Options for {@link startTelemetry}. */
export interface TelemetryOptions extends ExporterOptions {
  /** What the service is called where the config does not say. */
  serviceName: string;
  /** More facts about the process, such as `service.version`. @default {{}} */
  resource?: Attributes | undefined;
  /** After this long the last flush gives up what is left, in ms, > 0. @default {4000} */
  flushTimeoutMs?: number | undefined;
  /** Told of configs that do not work and of spans that could not be sent. @default {consoleLogger} */
  logger?: Logger | undefined;
}

/** Tracing that has been started. Disposing it sends what waits and stops it. */
export interface Telemetry extends AsyncDisposable {
  /** The tracer of the process. */
  readonly tracer: Tracer;
  /** Whether spans are sent anywhere: by this, or by the runtime. */
  readonly exporting: boolean;
  /** What became of the spans so far. All zero if the runtime sends them. */
  readonly stats: ExportStats;
  /** Resolves once all spans so far have been sent or given up. Never rejects. */
  flush(): Promise<void>;
}

interface Running {
  readonly tracer: Tracer;
  readonly exporting: boolean;
  readonly processor?: BatchProcessor | undefined;
}

/** What the process runs with; started once, stopped when the last who asked for it has gone. */
let shared: { key: string; users: number; running: Promise<Running & Disposable> } | undefined;

const NO_SPANS: ExportStats = { exported: 0, failed: 0, dropped: 0, queued: 0 };
const SCOPE = { name: "zeno" };

/**
 * Starts tracing for the process, by the `Telemetry` section of a config.
 *
 * - Without a config there are ids, for logs and for other services; a trace is kept only if its caller
 *   keeps it, and nothing is sent. With one, `Sampler` says how many of the traces that begin here are
 *   kept, and they are sent to `Endpoint`, if there is one.
 * - Started with `OTEL_DENO=true`, Deno sends spans itself, by its own `OTEL_` variables: ours then go
 *   through OpenTelemetry's API to it, or to any other provider registered with that API, and
 *   `Endpoint`, `Batcher` and `Sampler` have no effect, so that nothing is sent twice.
 * - A config that does not work is logged and leaves the ids; a service is not down because its traces
 *   are. Nor does a receiver that is down touch the service.
 * - The first config counts for all who start it while it runs; a different one is logged.
 *
 * @example Trace a service
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withSpan } from "@zeno/zeno/core/trace";
 * await using telemetry = await startTelemetry({ Sampler: 0.1 }, { serviceName: "orders" });
 * assertEquals(withSpan("load", () => "loaded"), "loaded");
 * assertEquals(telemetry.exporting, false); // There is no endpoint.
 * ```
 */
export async function startTelemetry(
  config: Partial<TelemetryConfig> | undefined,
  options: TelemetryOptions,
): Promise<Telemetry> {
  if (config?.Disabled) return new TelemetryHandle({ tracer: noopTracer, exporting: false });
  const key = JSON.stringify(config ?? null);
  if (shared && shared.key !== key) {
    (options.logger ?? consoleLogger).error(
      "Cannot start telemetry with a second config: the process keeps the first one",
    );
  }
  const own = shared ??= { key, users: 0, running: start(config, options) };
  own.users++;
  const running = await own.running;
  return new TelemetryHandle(running, async () => {
    if (--own.users > 0) return;
    if (shared === own) shared = undefined;
    running[Symbol.dispose]();
    await running.processor?.[Symbol.asyncDispose]();
  });
}

class TelemetryHandle implements Telemetry {
  readonly #running: Running;
  readonly #stop: (() => Promise<void>) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(running: Running, stop?: () => Promise<void>) {
    this.#running = running;
    this.#stop = stop;
  }

  get tracer(): Tracer {
    return this.#running.tracer;
  }

  get exporting(): boolean {
    return this.#running.exporting;
  }

  get stats(): ExportStats {
    return this.#running.processor?.stats ?? NO_SPANS;
  }

  async flush(): Promise<void> {
    await this.#running.processor?.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#stopped ??= this.#stop?.());
  }
}

async function start(
  config: Partial<TelemetryConfig> | undefined,
  options: TelemetryOptions,
): Promise<Running & Disposable> {
  const { clock = systemClock, logger = consoleLogger } = options;
  let running: Running;
  try {
    running = await bridge(config, logger) ?? await ownTracer(config, options, clock, logger);
  } catch (error) {
    logger.error(reasonOf(error), { error });
    running = { tracer: idsOnly(clock), exporting: false };
  }
  const using = useTracer(running.tracer);
  return { ...running, [Symbol.dispose]: () => using[Symbol.dispose]() };
}

/** Goes through OpenTelemetry's API if somebody is registered there. */
async function bridge(
  config: Partial<TelemetryConfig> | undefined,
  logger: Logger,
): Promise<Running | undefined> {
  const provider = registeredProvider();
  if (!provider) return undefined;
  if (config?.Endpoint) {
    const who = provider.isRuntime ? "Deno, which was started with OTEL_DENO" : "OpenTelemetry";
    logger.info(`Spans are exported by ${who}; Endpoint of the Telemetry section is not used`);
  }
  const { openTelemetryTracer } = await import("./driver.ts");
  const tracer = openTelemetryTracer({
    scope: SCOPE,
    instrumentsHttp: provider.isRuntime,
    httpConventions: config?.HttpConventions,
  });
  return { tracer, exporting: true };
}

async function ownTracer(
  config: Partial<TelemetryConfig> | undefined,
  options: TelemetryOptions,
  clock: Clock,
  logger: Logger,
): Promise<Running> {
  if (!config) return { tracer: idsOnly(clock), exporting: false };
  const sampler = parentBasedSampler(config.Sampler ?? 1);
  // A service that sends no spans should not wait for what would.
  const { createExporter } = await import("./create_exporter.ts");
  const exporter = await createExporter(config, options);
  const { flushTimeoutMs } = options;
  const onError = (message: string) => logger.error(message);
  const processor = exporter && new BatchProcessor(exporter, { clock, onError, flushTimeoutMs });
  const resource = {
    "service.name": config.Name || options.serviceName,
    "telemetry.sdk.name": "zeno",
    "telemetry.sdk.language": "deno",
    ...options.resource,
  };
  const tracer = createTracer({
    processor,
    sampler,
    resource,
    scope: SCOPE,
    httpConventions: config.HttpConventions,
    clock,
  });
  return { tracer, processor, exporting: processor !== undefined };
}

/** Makes ids and keeps nothing, but for the traces that a caller keeps. */
function idsOnly(clock: Clock): Tracer {
  return createTracer({ sampler: parentBasedSampler(0), scope: SCOPE, clock });
}
