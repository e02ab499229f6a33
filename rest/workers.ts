/**
 * A server that several JavaScript threads serve.
 *
 * @module
 */

import { ServiceError } from "../core/errors.ts";
import { shutdownTimes } from "../core/service/config.ts";
import { ServiceGroup } from "../core/service/service_group.ts";
import type { Service } from "../core/service/service.ts";
import type { WorkerLink } from "../core/worker/worker_link.ts";
import { WorkerPool } from "../core/worker/worker_pool.ts";
import type { Server } from "./server.ts";

/** Time that is kept of a shutdown's for ending workers that did not end themselves, in ms. */
const MARGIN_MS = 250;

/**
 * Supervises the workers of a server until the process is asked to stop. The server itself does not listen here: it lends its
 * log, its dev server, which shows what all workers count together, and its readiness.
 *
 * @param module What each worker runs: the program itself.
 */
export async function superviseWorkers(
  server: Server,
  module: string,
  count: number,
): Promise<void> {
  const { log, runtime, config } = server;
  if (config.Port === 0) {
    throw new ServiceError(
      "failed_precondition",
      "Cannot share port between workers: Port is 0; give it a number, or set Workers to 1",
    );
  }
  const pool = new WorkerPool({ module, count, logger: log });
  runtime.scraped = pool;
  const probe = runtime.health.register(`rest-${config.Host}:${config.Port}`);
  using _shown = showWorkers(server, pool, count);
  const service: Service = {
    name: server.name,
    async start() {
      await runtime.start();
      await pool.start();
      probe.markReady();
      log.info(`Serving ${server.name} at ${config.Host}:${config.Port} with ${count} workers`);
    },
    stop: () => pool.stop(stopMs(server)),
    finished: pool.finished,
  };
  runtime.shutdown.onWrapUp(() => probe.markNotReady());
  await new ServiceGroup().add(service).run({ shutdown: runtime.shutdown, logger: log });
  await server.stop();
}

/** Runs a server in a worker until its supervisor, or the system, asks it to stop. */
export async function runWorker(
  make: () => Server | Promise<Server>,
  link: WorkerLink,
): Promise<void> {
  try {
    const server = await make();
    const { log, runtime } = server;
    // A signal reaches every thread; the supervisor has waited for the wrap-up already.
    link.stopping.then(() => server.stop());
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const service: Service = {
      name: server.name,
      start: () => server.start().then(resolve),
      stop: () => server.stop(),
      finished: server.finished,
    };
    started.then(() => link.ready({ metrics: runtime.metrics, debug: runtime.debug }));
    await new ServiceGroup().add(service).run({ shutdown: runtime.shutdown, logger: log });
    link.stopped();
  } catch (error) {
    link.failed(error instanceof Error ? error.message : String(error));
  }
}

/** Milliseconds that workers get for what they have in hand. */
function stopMs({ config }: Server): number {
  const { wrapUpMs = 1_000, waitMs = 5_500 } = shutdownTimes(config.Shutdown);
  return Math.max(0, waitMs - wrapUpMs - MARGIN_MS);
}

/** Shows the state of each worker's parts on the admin pages: that of the last look, for a page cannot wait. */
function showWorkers(server: Server, pool: WorkerPool, count: number): Disposable {
  const { debug } = server.runtime;
  const parts = new DisposableStack();
  let states: Awaited<ReturnType<WorkerPool["state"]>> = new Map();
  const look = () => void pool.state().then((latest) => states = latest);
  for (const topic of ["routes", "breakers", "shedder", "decisions"]) {
    for (let number = 1; number <= count; number++) {
      const read = () => {
        look();
        return states.get(number)?.[topic]?.[server.name] ?? [];
      };
      parts.use(debug.register(topic, `${server.name} worker ${number}`, read));
    }
  }
  parts.use(debug.register("workers", server.name, () => ({ count, ready: pool.readyCount })));
  return parts;
}
