/**
 * The HTTP server.
 *
 * @module
 */

import type { DecisionLog } from "../core/admin/decision_log.ts";
import type { DebugRegistry } from "../core/admin/debug_registry.ts";
import type { Clock } from "../core/clock.ts";
import { LiveConfig } from "../core/conf/center/live_config.ts";
import type { Logger } from "../core/log/logger.ts";
import { guardProcess } from "../core/proc/process_guard.ts";
import type { HealthRegistry, Probe } from "../core/proc/health.ts";
import { drainMs, FORCED_STOP_MS, within } from "../core/service/drain.ts";
import type { Service } from "../core/service/service.ts";
import { ServiceRuntime, type ServiceRuntimeOptions } from "../core/service/service_runtime.ts";
import type { MetricRegistry } from "../core/metric/registry.ts";
import { isSupervised } from "../core/worker/worker_link.ts";
import { type ChainLayer, defaultChain } from "./chain.ts";
import { type RestConf, restConfig, type RestConfInput } from "./config.ts";
import type { ConnectionInfo } from "./context.ts";
import {
  changeEnvironment,
  createEnvironment,
  disposeEnvironment,
  showState,
} from "./create_environment.ts";
import { Engine } from "./engine.ts";
import type { ServerEnvironment } from "./environment.ts";
import type { Handler, Middleware } from "./handler.ts";
import { healthRoute } from "./health.ts";
import { listen } from "./listener/listen.ts";
import type { Listener } from "./listener/listener.ts";
import { readTls } from "./listener/tls.ts";
import { type FetchHandler, mounted, type MountedOptions } from "./mount.ts";
import type { ErrorFormatter } from "./response/problem.ts";
import type { Envelope } from "./response/respond.ts";
import type { Route, RouteGroup, RouteInfo, RouteOptions } from "./route.ts";
import { LIVE_KEYS, routeDefaults } from "./route_defaults.ts";
import type { Answerer, AnswerWrapper } from "./security/answer_headers.ts";

/** Options of a {@link Server}, beside its configuration. */
export interface ServerOptions {
  /** Makes the answer for an error. @default {formatProblem} */
  formatError?: ErrorFormatter;
  /** Wraps what handlers answer with `respond`. @default {nothing does} */
  envelope?: Envelope;
  /** Goes around every answer, routed or not, such as `cors` of `rest/security`. @default {nothing} */
  cors?: AnswerWrapper;
  /** Answers paths that no route has. @default {a 404 problem} */
  notFound?: Handler;
  /** The chain around every route, outermost first. @default {defaultChain} */
  chain?: readonly ChainLayer[];
  /** Where lines go. @default {a logger made from the configuration's `Log`} */
  log?: Logger;
  /** Where the figures of requests go. @default {defaultRegistry} */
  metrics?: MetricRegistry;
  /** Where the state of the server is shown. @default {defaultDebugRegistry} */
  debug?: DebugRegistry;
  /** The schema that the configuration was read with, if it has more than a server's: its secrets are masked. */
  configSchema?: ServiceRuntimeOptions["configSchema"];
  /** More about tracing: a gRPC transport, more facts about the process. */
  telemetry?: ServiceRuntimeOptions["telemetry"];
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
  /** What the service stands on: log, metrics, traces, dev server, the times of its shutdown. */
  readonly runtime: ServiceRuntime;
  readonly #config: LiveConfig<RestConf>;
  #environment: ServerEnvironment;
  readonly #engine: Engine;
  readonly #answer: Answerer<ConnectionInfo | undefined>;
  readonly #draining = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  #listener: Listener | undefined;
  #guard: Disposable | undefined;
  #probe: Probe | undefined;
  #shown: Disposable | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * Makes a server that does not listen yet.
   *
   * @throws {ValidationError} If `config` is not valid.
   */
  constructor(config: RestConfInput, options: ServerOptions = {}) {
    const { healthPath = "/healthz", configSchema = restConfig } = options;
    const parsed = restConfig.parse(config, { durationMs: true });
    // The program's own sections stay, for the page that shows the configuration.
    const whole: RestConf = Object.assign({}, config, parsed);
    this.runtime = new ServiceRuntime(whole, { ...options, configSchema });
    this.#config = new LiveConfig(parsed, { live: LIVE_KEYS, logger: this.runtime.log });
    this.#environment = createEnvironment(
      this.config,
      this.runtime,
      this.#draining.signal,
      options,
    );
    this.#engine = new Engine({
      layers: options.chain ?? defaultChain,
      defaults: routeDefaults(this.config),
      environment: this.#environment,
      notFound: options.notFound,
    });
    const dispatch: Answerer<ConnectionInfo | undefined> = (request, info) =>
      this.#engine.dispatch(request, info);
    this.#answer = options.cors?.(dispatch) ?? dispatch;
    if (healthPath !== false) this.addRoutes([healthRoute(healthPath, this.runtime.health)]);
  }

  /** The configuration as it holds now, with all defaults. */
  get config(): RestConf {
    return this.#config.value;
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

  /**
   * Adds a handler for all that is at and below `prefix` and that no route has, whatever the method; of two that fit the
   * longer prefix wins.
   *
   * @throws {SyntaxError} If `prefix` is malformed.
   * @throws {TypeError} If something is there already.
   */
  handle(prefix: string, handler: Handler, options: RouteOptions = {}): this {
    this.#engine.handle(prefix, handler, options);
    return this;
  }

  /**
   * Mounts an application of another framework, or anything shaped like a fetch handler, below `prefix`, with the chain
   * around it.
   *
   * @throws {SyntaxError} If `prefix` is malformed.
   * @throws {TypeError} If something is there already.
   */
  mount(prefix: string, app: FetchHandler, options: RouteOptions & MountedOptions = {}): this {
    return this.handle(prefix, mounted(prefix, app, options), options);
  }

  /**
   * Takes a configuration that has changed while the server runs: the level of the log, time limits, other limits and the
   * switches of the chain. What routes and groups say of themselves stays. Requests in flight end as they began, and count on.
   *
   * What else has changed is named in the log, once, and waits for the next start.
   *
   * @throws {ValidationError} If it is not valid; nothing has changed then.
   * @example Follow a file
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ConfigCenter, MemoryConfigSource, textParser } from "@zeno/zeno/core/conf/center";
   * import { restConfig, Server } from "@zeno/zeno/rest";
   *
   * const source = new MemoryConfigSource("{Name: greet, Port: 0, Log: {Level: severe}}"); // Or a FileConfigSource.
   * await using center = await ConfigCenter.open(source, textParser(restConfig));
   * await using server = new Server(center.get());
   * using _reload = center.attach(server);
   *
   * source.set("{Name: greet, Port: 0, Timeout: 500, Log: {Level: severe}}");
   * assertEquals(server.config.Timeout, 500);
   * ```
   */
  reload(config: RestConfInput): void {
    const before = this.config;
    const next = restConfig.parse(config, { durationMs: true });
    if (this.#stopping || !this.#config.take(next)) return;
    const { config: now, runtime } = this;
    if (now.Log.Level !== before.Log.Level) this.log.setLevel(now.Log.Level);
    const environment = changeEnvironment(this.#environment, before, now, runtime);
    this.#environment = environment;
    this.#engine.configure({ defaults: routeDefaults(now), environment });
    Object.assign(runtime.config, now); // What the admin pages show.
    if (this.#shown) this.#show();
  }

  /** The routes, in the order they were added. */
  routes(): RouteInfo[] {
    return this.#engine.routes();
  }

  /** Answers one request without a socket. `info` says who sent it, where somebody knows. */
  fetch(request: Request, info?: ConnectionInfo): Promise<Response> {
    return Promise.resolve(this.#answer(request, info));
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
    const { Host, Port, CertFile, KeyFile, Listener: listener } = this.config;
    const tls = CertFile || KeyFile ? await readTls(CertFile, KeyFile) : undefined;
    await this.runtime.start();
    const onWarning = (message: string) => this.log.error(message);
    const sharePort = isSupervised();
    const options = { hostname: Host, port: Port, tls, listener, sharePort, onWarning };
    this.#listener = await listen(this.#answer, options);
    this.#show();
    this.#guard = guardProcess({ logger: this.log });
    const where = `${Host}:${this.address.port}`;
    this.#probe = this.runtime.health.register(`rest-${where}`);
    this.#probe.markReady();
    this.log.info(`Serving ${this.name} at ${where}`);
  }

  /** Fails the readiness probe and goes on answering, so that load balancers and clients turn away first. */
  markNotReady(): void {
    this.#probe?.markNotReady();
    this.#listener?.announceEnd();
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
    this.#shown?.[Symbol.dispose]();
    await this.runtime[Symbol.asyncDispose]();
    this.#finished.resolve();
  }

  #show(): void {
    this.#shown?.[Symbol.dispose]();
    this.#shown = showState(this.runtime.debug, this.#environment, () => this.routes());
  }

  async #drain(listener: Listener): Promise<void> {
    const { clock, live, log } = this.#environment;
    // The listener must never be aborted once it shuts down: the runtime would end the process.
    const closed = listener.shutdown();
    if (await within(clock, closed, drainMs(this.config))) return;
    log.error(`Cannot stop in time: aborting ${live.size} requests in flight`);
    live.abort(new DOMException("The server is stopping", "AbortError"));
    if (await within(clock, closed, FORCED_STOP_MS)) return;
    listener.close();
  }
}
