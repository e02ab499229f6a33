/**
 * The HTTP server.
 *
 * @module
 */

import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/log/logger.ts";
import { guardProcess } from "../core/proc/process_guard.ts";
import { HealthRegistry, type Probe } from "../core/proc/health.ts";
import { shutdownTimes } from "../core/service/config.ts";
import type { Service } from "../core/service/service.ts";
import type { MetricRegistry } from "../core/metric/registry.ts";
import { type ChainLayer, defaultChain } from "./chain.ts";
import { type RestConf, restConfig, type RestConfInput } from "./config.ts";
import type { ConnectionInfo } from "./context.ts";
import { createEnvironment, disposeEnvironment } from "./create_environment.ts";
import type { DecisionLog } from "./decision_log.ts";
import { Engine } from "./engine.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { Handler, Middleware } from "./handler.ts";
import { healthRoute } from "./health.ts";
import { listen } from "./listener/listen.ts";
import type { Dispatch, Listener } from "./listener/listener.ts";
import { readTls } from "./listener/tls.ts";
import type { ErrorFormatter } from "./response/problem.ts";
import type { Route, RouteGroup, RouteInfo, RouteOptions } from "./route.ts";

/** Options of a {@link Server}, beside its configuration. */
export interface ServerOptions {
  /** Makes the answer for an error. @default {formatProblem} */
  formatError?: ErrorFormatter;
  /** Answers paths that no route has. @default {a 404 problem} */
  notFound?: Handler;
  /** The chain around every route, outermost first. @default {defaultChain} */
  chain?: readonly ChainLayer[];
  /** Where lines go. @default {a logger made from the configuration's `Log`} */
  log?: Logger;
  /** Where the figures of requests go. @default {defaultRegistry} */
  metrics?: MetricRegistry;
  /** Probes that decide readiness; share one between the servers of a process. @default {its own} */
  health?: HealthRegistry;
  /** Path of the health route, or false for none. @default {"/healthz"} */
  healthPath?: string | false;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * An HTTP server with the default chain around every route.
 *
 * Routes are added first, then `start` listens. `stop` drains. Without listening, `fetch` answers requests,
 * which serves tests and mounting in another server.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { json } from "./response/json.ts";
 * await using server = new Server({ Name: "greet", Port: 0, Log: { Level: "severe" } });
 * server.get("/hello/:name", (_request, context) => json({ hello: context.params.name }));
 * const response = await server.fetch(new Request("http://localhost/hello/you"));
 * assertEquals(await response.json(), { hello: "you" });
 * ```
 */
export class Server implements Service, AsyncDisposable {
  /** The configuration, with all defaults. */
  readonly config: RestConf;
  readonly #environment: ServerEnvironment;
  readonly #engine: Engine;
  readonly #health: HealthRegistry;
  readonly #draining = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #ownsLog: boolean;
  #listener: Listener | undefined;
  #guard: Disposable | undefined;
  #probe: Probe | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * Makes a server that does not listen yet.
   *
   * @throws {ValidationError} If `config` is not valid.
   */
  constructor(config: RestConfInput, options: ServerOptions = {}) {
    const { health = new HealthRegistry(), healthPath = "/healthz" } = options;
    this.config = restConfig.parse(config);
    this.#health = health;
    this.#ownsLog = !options.log;
    this.#environment = createEnvironment(this.config, this.#draining.signal, options);
    this.#engine = new Engine({
      layers: options.chain ?? defaultChain,
      defaults: routeDefaults(this.config),
      environment: this.#environment,
      notFound: options.notFound,
    });
    if (healthPath !== false) this.addRoutes([healthRoute(healthPath, health)]);
  }

  /** The service's name. */
  get name(): string {
    return this.config.Name;
  }

  /** The service's logger. */
  get log(): Logger {
    return this.#environment.log;
  }

  /** Why requests were refused, by the id that the refused caller was told. */
  get decisions(): DecisionLog {
    return this.#environment.decisions;
  }

  /** Where the server listens; throws before `start`. */
  get address(): { readonly hostname: string; readonly port: number } {
    if (!this.#listener) throw new TypeError("Cannot tell address: the server is not listening");
    return this.#listener.address;
  }

  /** Resolves when the server has stopped. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Adds routes.
   *
   * @throws {SyntaxError} If a method or path is malformed.
   * @throws {TypeError} If a route is there already.
   */
  addRoutes(routes: readonly Route[], group: RouteGroup = {}): this {
    for (const route of routes) this.#engine.add(route, group);
    return this;
  }

  /** Adds middleware for all routes, those already there included; the first added runs first. */
  use(...middleware: readonly Middleware[]): this {
    this.#engine.use(middleware);
    return this;
  }

  /** Adds a GET route; it answers HEAD too. */
  get(path: string, handler: Handler, options: RouteOptions = {}): this {
    return this.addRoutes([{ ...options, method: "GET", path, handler }]);
  }

  /** Adds a POST route. */
  post(path: string, handler: Handler, options: RouteOptions = {}): this {
    return this.addRoutes([{ ...options, method: "POST", path, handler }]);
  }

  /** Adds a PUT route. */
  put(path: string, handler: Handler, options: RouteOptions = {}): this {
    return this.addRoutes([{ ...options, method: "PUT", path, handler }]);
  }

  /** Adds a PATCH route. */
  patch(path: string, handler: Handler, options: RouteOptions = {}): this {
    return this.addRoutes([{ ...options, method: "PATCH", path, handler }]);
  }

  /** Adds a DELETE route. */
  delete(path: string, handler: Handler, options: RouteOptions = {}): this {
    return this.addRoutes([{ ...options, method: "DELETE", path, handler }]);
  }

  /** The routes, in the order they were added. */
  routes(): RouteInfo[] {
    return this.#engine.routes();
  }

  /** Answers one request without a socket. `info` says who sent it, where somebody knows. */
  fetch(request: Request, info?: ConnectionInfo): Promise<Response> {
    return Promise.resolve(this.#engine.dispatch(request, info));
  }

  /**
   * Listens, and resolves when requests are being answered.
   *
   * @throws {ServiceError} If it cannot listen; the message says where and what to do.
   */
  async start(): Promise<void> {
    if (this.#listener || this.#stopping) {
      throw new TypeError("Cannot start server: it was started before");
    }
    const { Host, Port, CertFile, KeyFile } = this.config;
    const tls = CertFile || KeyFile ? await readTls(CertFile, KeyFile) : undefined;
    const dispatch: Dispatch = (request, info) => this.#engine.dispatch(request, info);
    this.#listener = await listen(dispatch, { hostname: Host, port: Port, tls });
    this.#guard = guardProcess({ logger: this.log });
    const where = `${Host}:${this.address.port}`;
    this.#probe = this.#health.register(`rest-${where}`);
    this.#probe.markReady();
    this.log.info(`Serving ${this.name} at ${where}`);
  }

  /** Fails the readiness probe and goes on answering, so that load balancers turn away first. */
  markNotReady(): void {
    this.#probe?.markNotReady();
  }

  /**
   * Stops: readiness fails, event streams end, no connection is accepted, and the requests in flight are
   * answered. Those that are not when `Shutdown.WaitTime` runs out have their signals aborted, and half a
   * second later the wait ends, so that it fits in the time the process has.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** Stops the server; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.markNotReady();
    this.#draining.abort();
    if (this.#listener) await this.#drain(this.#listener);
    disposeEnvironment(this.#environment);
    this.#guard?.[Symbol.dispose]();
    this.#probe?.[Symbol.dispose]();
    if (this.#ownsLog) await this.log[Symbol.asyncDispose]();
    this.#finished.resolve();
  }

  async #drain(listener: Listener): Promise<void> {
    const { clock, live, log } = this.#environment;
    // The listener must never be aborted once it shuts down: the runtime would end the process.
    const closed = listener.shutdown();
    using patience = new Patience(clock);
    if (await patience.outlasts(closed, drainMs(this.config))) return;
    log.error(`Cannot stop in time: aborting ${live.size} requests in flight`);
    for (const context of live) {
      context.abort(new DOMException("The server is stopping", "AbortError"));
    }
    await patience.outlasts(closed, FORCED_STOP_MS);
  }
}

/** Milliseconds that requests in flight get: what is left of the wait when wrap-up and a forced stop are taken off. */
function drainMs(config: RestConf): number {
  const { wrapUpMs = 1_000, waitMs = 5_500 } = shutdownTimes(config.Shutdown);
  return Math.max(0, waitMs - wrapUpMs - FORCED_STOP_MS);
}

/** Milliseconds that aborted requests get to end. */
const FORCED_STOP_MS = 500;

/** Waits for something, but not for ever. */
class Patience implements Disposable {
  readonly #clock: Clock;
  readonly #controller = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether `promise` resolves within `limitMs`. */
  outlasts(promise: Promise<void>, limitMs: number): Promise<boolean> {
    const { signal } = this.#controller;
    return Promise.race([
      promise.then(() => true),
      this.#clock.sleep(limitMs, { signal }).then(() => false, () => false),
    ]);
  }

  [Symbol.dispose](): void {
    this.#controller.abort();
  }
}

function routeDefaults(config: RestConf) {
  return {
    timeoutMs: Math.max(0, config.Timeout),
    maxBytes: Math.max(0, config.MaxBytes),
    maxConns: Math.max(0, config.MaxConns),
    priority: false,
    criticality: "normal" as const,
    watchDisconnect: false,
    layers: config.Middlewares,
  };
}
