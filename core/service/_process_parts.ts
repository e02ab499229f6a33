import type { DevServer, DevServerOptions } from "../admin/dev_server.ts";
import type { AdminListener } from "../admin/listener.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { SnapshotSource } from "../metric/respond.ts";
import type { ProfileDumps } from "../proc/profile_signals.ts";
import { CpuUsage } from "../stat/cpu_usage.ts";
import { UsageReporter } from "../stat/usage_reporter.ts";
import type { ServiceConfig } from "./config.ts";
import { type Lease, ProcessWide } from "./_process_wide.ts";
import type { DevServerConfig } from "./sections.ts";

const agents = new ProcessWide<AdminListener>();
const devServers = new ProcessWide<DevServer>();
const consoles = new ProcessWide<Disposable>();
const profileDumps = new ProcessWide<ProfileDumps>();
const usageReporters = new ProcessWide<UsageReporter>();

// What only some services have is loaded by those alone: a program that starts should not wait for it.

/** The listener of the `Prometheus` section. */
export async function leaseMetricsAgent(
  { Prometheus }: ServiceConfig,
  metrics: SnapshotSource,
  logger: Logger,
): Promise<Lease<AdminListener> | undefined> {
  if (!Prometheus?.Host) return undefined;
  const lease = await agents.lease(JSON.stringify(Prometheus), async () => {
    const { metricsAgent } = await import("../admin/metrics_agent.ts");
    const agent = metricsAgent(Prometheus, metrics)!; // There is a host.
    const { hostname, port } = agent.address;
    logger.info(`Serving metrics at ${hostname}:${port}${Prometheus.Path}`);
    return agent;
  });
  if (lease.differs) tell(logger, "Prometheus agent", lease.value.address);
  return lease;
}

/** The dev server. */
export async function leaseDevServer(
  config: DevServerConfig,
  options: DevServerOptions,
): Promise<Lease<DevServer>> {
  const key = JSON.stringify(config);
  const lease = await devServers.lease(key, async () => {
    const { DevServer } = await import("../admin/dev_server.ts");
    return new DevServer(config, options);
  });
  if (lease.differs) tell(options.logger, "dev server", lease.value.address);
  return lease;
}

/** The line of each minute on what the process uses. */
export function leaseUsageReporter(logger: Logger, clock: Clock): Promise<Lease<UsageReporter>> {
  return usageReporters.lease("", () => {
    return new UsageReporter({ cpu: new CpuUsage({ clock }), logger, clock });
  });
}

/** The console of the process, as lines of the log. */
export async function leaseConsole(
  { CaptureConsole }: ServiceConfig,
  logger: Logger,
): Promise<AsyncDisposable | undefined> {
  if (!CaptureConsole) return undefined;
  return await consoles.lease("", async () => {
    const { patchConsole } = await import("../log/patch_console.ts");
    return patchConsole(logger);
  });
}

/** The watch for the signals that ask for profiles. */
export async function leaseProfileDumps(
  { DevServer, ProfileSignals }: ServiceConfig,
  logger: Logger,
  clock: Clock,
): Promise<AsyncDisposable | undefined> {
  const byDefault = DevServer?.Enabled === true && DevServer.EnablePprof;
  if (!(ProfileSignals ?? byDefault)) return undefined;
  return await profileDumps.lease("", async () => {
    const { dumpProfilesOnSignals } = await import("../proc/profile_signals.ts");
    return dumpProfilesOnSignals({ logger, clock });
  });
}

function tell(
  logger: Pick<Logger, "error">,
  what: string,
  { hostname, port }: { readonly hostname: string; readonly port: number },
): void {
  logger.error(
    `Cannot start a second ${what}: the process keeps the one at ${hostname}:${port}`,
  );
}
