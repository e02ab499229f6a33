/**
 * The RPC server.
 *
 * @module
 */

import type { DebugRegistry } from "../../core/admin/debug_registry.ts";
import type { DecisionLog } from "../../core/admin/decision_log.ts";
import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import { guardProcess } from "../../core/proc/process_guard.ts";
import type { HealthRegistry } from "../../core/proc/health.ts";
import { drainMs, FORCED_STOP_MS, within } from "../../core/service/drain.ts";
import type { Service } from "../../core/service/service.ts";
import { ServiceRuntime, type ServiceRuntimeOptions } from "../../core/service/service_runtime.ts";
import type { TokenStore } from "../interceptor/server/token_store.ts";
import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import type { ServerTransport, TransportListener } from "../transport/transport.ts";
import { defaultServerChain, type ServerLayer } from "./chain.ts";
import { type RpcServerConf, rpcServerConfig, type RpcServerConfInput } from "./config.ts";
import { createEnvironment, showState } from "./create_environment.ts";
import type { RpcEnvironment } from "./environment.ts";
import type { Implementation, ServerInterceptor } from "./handler.ts";
import { MethodBook } from "./method_book.ts";
import type { Registrar } from "./registrar.ts";
import { Registration } from "./registration.ts";
import { serverTransportOf } from "./server_transport_of.ts";
import { stopListener } from "./stop_listener.ts";

/** Options of an {@link RpcServer}, beside its configuration. */
export interface RpcServerOptions {
  /** What carries calls. @default {gRPC, or within the process if `ListenOn` begins with `inproc:`} */
  transport?: ServerTransport;
  /** Where the server makes itself known once it listens; several if it is known in several places. @default {in the etcd of the configuration, if it has one} */
  registrars?: readonly Registrar[];
  /** The tokens of callers, for `Auth`. */
  tokens?: TokenStore;
  /** Whether tools may ask what there is. @default {in the modes `dev` and `test`} */
  reflection?: boolean;
  /** The chain around every method, outermost first. @default {defaultServerChain} */
  chain?: readonly ServerLayer[];
  /** Where lines go. @default {a logger made from the configuration's `Log`} */
  log?: Logger;
  /** Where the figures of calls go. @default {defaultRegistry} */
  metrics?: MetricRegistry;
  /** Where the state of the server is shown. @default {defaultDebugRegistry} */
  debug?: DebugRegistry;
  /** The schema that the configuration was read with, if it has more than a server's: its secrets are masked. */
  configSchema?: ServiceRuntimeOptions["configSchema"];
  /** More about tracing. */
  telemetry?: ServiceRuntimeOptions["telemetry"];
  /** Probes that decide readiness; share one between the servers of a process. @default {its own} */
  health?: HealthRegistry;
  /** Time source. @default {systemClock} */
  clock?: Clock;
}

/**
 * A server of RPC services with the default chain around every method.
 *
 * Services are added first, then `start` listens. `stop` drains.
 *
 * @example
 * ```ts no-assert
 * import { RpcServer } from "@zeno/zeno/rpc";
 * await using server = new RpcServer({ Name: "greet", ListenOn: "inproc:///greet", Log: { Level: "severe" } });
 * // server.add(greeterService, { say: ({ name }) => ({ text: `Hello ${name}` }) });
 * await server.start();
 * ```
 */
export class RpcServer implements Service, AsyncDisposable {
  /** The configuration, with all defaults. */
  readonly config: RpcServerConf;
  /** What the service stands on: log, metrics, traces, dev server, the times of its shutdown. */
  readonly runtime: ServiceRuntime;
  readonly #options: RpcServerOptions;
  readonly #environment: RpcEnvironment;
  readonly #methods: MethodBook;
  readonly #draining = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #parts = new DisposableStack();
  #started = false;
  #listener: TransportListener | undefined;
  #registration: Registration | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * Makes a server that does not listen yet.
   *
   * @throws {ValidationError} If `config` is not valid.
   * @throws {TypeError} If `Auth` is on and there is no token store.
   */
  constructor(config: RpcServerConfInput, options: RpcServerOptions = {}) {
    const { configSchema = rpcServerConfig, chain = defaultServerChain } = options;
    this.config = rpcServerConfig.parse(config, { durationMs: true });
    this.#options = options;
    this.runtime = new ServiceRuntime(this.config, { ...options, configSchema });
    const { signal } = this.#draining;
    this.#environment = createEnvironment(this.config, this.runtime, signal, options);
    const { Health, Mode } = this.config;
    const { reflection = Mode === "dev" || Mode === "test" } = options;
    this.#methods = new MethodBook(chain, this.#environment, { health: Health, reflection });
  }

  /** The service's name. */
  get name(): string {
    return this.config.Name;
  }

  /** The service's logger. */
  get log(): Logger {
    return this.#environment.log;
  }

  /** Why calls were refused, by the id that the refused caller was told. */
  get decisions(): DecisionLog {
    return this.#environment.decisions;
  }

  /** Where the server listens, `host:port`; throws before `start`. */
  get address(): string {
    if (!this.#listener) throw new TypeError("Cannot tell address: the server is not listening");
    return this.#listener.address;
  }

  /** Resolves when the server has stopped. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /**
   * Adds a service with the functions that answer its methods.
   *
   * @throws {TypeError} If it is there already, if a function is missing, or if the server was started.
   */
  add<M extends Methods>(service: ServiceInfo<M>, implementation: Implementation<M>): this {
    this.#refuseIfStarted(`add service ${service.typeName}`);
    this.#methods.add(service, implementation);
    return this;
  }

  /**
   * Adds interceptors for all methods, those already there included; the first added runs first, and all run within the
   * default chain.
   *
   * @throws {TypeError} If the server was started.
   */
  use(...interceptors: readonly ServerInterceptor[]): this {
    this.#refuseIfStarted("add interceptors");
    this.#methods.use(interceptors);
    return this;
  }

  /** The methods, in the order they were added. */
  methods(): MethodInfo[] {
    return this.#methods.methods();
  }

  /**
   * Listens, and resolves when calls are being answered and the server is known where it is to be.
   *
   * @throws {ServiceError} If it cannot listen; the message says where and what to do.
   */
  async start(): Promise<void> {
    this.#refuseIfStarted("start server");
    this.#started = true;
    const { config, log, runtime } = this;
    const { transport = await serverTransportOf(config, log) } = this.#options;
    await runtime.start();
    const served = this.#methods.served();
    const onError = (error: unknown, { path }: MethodInfo) =>
      log.error(`Cannot send answer of ${path}`, { error });
    this.#listener = await transport.listen(served, config.ListenOn, { onError });
    const { parts } = this.#environment;
    parts.use(
      showState(runtime.debug, this.#environment, () => this.methods().map(({ path }) => path)),
    );
    this.#parts.use(guardProcess({ logger: log }));
    const probe = this.#parts.use(runtime.health.register(`zrpc-${config.ListenOn}`));
    const { registrars = await registrarsOf(config, log) } = this.#options;
    // Only now: whoever is told of the server calls it.
    this.#registration = await Registration.make(registrars, config.ListenOn, this.address);
    this.#methods.health.set("", true);
    probe.markReady();
    this.#parts.defer(() => probe.markNotReady());
    log.info(`Serving ${this.name} at ${this.address}`);
  }

  /**
   * Takes the server from where it is known, and goes on answering, so that callers turn away first. Resolves when nobody
   * is told of it any more.
   */
  async markNotReady(): Promise<void> {
    await this.#registration?.[Symbol.asyncDispose]();
  }

  /**
   * Stops: the server is taken from where it is known, its health is `NOT_SERVING`, no call is taken, and those in flight are
   * answered. Those that are not when `Shutdown.WaitTime` runs out have their signals aborted and are failed.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop();
  }

  /** Stops the server; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(): Promise<void> {
    const { clock, live, log, parts } = this.#environment;
    // A registry that does not answer must not hold up the stop.
    const removed = this.markNotReady().catch((error) => log.error("Cannot deregister", { error }));
    this.#methods.health.shutdown();
    this.#draining.abort();
    // Whoever still finds it there would be refused.
    await within(clock, removed, FORCED_STOP_MS);
    if (this.#listener) {
      const limitMs = drainMs(this.config);
      await stopListener(this.#listener, { clock, live, log, limitMs });
    }
    this.#parts.dispose();
    parts.dispose();
    await this.runtime[Symbol.asyncDispose]();
    this.#finished.resolve();
  }

  #refuseIfStarted(what: string): void {
    if (this.#started || this.#stopping) {
      throw new TypeError(`Cannot ${what}: the server was started before`);
    }
  }
}

/** Nothing of discovery is loaded by a server that is not registered. */
async function registrarsOf(
  { Etcd }: RpcServerConf,
  log: Logger,
): Promise<readonly Registrar[]> {
  if (!Etcd || Etcd.Hosts.length === 0 || Etcd.Key === "") return [];
  const { etcdRegistrar } = await import("./etcd_registrar.ts");
  return [await etcdRegistrar(Etcd, log)];
}
