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
      "Cannot make RPC server: Auth is on, and there is no token store; pass the option `tokens`",
    );
  }
  const { alerts, log } = runtime;
  const parts = new DisposableStack();
  const isShedding = runtime.isProtected && config.CpuThreshold > 0;
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
    shedders: isShedding
      ? parts.use(new ShedderGroup({ threshold: config.CpuThreshold, alerts, clock }))
      : undefined,
    sheddingStat: parts.use(new SheddingStat("rpc", { logger: log, clock })),
    breakers: new Map(),
    decisions: new DecisionLog({ clock }),
    tokens: config.Auth ? tokens : undefined,
  };
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
