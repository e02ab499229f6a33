/**
 * What a client and a call can be told.
 *
 * @module
 */

import type { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import type { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import type { Clock, Random } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import type { LatencyPercentile } from "../../core/retry/latency_percentile.ts";
import type { RetryBudget } from "../../core/retry/retry_budget.ts";
import type { BalancerName } from "./balancer.ts";
import type { Interceptor } from "./interceptor.ts";
import type { Resolver } from "./resolver.ts";
import type { Fetch, PoolOptions } from "./transport.ts";

/**
 * How calls that failed are made again: those that may be carried out twice after what `isRetryable` names,
 * and any that was never sent.
 */
export interface ClientRetryOptions {
  /** Calls made in all, the first included. An integer >= 1. @default {3} */
  attempts?: number | undefined;
  /** Longest wait before the second attempt, in ms; doubles after each failure. @default {100} */
  baseMs?: number | undefined;
  /** Longest wait, in ms; a callee that asks for more is not called again. @default {10_000} */
  maxMs?: number | undefined;
  /** Longest time for each attempt, in ms, > 0. @default {Infinity} */
  attemptTimeoutMs?: number | undefined;
  /** What may be called again in all: one for each callee. @default {one for the client, a tenth and 3/s} */
  budget?: RetryBudget | undefined;
}

/** A second call when the first is slow. Only idempotent calls are hedged. */
export interface ClientHedgeOptions {
  /** How long to wait for the first, in ms, or what measures the time most calls take. */
  delayMs: number | LatencyPercentile;
  /** What second calls may add to the load. @default {one for the client, a twentieth} */
  budget?: RetryBudget | undefined;
}

/** What can be said of a client, and of one call in its stead. */
export interface SharedOptions {
  /** Longest time for a call with all its attempts, body included, in ms, > 0. @default {3000} */
  timeoutMs?: number | undefined;
  /** How calls that failed are made again; false for not at all. */
  retry?: ClientRetryOptions | false | undefined;
  /** Whether a second call is made when the first is slow. @default {false} */
  hedge?: ClientHedgeOptions | false | undefined;
  /** Most bytes of an answer; `Infinity` for no limit. @default {8_388_608} */
  maxResponseBytes?: number | undefined;
  /**
   * What is done with redirects. To another origin go neither credentials nor a body, and never from https
   * to http. @default {"follow"}
   */
  redirect?: "follow" | "manual" | "error" | undefined;
}

/** Options for `HttpClient`. One of `baseUrl` and `target` is needed. */
export interface HttpClientOptions extends SharedOptions {
  /** Where the service is, and the path before all paths. */
  baseUrl?: string | URL | undefined;
  /** What knows the addresses of the service. */
  target?: Resolver | undefined;
  /** How the addresses of `target` are spoken to. @default {"http"} */
  scheme?: "http" | "https" | undefined;
  /** How one of several addresses is chosen. @default {"p2c"} */
  balance?: BalancerName | undefined;
  /** What the service is called in messages, figures and breakers. @default {host of the base URL, or "http"} */
  service?: string | undefined;
  /** Headers of every request, those of the call win; a function is asked for each attempt. */
  headers?: HeadersInit | (() => HeadersInit) | undefined;
  /** Stand between each attempt and the network; the first is the outermost. */
  interceptors?: readonly Interceptor[] | undefined;
  /** Breakers by address, method and route; share them to show them. False for none. @default {its own} */
  breakers?: BreakerGroup | false | undefined;
  /** Where figures go; false for none. @default {defaultRegistry} */
  metrics?: MetricRegistry | false | undefined;
  /** Where a line for each attempt goes. @default {noopLogger} */
  log?: Logger | undefined;
  /**
   * Whether the callee is told the time that is left, the trace and whether this is a retry. Turn it off for
   * callees of other people. @default {true}
   */
  propagate?: boolean | undefined;
  /** Most redirects in a row, an integer >= 0. @default {10} */
  maxRedirects?: number | undefined;
  /** The pool of connections. */
  pool?: PoolOptions | undefined;
  /** Sends requests, in the place of a pool. Must not follow redirects when told `manual`. */
  fetch?: Fetch | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Chance, for jitter and balancing. @default {systemRandom} */
  random?: Random | undefined;
  /** Measures timeouts. @default {its own} */
  deadlines?: DeadlineWheel | undefined;
}

/** Options for one call. */
export interface CallOptions extends SharedOptions {
  /** Ends the call, rejecting with its reason. */
  signal?: AbortSignal | undefined;
  /** Headers of this call; they win over those of its schema. */
  headers?: HeadersInit | undefined;
  /** Whether it does no harm to carry the call out twice. @default {as the route or the method says} */
  idempotent?: boolean | undefined;
  /** Which statuses are no failure of the call. @default {those below 400} */
  acceptStatus?: ((status: number) => boolean) | undefined;
}
