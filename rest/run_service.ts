/**
 * From a server to a running process.
 *
 * @module
 */

import { Shutdown } from "../core/proc/shutdown.ts";
import { shutdownTimes } from "../core/service/config.ts";
import { ServiceGroup } from "../core/service/service_group.ts";
import type { Server } from "./server.ts";

/**
 * Runs a server until the process is asked to stop: starts it, says where it listens, and on SIGTERM or SIGINT
 * fails readiness, goes on answering for `Shutdown.WrapUpTime`, drains, and returns. A second signal ends
 * the process at once.
 *
 * If the server cannot start, it prints one line that says why and ends the process with code 1.
 */
export async function runService(server: Server): Promise<void> {
  const shutdown = new Shutdown({ ...shutdownTimes(server.config.Shutdown), logger: server.log });
  shutdown.onWrapUp(() => server.markNotReady());
  try {
    await new ServiceGroup().add(server).run({ shutdown, logger: server.log });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
