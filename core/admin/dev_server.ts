import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { MetricRegistry } from "../metric/registry.ts";
import type { SnapshotSource } from "../metric/respond.ts";
import type { DevServerConfig } from "../service/sections.ts";
import { AdminHandler } from "./admin_handler.ts";
import type { AdminService } from "./admin_service.ts";
import type { DebugRegistry } from "./debug_registry.ts";
import { type AdminListener, isLoopback, listenForAdmin } from "./listener.ts";

/** What a {@link DevServer} shows and tells. */
export interface DevServerOptions {
  /** The metrics to show. */
  metrics: MetricRegistry;
  /** What a scrape shows, where it is more than `metrics`. @default {metrics} */
  scraped?: SnapshotSource | undefined;
  /** The parts whose state is shown. */
  debug: DebugRegistry;
  /** Told where it listens. */
  logger: Pick<Logger, "info" | "error">;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * Health, metrics, the console and profiles on a port of their own. The keys of the config are
 * go-zero's; what differs:
 *
 * - Without `Host`, or with an empty one, it listens on this machine only. go-zero listens on all addresses, and there is no
 *   access control in either. Elsewhere it says so in the log.
 * - `EnableMetrics` shows metrics or does not; they are counted either way.
 * - `EnablePprof` stands for `/debug/profile` and `/debug/heap`, in the formats that Chrome's developer
 *   tools open. The addresses of Go's pprof are not there.
 * - An unknown address is a 404 and not the list of addresses, which is at `/`.
 * - Bound to this machine, it answers only requests that ask for this machine by name, so that a web
 *   page cannot reach it by a name of its own that points here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DebugRegistry } from "@zeno/zeno/core/admin";
 * import { noopLogger } from "@zeno/zeno/core/log";
 * import { MetricRegistry } from "@zeno/zeno/core/metric";
 * import { devServerConfig } from "@zeno/zeno/core/service";
 * await using server = new DevServer(devServerConfig.parse({ Port: 0 }), {
 *   metrics: new MetricRegistry(),
 *   debug: new DebugRegistry(),
 *   logger: noopLogger,
 * });
 * const response = await fetch(`http://127.0.0.1:${server.address.port}/livez`);
 * assertEquals(await response.text(), "OK");
 * ```
 */
export class DevServer implements AsyncDisposable {
  readonly #handler: AdminHandler;
  readonly #listener: AdminListener;

  /**
   * Listens, and answers from then on.
   *
   * @throws {ServiceError} If it cannot listen.
   */
  constructor(config: DevServerConfig, options: DevServerOptions) {
    const { metrics, scraped, debug, logger, clock } = options;
    const host = config.Host || "127.0.0.1"; // An empty one must not mean everywhere.
    this.#handler = new AdminHandler({
      metrics: config.EnableMetrics && metrics,
      scraped,
      debug,
      clock,
      profiling: config.EnablePprof,
      metricsPath: config.MetricsPath,
      healthPath: config.HealthPath,
      healthResponse: config.HealthResponse,
      isKnownHost: isLoopback(host) ? isLoopback : undefined,
    });
    this.#listener = listenForAdmin((request) => this.#handler.fetch(request), {
      hostname: host,
      port: config.Port,
    });
    const { hostname, port } = this.#listener.address;
    logger.info(`Starting dev http server at ${hostname}:${port}`);
    if (isLoopback(host)) return;
    logger.error(
      `The dev server at ${hostname}:${port} has no access control, and whoever reaches it can read ` +
        "the memory of the process; set DevServer.Host to 127.0.0.1, or EnablePprof to false",
    );
  }

  /** Where it listens. */
  get address(): { readonly hostname: string; readonly port: number } {
    return this.#listener.address;
  }

  /** Shows a service until the answer is disposed. */
  attach(service: AdminService): Disposable {
    return this.#handler.attach(service);
  }

  /** Closes it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#handler[Symbol.dispose]();
    await this.#listener[Symbol.asyncDispose]();
  }
}
