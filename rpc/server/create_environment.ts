/**
 * From a configuration to what the calls of a server share.
 *
 * @module
 */

import type { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { DecisionLog } from "../../core/admin/decision_log.ts";
import { breakerState, shedderState } from "../../core/admin/protection_state.ts";
import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { ShedderGroup } from "../../core/load/shedder_group.ts";
import { SheddingStat } from "../../core/load/shedding_stat.ts";
import type { ServiceRuntime } from "../../core/service/service_runtime.ts";
import { Authenticator } from "../interceptor/server/authenticator.ts";
import type { TokenStore } from "../interceptor/server/token_store.ts";
import type { RpcServerConf } from "./config.ts";
import type { RpcEnvironment } from "./environment.ts";

/** What a caller may replace. */
export interface EnvironmentOptions {
  /** The tokens of callers. */
  tokens?: TokenStore | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
}

/** Makes what the calls of a server with this configuration share. It holds no timer until a call comes. */
export function createEnvironment(
  config: RpcServerConf,
  runtime: ServiceRuntime,
  draining: AbortSignal,
  options: EnvironmentOptions,
): RpcEnvironment {
  const { clock = systemClock, tokens } = options;
  if (config.Auth && !tokens) {
    throw new TypeError(
      "Cannot make RPC server: Auth is on, and there is no token store; pass the option `tokens`, such as that of " +
        "`await RedisTokenStore.connect(config.Redis)` from store/redis",
    );
  }
  const { alerts, log } = runtime;
  const parts = new DisposableStack();
  return {
    config,
    clock,
    parts,
    deadlines: parts.use(new DeadlineWheel({ clock })),
    log,
    draining,
    live: new Set(),
    metrics: runtime.metrics,
    stats: parts.use(runtime.requestStats()),
    alerts,
    shedders: parts.use(sheddersOf(config, runtime, clock)),
    sheddingStat: parts.use(new SheddingStat("rpc", { logger: log, clock })),
    breakers: new Map(),
    inFlight: new Map(),
    decisions: new DecisionLog({ clock }),
    authenticator: config.Auth && tokens
      ? parts.use(new Authenticator(tokens, { strict: config.StrictControl, log, clock }))
      : undefined,
  };
}

/**
 * The same for a configuration that has changed while the server runs. What counts and learns goes on; shedders begin anew if
 * their threshold is another.
 */
export function changeEnvironment(
  environment: RpcEnvironment,
  config: RpcServerConf,
  runtime: ServiceRuntime,
): RpcEnvironment {
  const { clock, parts } = environment;
  let { shedders } = environment;
  if (config.CpuThreshold !== environment.config.CpuThreshold) {
    shedders?.[Symbol.dispose]();
    shedders = parts.use(sheddersOf(config, runtime, clock));
  }
  return { ...environment, config, shedders };
}

function sheddersOf(
  { CpuThreshold: threshold }: RpcServerConf,
  { isProtected, alerts }: ServiceRuntime,
  clock: Clock,
): ShedderGroup | undefined {
  return isProtected && threshold > 0 ? new ShedderGroup({ threshold, alerts, clock }) : undefined;
}

/** Shows the state of the server on the admin pages until the answer is disposed. */
export function showState(
  debug: DebugRegistry,
  environment: RpcEnvironment,
  methods: () => readonly unknown[],
): Disposable {
  const { config: { Name }, breakers, shedders, decisions } = environment;
  const shown = new DisposableStack();
  shown.use(debug.register("methods", Name, methods));
  shown.use(debug.register("breakers", Name, () => breakerState(breakers.values())));
  if (shedders) shown.use(debug.register("shedder", Name, () => shedderState(shedders)));
  shown.use(debug.register("decisions", Name, () => decisions.list()));
  return shown;
}
