/**
 * The default chain: what every call goes through, in order.
 *
 * @module
 */

import { SreBreaker } from "../../core/breaker/sre_breaker.ts";
import { ambientContext } from "../interceptor/server/ambient.ts";
import { Authenticator } from "../interceptor/server/authenticator.ts";
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
 * through `Trace`, `Recover`, `Breaker` and `Auth`.
 *
 * `Recover` lies within `Trace`, so spans show what the caller was told; what it lets through from above it is made a service
 * error by the server all the same. The time limit lies within breaker and shedder, so that a method which times out opens its
 * breaker.
 */
export const defaultServerChain: readonly ServerLayer[] = [
  { name: "Trace", create: ({ config }) => config.Middlewares.Trace ? trace() : undefined },
  // Its switch turns off no more than its log: without it a slip in a handler would be told as it is.
  { name: "Recover", create: ({ config }) => recover({ log: config.Middlewares.Recover }) },
  { name: "Stat", create: statOf },
  {
    name: "Prometheus",
    create: (env) => env.config.Middlewares.Prometheus ? metrics(env.metrics) : undefined,
  },
  {
    name: "Concurrency",
    create: ({ config: { MaxConcurrency } }) =>
      MaxConcurrency > 0 ? concurrency(MaxConcurrency) : undefined,
  },
  { name: "Breaker", create: breakerOf },
  {
    name: "Shedding",
    create: ({ shedders, sheddingStat }) =>
      shedders && shedding(({ path }) => shedders.get(path), sheddingStat),
  },
  { name: "Timeout", create: ({ config }) => timeout(limits(config)) },
  { name: "Ambient", create: () => ambientContext() },
  { name: "Auth", create: authOf },
];

function statOf({ config: { Middlewares }, stats }: RpcEnvironment): ServerInterceptor | undefined {
  if (!Middlewares.Stat) return undefined;
  const { SlowThreshold, IgnoreContentMethods } = Middlewares.StatConf;
  return stat(stats, { slowMs: SlowThreshold, ignoreContent: new Set(IgnoreContentMethods) });
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

function authOf(
  { config, tokens, log, clock, parts }: RpcEnvironment,
): ServerInterceptor | undefined {
  if (!tokens) return undefined;
  const { StrictControl: strict } = config;
  return authorize(parts.use(new Authenticator(tokens, { strict, log, clock })));
}

/** The time of each method in ms; 0 is no limit, for a single method too. The last of several entries counts. */
function limits({ Timeout, MethodTimeouts }: RpcServerConf): (method: MethodInfo) => number {
  const own = new Map(MethodTimeouts.map(({ FullMethod, Timeout }) => [FullMethod, Timeout]));
  return ({ path }) => own.get(path) ?? Timeout;
}
