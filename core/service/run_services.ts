/**
 * From services to a running process.
 *
 * @module
 */

import { ServiceError } from "../errors.ts";
import type { Service } from "./service.ts";
import { ServiceGroup } from "./service_group.ts";
import type { ServiceRuntime } from "./service_runtime.ts";

/** A service that can be run as a process: it stands on a {@link ServiceRuntime}. */
export interface RunnableService extends Service {
  /** What it stands on; that of the first service tells the times of the shutdown and where lines go. */
  readonly runtime: ServiceRuntime;
  /** Turns callers away and goes on answering; called when the stop begins. */
  markNotReady?(): void | Promise<void>;
}

/** A service, or a function that makes it. */
export type ServiceSource = RunnableService | (() => RunnableService | Promise<RunnableService>);

/**
 * Runs services until the process is asked to stop: starts them, and on SIGTERM or SIGINT turns callers away, goes on answering
 * for `Shutdown.WrapUpTime`, stops them, and returns. A second signal ends the process at once.
 *
 * If one cannot start, a line on stderr says why and the process ends with code 1. An error nobody foresaw is shown with its
 * stack.
 *
 * @param sources The services, or functions that make them, so that what goes wrong while they read their configuration is
 * told in the same way.
 */
export async function runServices(...sources: readonly ServiceSource[]): Promise<void> {
  try {
    const services: RunnableService[] = [];
    for (const source of sources) {
      services.push(typeof source === "function" ? await source() : source);
    }
    await run(services);
  } catch (error) {
    console.error(error instanceof ServiceError ? error.message : error);
    Deno.exit(1);
  }
}

async function run(services: readonly RunnableService[]): Promise<void> {
  const first = services[0];
  if (!first) throw new TypeError("Cannot run services: there is none");
  const { shutdown, log } = first.runtime;
  const group = new ServiceGroup();
  for (const service of services) {
    group.add(service);
    shutdown.onWrapUp(async () => {
      try {
        await service.markNotReady?.();
      } catch (error) {
        log.error(`Cannot turn callers of ${service.name} away`, { error });
      }
    });
  }
  await group.run({ shutdown, logger: log });
}
