/**
 * From a server to a running process.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";
import { runServices } from "../core/service/run_services.ts";
import { workerLink } from "../core/worker/worker_link.ts";
import type { Server } from "./server.ts";

/**
 * Runs a server until the process is asked to stop: starts it, says where it listens, and on SIGTERM or SIGINT
 * fails readiness, goes on answering for `Shutdown.WrapUpTime`, drains, and returns. A second signal ends
 * the process at once.
 *
 * With `Workers` in its configuration, so many threads run the same program and serve on one port, and this one supervises
 * them. That needs a function for `service`, `--allow-read` of the program, and `"unstable": ["net"]` in `deno.json` unless
 * `Listener.Kind` is `node`.
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
  const make = typeof service === "function" ? service : () => service;
  const link = workerLink();
  if (link) {
    const { runWorker } = await import("./workers.ts");
    return await runWorker(make, link);
  }
  try {
    await run(await make());
  } catch (error) {
    console.error(error instanceof ServiceError ? error.message : error);
    Deno.exit(1);
  }
}

async function run(server: Server): Promise<void> {
  const { Workers } = server.config;
  const count = Workers === 0 ? navigator.hardwareConcurrency : Workers;
  if (count <= 1) return await runServices(server);
  const { superviseWorkers } = await import("./workers.ts");
  await superviseWorkers(server, Deno.mainModule, count);
}
