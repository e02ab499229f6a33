/**
 * What the calls of one client share.
 *
 * @module
 */

import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { type Clock, systemClock, systemRandom } from "../../core/clock.ts";
import { etcdAccountOf } from "../../core/discovery/etcd/config.ts";
import { ServiceError } from "../../core/errors.ts";
import { consoleLogger } from "../../core/log/create_logger.ts";
import type { Logger } from "../../core/log/logger.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { createBalancer } from "../balancer/create_balancer.ts";
import { duration } from "../interceptor/client/duration.ts";
import { metrics } from "../interceptor/client/metrics.ts";
import { trace } from "../interceptor/client/trace.ts";
import { Metadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import { createResolver, type ResolverOptions } from "../resolver/create_resolver.ts";
import type { Resolver } from "../resolver/resolver.ts";
import { Channel } from "./channel.ts";
import { clientTransportOf } from "./client_transport_of.ts";
import { type RpcClientConf, rpcClientConfig, type RpcClientConfInput } from "./config.ts";
import type { ClientInterceptor } from "./handler.ts";
import { InstanceSet } from "./instance_set.ts";
import type { RpcClientOptions } from "./options.ts";
import type { Resilience } from "./resilience.ts";
import { targetOf } from "./target.ts";

/** What the calls of one client share. */
export interface ClientCore extends AsyncDisposable {
  /** The configuration, with all defaults. */
  readonly config: RpcClientConf;
  /** Where the service is. */
  readonly target: string;
  /** Gives calls to instances. */
  readonly channel: Channel;
  /** The client's own interceptors, outermost first. */
  readonly chain: readonly ClientInterceptor[];
  /** How calls are made again. */
  readonly resilience: Resilience;
  /** The breakers; `undefined` for none. */
  readonly breakers: BreakerGroup | undefined;
  /** Sent with every call, if there is anything. */
  readonly credentials: Metadata | undefined;
  /** Measures deadlines. */
  readonly deadlines: DeadlineWheel;
  /** Time source. */
  readonly clock: Clock;
  /** The time that a method has, in ms; 0 and less for no limit. Those of streams have none unless it was set for them. */
  limitOf(method: MethodInfo): number;
  /** Resolves when an instance is connected; rejects if none is after so long, in ms. */
  ready(limitMs: number): Promise<void>;
}

/**
 * Checks configuration and options, and begins to connect.
 *
 * @throws {ValidationError | TypeError | SyntaxError | RangeError} If something is wrong; names it.
 */
export function openCore(input: RpcClientConfInput, options: RpcClientOptions): ClientCore {
  const config = rpcClientConfig.parse(input, { durationMs: true });
  const { clock = systemClock, random = systemRandom, log = consoleLogger } = options;
  const target = targetOf(config);
  const deadlines = options.deadlines ?? new DeadlineWheel({ clock });
  const breakers = config.Middlewares.Breaker
    ? options.breakers ?? new BreakerGroup({ clock, random })
    : undefined;
  const instances = new InstanceSet({
    resolver: resolverOf(target, config, log, options.resolver),
    transport: () => options.transport ?? clientTransportOf(target, config),
    balancer: options.balancer ??
      createBalancer(config.BalancerName, { clock, random, logger: log }),
    breakers,
    log,
    clock,
    random,
  });
  return {
    config,
    target,
    channel: new Channel(instances),
    chain: chainOf(config, { ...options, log }),
    resilience: {
      retry: options.retry,
      hedge: options.hedge,
      retryBudget: options.retryBudget ?? new RetryBudget({ clock }),
      hedgeBudget: new RetryBudget({ ratio: 0.05, minPerSecond: 0, clock }),
      clock,
      random,
    },
    breakers,
    credentials: credentialsOf(config),
    deadlines,
    clock,
    limitOf: limits(config),
    ready: (limitMs) => ready(instances, target, limitMs, clock),
    async [Symbol.asyncDispose]() {
      await instances[Symbol.asyncDispose]();
      if (!options.deadlines) deadlines[Symbol.dispose]();
    },
  };
}

/** The resolver of a target. A section `Etcd` gives account and certificates, too. */
function resolverOf(
  target: string,
  { Etcd }: RpcClientConf,
  log: Logger,
  given: Resolver | ResolverOptions = {},
): Resolver {
  if ("resolve" in given) return given;
  const account = Etcd ? etcdAccountOf(Etcd) : {};
  return createResolver(target, { ...given, etcd: { logger: log, ...account, ...given.etcd } });
}

function chainOf(
  { Middlewares }: RpcClientConf,
  options: RpcClientOptions & Parameters<typeof duration>[0],
): ClientInterceptor[] {
  const chain: ClientInterceptor[] = [];
  if (Middlewares.Trace) chain.push(trace());
  if (Middlewares.Duration) chain.push(duration(options));
  if (Middlewares.Prometheus) chain.push(metrics(options.metrics));
  return chain;
}

function credentialsOf({ App, Token }: RpcClientConf): Metadata | undefined {
  return App !== "" && Token !== "" ? new Metadata({ app: App, token: Token }) : undefined;
}

function limits(
  { Timeout, MethodTimeouts, Middlewares }: RpcClientConf,
): (method: MethodInfo) => number {
  if (!Middlewares.Timeout) return () => 0;
  const own = new Map(MethodTimeouts.map(({ FullMethod, Timeout }) => [FullMethod, Timeout]));
  return ({ path, kind }) => own.get(path) ?? (kind === "unary" ? Timeout : 0);
}

async function ready(
  instances: InstanceSet,
  target: string,
  limitMs: number,
  clock: Clock,
): Promise<void> {
  const late = new AbortController();
  using _timer = clock.setTimer(
    () =>
      late.abort(
        new ServiceError(
          "unavailable",
          `Cannot dial ${target}: nobody answered within ${limitMs} ms; make sure that the service is started`,
        ),
      ),
    limitMs,
    { keepAlive: true },
  );
  await instances.whenTaking(true, late.signal);
}
