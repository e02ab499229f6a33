/**
 * The RPC server.
 *
 * @module
 */

import type { DebugRegistry } from "../../core/admin/debug_registry.ts";
import type { DecisionLog } from "../../core/admin/decision_log.ts";
import type { Clock } from "../../core/clock.ts";
import { LiveConfig } from "../../core/conf/center/live_config.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import { guardProcess } from "../../core/proc/process_guard.ts";
import type { HealthRegistry, Probe } from "../../core/proc/health.ts";
import { drainMs, FORCED_STOP_MS, within } from "../../core/service/drain.ts";
import type { Service } from "../../core/service/service.ts";
import { ServiceRuntime, type ServiceRuntimeOptions } from "../../core/service/service_runtime.ts";
import type { TokenStore } from "../interceptor/server/token_store.ts";
import type { MethodInfo, Methods, ServiceInfo } from "../method.ts";
import type { ServerTransport, TransportListener } from "../transport/transport.ts";
import { defaultServerChain, type ServerLayer } from "./chain.ts";
import { type RpcServerConf, rpcServerConfig, type RpcServerConfInput } from "./config.ts";
import { changeEnvironment, createEnvironment, showState } from "./create_environment.ts";
import type { RpcEnvironment } from "./environment.ts";
import type { Implementation, ServerInterceptor } from "./handler.ts";
import { MethodBook } from "./method_book.ts";
import type { Registrar } from "./registrar.ts";
import { Registration } from "./registration.ts";
import { serverTransportOf } from "./server_transport_of.ts";
import { stopListener } from "./stop_listener.ts";
import { unknownMethods } from "./unknown_methods.ts";

/** Options of an {@link RpcServer}, beside its configuration. */
export interface RpcServerOptions {
  /** What carries calls. @default {gRPC, or within the process if `ListenOn` begins with `inproc:`} */
  transport?: ServerTransport;
  /** Where the server makes itself known once it listens; several if it is known in several places. @default {in the etcd of the configuration, if it has one} */
  registrars?: readonly Registrar[];
  /** The tokens of callers, for `Auth`: `RedisTokenStore` of `@zeno/zeno/store/redis`, or `MemoryTokenStore`. */
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

/** What of the configuration can change while a server runs. */
const LIVE = [
  "Log.Level",
  "Timeout",
  "MethodTimeouts",
  "MaxConcurrency",
  "CpuThreshold",
  "Middlewares",
];

/**
 * A server of RPC services with the default chain around every method.
 *
 * Services are added first, then `start` listens. `stop` drains.
 *
 * @example
 * ```ts ignore
 * import { RpcServer } from "@zeno/zeno/rpc";
 * import { runServices } from "@zeno/zeno/core/service";
 * import { greeterService } from "./pb/greet.gen.ts"; // By `zeno rpc gen greet.proto`.
 *
 * const server = new RpcServer({ Name: "greet.rpc", ListenOn: "0.0.0.0:8080" })
 *   .add(greeterService, { say: ({ name }) => ({ text: `Hello ${name}` }) });
 * await runServices(server); // Until SIGTERM.
 * ```
 */
export class RpcServer implements Service, AsyncDisposable {
  /** What the service stands on: log, metrics, traces, dev server, the times of its shutdown. */
  readonly runtime: ServiceRuntime;
  readonly #options: RpcServerOptions;
  readonly #config: LiveConfig<RpcServerConf>;
  #environment: RpcEnvironment;
  readonly #methods: MethodBook;
  readonly #draining = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  readonly #parts = new DisposableStack();
  #starting: Promise<void> | undefined;
  #shown: Disposable | undefined;
  #probe: Probe | undefined;
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
    const parsed = rpcServerConfig.parse(config, { durationMs: true });
    // The program's own sections stay, for the page that shows the configuration.
    const whole: RpcServerConf = Object.assign({}, config, parsed);
    this.#options = options;
    this.runtime = new ServiceRuntime(whole, { ...options, configSchema });
    this.#config = new LiveConfig(parsed, { live: LIVE, logger: this.runtime.log });
    const { signal } = this.#draining;
    this.#environment = createEnvironment(this.config, this.runtime, signal, options);
    const { Health, Mode } = this.config;
    const { reflection = Mode === "dev" || Mode === "test" } = options;
    this.#methods = new MethodBook(chain, this.#environment, { health: Health, reflection });
  }

  /** The configuration as it holds now, with all defaults. */
  get config(): RpcServerConf {
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

  /**
   * Says whether one service serves, for those who ask the health service; each does from the start. The server as a whole
   * has the empty name. Once the server stops nothing serves.
   */
  setServing(service: string, serving: boolean): void {
    this.#methods.health.set(service, serving);
  }

  /**
   * Takes a configuration that has changed while the server runs: the level of the log, time limits, other limits and the
   * switches of the chain. Calls in flight end as they began, and count on.
   *
   * What else has changed is named in the log, once, and waits for the next start.
   *
   * @throws {ValidationError} If it is not valid; nothing has changed then.
   * @example Follow a key of etcd, or a file
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ConfigCenter, MemoryConfigSource, textParser } from "@zeno/zeno/core/conf/center";
   * import { RpcServer, rpcServerConfig } from "@zeno/zeno/rpc";
   *
   * const text = (timeout: number) => `{Name: greet, ListenOn: ":0", Timeout: ${timeout}, Log: {Level: severe}}`;
   * const source = new MemoryConfigSource(text(2000)); // Or FileConfigSource, etcdConfigSource().
   * await using center = await ConfigCenter.open(source, textParser(rpcServerConfig));
   * await using server = new RpcServer(center.get());
   * using _reload = center.attach(server);
   *
   * source.set(text(500));
   * assertEquals(server.config.Timeout, 500);
   * ```
   */
  reload(config: RpcServerConfInput): void {
    const { Level } = this.config.Log;
    const next = rpcServerConfig.parse(config, { durationMs: true });
    if (this.#stopping || !this.#config.take(next)) return;
    const { config: now, runtime } = this;
    if (now.Log.Level !== Level) this.log.setLevel(now.Log.Level);
    this.#environment = changeEnvironment(this.#environment, now, runtime);
    this.#methods.configure(this.#environment);
    Object.assign(runtime.config, now); // What the admin pages show.
    if (this.#shown) this.#show();
    this.#tellUnknown();
  }

  /** The methods, in the order they were added. */
  methods(): MethodInfo[] {
    return this.#methods.methods();
  }

  /**
   * Listens, and resolves when calls are being answered and the server is known where it is to be. If it cannot, it is stopped.
   *
   * @throws {ServiceError} If it cannot listen; the message says where and what to do.
   */
  async start(): Promise<void> {
    this.#refuseIfStarted("start server");
    this.#starting = this.#start();
    try {
      await this.#starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { config, log, runtime } = this;
    const { transport = await serverTransportOf(config, log) } = this.#options;
    await runtime.start();
    this.#tellUnknown();
    const served = this.#methods.served();
    const onError = (error: unknown, { path }: MethodInfo) =>
      log.error(`Cannot send answer of ${path}`, { error });
    this.#listener = await transport.listen(served, config.ListenOn, { onError });
    this.#show();
    this.#parts.use(guardProcess({ logger: log }));
    this.#probe = this.#parts.use(runtime.health.register(`zrpc-${config.ListenOn}`));
    const { registrars = await registrarsOf(config, log) } = this.#options;
    // Only now: whoever is told of the server calls it.
    this.#registration = await Registration.make(registrars, config.ListenOn, this.address);
    this.#methods.health.set("", true);
    this.#probe.markReady();
    log.info(`Serving ${this.name} at ${this.address}`);
  }

  /**
   * Takes the server from where it is known, and goes on answering, so that callers turn away first. Resolves when nobody
   * is told of it any more.
   */
  async markNotReady(): Promise<void> {
    this.#probe?.markNotReady();
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
    const limitMs = drainMs(this.config);
    this.#methods.health.shutdown();
    // What has begun to listen must be known to be closed.
    await within(clock, Promise.allSettled([this.#starting]), limitMs);
    // A registry that does not answer must not hold up the stop.
    const removed = this.markNotReady().catch((error) => log.error("Cannot deregister", { error }));
    this.#draining.abort();
    // Whoever still finds it there would be refused.
    await within(clock, removed, FORCED_STOP_MS);
    if (this.#listener) await stopListener(this.#listener, { clock, live, log, limitMs });
    this.#shown?.[Symbol.dispose]();
    this.#parts.dispose();
    parts.dispose();
    await this.runtime[Symbol.asyncDispose]();
    this.#finished.resolve();
  }

  /** A limit that a slip of the pen has taken from its method would be missed when it is too late. */
  #tellUnknown(): void {
    const paths = this.methods().map(({ path }) => path);
    const unknown = unknownMethods(this.config, paths);
    if (unknown.length === 0) return;
    this.log.error(
      `Cannot find methods of the configuration: ${
        unknown.join(", ")
      }; need one of the server's, such as "${paths[0]}"`,
    );
  }

  #show(): void {
    this.#shown?.[Symbol.dispose]();
    const paths = () => this.methods().map(({ path }) => path);
    this.#shown = showState(this.runtime.debug, this.#environment, paths);
  }

  #refuseIfStarted(what: string): void {
    if (this.#starting || this.#stopping) {
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
  return [etcdRegistrar(Etcd, log)];
}
