/**
 * A gateway as a program.
 *
 * @module
 */

import type { RunnableService } from "../../core/service/run_services.ts";
import type { ServiceRuntime } from "../../core/service/service_runtime.ts";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { NotFoundError } from "../../rest/errors.ts";
import type { Handler, Middleware } from "../../rest/handler.ts";
import { formatProblem } from "../../rest/response/problem.ts";
import { Server, type ServerOptions } from "../../rest/server.ts";
import type { RpcClientOptions } from "../client/options.ts";
import type { ServiceInfo } from "../method.ts";
import { type GatewayConf, gatewayConfig, type GatewayConfInput } from "./config.ts";
import { gatewayErrors } from "./format_error.ts";
import { withDefaults } from "./gateway_routes.ts";
import { LiveRoutes } from "./live_routes.ts";
import type { CallSource, GatewayService } from "./method.ts";
import type { GatewayRouteOptions } from "./options.ts";
import { serviceOfInfo } from "./service/described_service.ts";
import { type Dialer, dialWith } from "./upstream/dial.ts";
import { isTransient, learnLater } from "./upstream/learn_later.ts";
import { Upstream } from "./upstream/upstream.ts";

/** Options of a {@link Gateway}, beside its configuration. */
export interface GatewayOptions extends GatewayRouteOptions {
  /** Options of the clients of `Upstreams`, such as who finds what is registered. */
  readonly client?: RpcClientOptions | undefined;
  /** Makes what calls `Upstreams`. @default {an `RpcClient` with the options of `client`} */
  readonly dial?: Dialer | undefined;
  /** Options of its HTTP server. */
  readonly server?: ServerOptions | undefined;
  /** Middleware of every route of the gateway, inside the chain; the first runs first. */
  readonly middleware?: readonly Middleware[] | undefined;
}

/**
 * An HTTP server before RPC services: plain HTTP by `google.api.http`, Connect and gRPC-Web come in, calls go out.
 *
 * Services are those of `Upstreams` of its configuration, which are asked what they serve when it starts, and those that are
 * added. Around every call is the default chain of `rest`.
 *
 * @example A service of this process
 * ```ts no-assert
 * import { Gateway } from "@zeno/zeno/rpc/gateway";
 * import { RpcClient } from "@zeno/zeno/rpc";
 *
 * await using client = new RpcClient({ Target: "inproc:///greet" });
 * await using gateway = new Gateway({ Name: "gateway", Port: 0, Log: { Level: "severe" } });
 * // gateway.add(greeterService, client);
 * await gateway.start();
 * ```
 */
export class Gateway implements RunnableService, AsyncDisposable {
  /** The HTTP server, for routes and middleware of your own. */
  readonly server: Server;
  readonly #options: GatewayOptions;
  readonly #services: GatewayService[] = [];
  #config: GatewayConf;
  readonly #routes: LiveRoutes;
  /** Ends what goes on in the background. */
  readonly #ending = new AbortController();
  #upstreams: readonly Upstream[] = [];
  #connecting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * Makes a gateway that does not listen yet.
   *
   * @throws {ValidationError} If `config` is not valid.
   */
  constructor(config: GatewayConfInput, options: GatewayOptions = {}) {
    const { server = {}, middleware = [], route } = options;
    this.#config = gatewayConfig.parse(config, { durationMs: true });
    this.#options = {
      ...options,
      route: { ...route, middleware: [...middleware, ...route?.middleware ?? []] },
    };
    this.server = new Server(this.#config, {
      configSchema: gatewayConfig,
      ...server,
      formatError: gatewayErrors(server.formatError ?? formatProblem),
      notFound: this.#notFound(server.notFound),
    });
    this.#routes = new LiveRoutes(this.server);
  }

  /** The configuration, with all defaults. */
  get config(): GatewayConf {
    return this.#config;
  }

  /** What the server stands on. */
  get runtime(): ServiceRuntime {
    return this.server.runtime;
  }

  /** The name of the service. */
  get name(): string {
    return this.server.name;
  }

  /** Where it listens; throws before `start`. */
  get address(): { readonly hostname: string; readonly port: number } {
    return this.server.address;
  }

  /** Resolves when it has stopped. */
  get finished(): Promise<void> {
    return this.server.finished;
  }

  /**
   * Adds a service of generated code, before `start`.
   *
   * @param source Makes the calls: a connection of any transport, or a client.
   * @throws {TypeError} If its messages do not tell their fields.
   */
  add(service: ServiceInfo, source: CallSource): this {
    this.#services.push(serviceOfInfo(service, source));
    return this;
  }

  /** Answers one request without a socket, for tests and for mounting; after `start` or {@link connect}. */
  fetch(request: Request): Promise<Response> {
    return this.server.fetch(request);
  }

  /**
   * Connects to all upstreams at once and adds their routes, once; `start` does it. An upstream that is to be asked what it serves, and
   * is not there, is asked again until it is; meanwhile paths that nobody else has are answered with 503.
   *
   * @throws {ServiceError | TypeError | SyntaxError} If one cannot be had at all, or routes are wrong.
   */
  connect(): Promise<void> {
    return this.#connecting ??= this.#connect();
  }

  async #connect(): Promise<void> {
    const { client = {}, dial = dialWith({ log: this.server.log, ...client }), route } =
      this.#options;
    const opened = this.config.Upstreams.map((conf) => Upstream.open(conf, dial));
    const results = await Promise.allSettled(opened);
    // All are kept, so that all are closed if one failed.
    this.#upstreams = results.flatMap((it) => it.status === "fulfilled" ? [it.value] : []);
    await Promise.all(opened);
    await Promise.all(this.#upstreams.map((upstream) => this.#learn(upstream)));
    this.#serve();
    for (const upstream of this.#upstreams) {
      this.server.addRoutes(upstream.routes, withDefaults({}, route));
      if (!upstream.isKnown) this.#learnLater(upstream);
    }
  }

  /**
   * Asks all upstreams again what they serve, and reads descriptor sets again: for services that were deployed anew. Calls that
   * are under way go on as they began.
   *
   * @throws {ServiceError | TypeError | SyntaxError} If one cannot tell, or routes would be wrong; what was known is served on.
   */
  async refresh(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.learn()));
    this.#serve();
  }

  /**
   * Connects, then listens.
   *
   * @throws {ServiceError | TypeError | SyntaxError} If that fails; what was opened is closed.
   */
  async start(): Promise<void> {
    try {
      await this.connect();
      await this.server.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Takes what of another configuration can change while it runs: level of the log, limits and time limits. Upstreams stay.
   *
   * @throws {ValidationError} If it is not valid; nothing has changed then.
   */
  reload(config: GatewayConfInput): void {
    const next = gatewayConfig.parse(config, { durationMs: true });
    this.server.reload(next);
    this.#config = { ...this.server.config, Upstreams: this.#config.Upstreams };
  }

  /** Turns callers away and goes on answering; called when the stop begins. */
  markNotReady(): void {
    this.server.markNotReady();
  }

  /** Stops the HTTP server, then closes all upstreams. */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** Stops it; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Of a path that nobody has it cannot be said that it is not there while somebody is still to be asked. */
  #notFound(own: Handler | undefined): Handler {
    return (request, context) => {
      const unknown = this.#upstreams.filter(({ isKnown }) => !isKnown).map(({ name }) => name);
      if (unknown.length === 0) {
        if (own) return own(request, context);
        throw new NotFoundError(context.path);
      }
      const problem = `${unknown.join(", ")} cannot be asked yet what it serves`;
      throw new ServiceError("unavailable", `Cannot find route: ${problem}`, {
        retryAfterMs: 1_000,
      });
    };
  }

  #serve(): void {
    const services = [...this.#services, ...this.#upstreams.flatMap(({ services }) => services)];
    const mappings = this.#upstreams.flatMap(({ mappings }) => mappings);
    this.#routes.serve(services, { ...this.#options, mappings });
  }

  /** Leaves for later what is not there now. */
  async #learn(upstream: Upstream): Promise<void> {
    try {
      await upstream.learn();
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.server.log.error(`${ServiceError.from(error).message}; asking again until it answers`);
    }
  }

  #learnLater(upstream: Upstream): void {
    const { clock = systemClock } = this.#options.server ?? {};
    const { signal } = this.#ending;
    const onLearned = () => this.#serve();
    // It settles when the gateway stops, at the latest, and never rejects.
    void learnLater(upstream, { onLearned, signal, clock, log: this.server.log });
  }

  async #stop(): Promise<void> {
    this.#ending.abort();
    await this.server.stop();
    await Promise.all(this.#upstreams.map((upstream) => upstream[Symbol.asyncDispose]()));
  }
}
