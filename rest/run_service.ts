/**
 * From a server to a running process.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";
import { ServiceGroup } from "../core/service/service_group.ts";
import type { Server } from "./server.ts";

/**
 * Runs a server until the process is asked to stop: starts it, says where it listens, and on SIGTERM or SIGINT
 * fails readiness, goes on answering for `Shutdown.WrapUpTime`, drains, and returns. A second signal ends
 * the process at once.
 *
 * If it cannot start, a line on stderr says why and the process ends with code 1. An error nobody foresaw is shown with
 * its stack.
 *
 * @param service The server, or a function that makes it, so that what goes wrong while it reads its configuration is
 * told in the same way.
 */
export async function runService(
  service: Server | (() => Server | Promise<Server>),
): Promise<void> {
  try {
    await run(typeof service === "function" ? await service() : service);
  } catch (error) {
    console.error(error instanceof ServiceError ? error.message : error);
    Deno.exit(1);
  }
}

async function run(server: Server): Promise<void> {
  const { log, runtime: { shutdown } } = server;
  shutdown.onWrapUp(() => server.markNotReady());
  await new ServiceGroup().add(server).run({ shutdown, logger: log });
}
