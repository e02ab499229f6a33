/**
 * The default chain: what every call goes through, in order.
 *
 * @module
 */

import { SreBreaker } from "../../core/breaker/sre_breaker.ts";
import { ambientContext } from "../interceptor/server/ambient.ts";
import { authorize } from "../interceptor/server/authorize.ts";
import { breaker } from "../interceptor/server/breaker.ts";
import { concurrency } from "../interceptor/server/concurrency.ts";
import { metrics } from "../interceptor/server/metrics.ts";
import { recover } from "../interceptor/server/recover.ts";
import { shedding } from "../interceptor/server/shedding.ts";
import { stat } from "../interceptor/server/stat.ts";
import { timeout } from "../interceptor/server/timeout.ts";
import { trace } from "../interceptor/server/trace.ts";
import type { MethodInfo } from "../method.ts";
import type { RpcServerConf } from "./config.ts";
import type { RpcEnvironment } from "./environment.ts";
import type { ServerInterceptor } from "./handler.ts";

/** A layer of the chain. */
export interface ServerLayer {
  /** What it is called. */
  readonly name: string;
  /** Makes the interceptor, or nothing if the configuration leaves it no work. */
  create(environment: RpcEnvironment): ServerInterceptor | undefined;
}

/**
 * The layers, outermost first: go-zero's, and `Concurrency` and `Ambient`, which are ours. Of those go-zero has, streams go
 * through `Trace`, `Recover`, `Breaker` and `Auth`. Within them are the interceptors of the user.
 *
 * `Recover` lies within `Trace`, so spans show what the caller was told. Where it is off, unexpected errors are not logged;
 * the server tells callers nothing of them all the same. The time limit lies within breaker and shedder, so that a method
 * which times out opens its breaker; it is there though `Timeout` is 0, for the limits of single methods and of callers.
 */
export const defaultServerChain: readonly ServerLayer[] = [
  { name: "Trace", create: ({ config }) => config.Middlewares.Trace ? trace() : undefined },
  { name: "Recover", create: ({ config }) => config.Middlewares.Recover ? recover() : undefined },
  { name: "Stat", create: statOf },
  {
    name: "Prometheus",
    create: (env) => env.config.Middlewares.Prometheus ? metrics(env.metrics) : undefined,
  },
  { name: "Concurrency", create: concurrencyOf },
  { name: "Breaker", create: breakerOf },
  {
    name: "Shedding",
    create: ({ shedders, sheddingStat }) =>
      shedders && shedding(({ path }) => shedders.get(path), sheddingStat),
  },
  { name: "Timeout", create: ({ config }) => timeout(limits(config)) },
  { name: "Ambient", create: () => ambientContext() },
  { name: "Auth", create: ({ authenticator }) => authenticator && authorize(authenticator) },
];

function statOf({ config, stats }: RpcEnvironment): ServerInterceptor | undefined {
  const { Middlewares: { Stat, StatConf }, Log: { SensitiveKeys: sensitiveKeys } } = config;
  if (!Stat) return undefined;
  const { SlowThreshold, MethodSlowThresholds, IgnoreContentMethods } = StatConf;
  const own = new Map(MethodSlowThresholds.map((each) => [each.FullMethod, each.SlowThreshold]));
  const slowMsOf = ({ path }: MethodInfo) => own.get(path) ?? SlowThreshold;
  return stat(stats, { slowMsOf, ignoreContent: new Set(IgnoreContentMethods), sensitiveKeys });
}

function breakerOf(environment: RpcEnvironment): ServerInterceptor | undefined {
  const { config, alerts, breakers, clock } = environment;
  if (!config.Middlewares.Breaker) return undefined;
  return breaker(({ path }) => {
    const kept = breakers.get(path) ?? new SreBreaker({ name: path, alerts, clock });
    breakers.set(path, kept);
    return kept;
  });
}

function concurrencyOf(
  { config: { MaxConcurrency }, inFlight }: RpcEnvironment,
): ServerInterceptor | undefined {
  if (MaxConcurrency <= 0) return undefined;
  return concurrency(MaxConcurrency, ({ path }) => {
    const kept = inFlight.get(path) ?? { count: 0 };
    inFlight.set(path, kept);
    return kept;
  });
}

/** The time of each method in ms; 0 is no limit, for a single method too. The last of several entries counts. */
function limits({ Timeout, MethodTimeouts }: RpcServerConf): (method: MethodInfo) => number {
  const own = new Map(MethodTimeouts.map(({ FullMethod, Timeout }) => [FullMethod, Timeout]));
  return ({ path }) => own.get(path) ?? Timeout;
}
