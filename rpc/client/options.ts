/**
 * What a client can be told beside its configuration.
 *
 * @module
 */

import type { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import type { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import type { Clock, Random } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import type { RetryBudget } from "../../core/retry/retry_budget.ts";
import type { Balancer } from "../balancer/balancer.ts";
import type { ResolverOptions } from "../resolver/create_resolver.ts";
import type { Resolver } from "../resolver/resolver.ts";
import type { ClientTransport } from "../transport/transport.ts";
import type { ClientInterceptor } from "./handler.ts";
import type { Instance } from "./instance.ts";
import type { HedgeChoice, RetryChoice } from "./resilience.ts";

/** Options of an `RpcClient`, beside its configuration. */
export interface RpcClientOptions {
  /** What carries calls. @default {gRPC, or within the process if the target begins with `inproc:`} */
  transport?: ClientTransport | undefined;
  /** Finds the instances, in the place of what the target says; or options of what does. */
  resolver?: Resolver | ResolverOptions | undefined;
  /** Chooses instances. @default {the one that the configuration names} */
  balancer?: Balancer<Instance> | undefined;
  /** Go around all calls, within the client's own, the first outermost. */
  interceptors?: readonly ClientInterceptor[] | undefined;
  /** How calls are made again that may be; `false` for not at all. @default {three attempts} */
  retry?: RetryChoice | false | undefined;
  /** How slow calls are doubled that may be made twice. @default {not at all} */
  hedge?: HedgeChoice | false | undefined;
  /** What all may call again; share one among the clients of one service. @default {its own} */
  retryBudget?: RetryBudget | undefined;
  /** Breakers by instance and method. @default {its own} */
  breakers?: BreakerGroup | undefined;
  /** A call that took longer, in ms, is logged as slow. @default {500} */
  slowMs?: number | undefined;
  /** Methods whose messages are not shown in the log, by path. @default {none} */
  ignoreContent?: ReadonlySet<string> | undefined;
  /** Where lines go. @default {consoleLogger} */
  log?: Logger | undefined;
  /** Where figures go. @default {defaultRegistry} */
  metrics?: MetricRegistry | undefined;
  /** Measures deadlines. @default {its own} */
  deadlines?: DeadlineWheel | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Chance. @default {systemRandom} */
  random?: Random | undefined;
}
