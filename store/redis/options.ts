/**
 * What a client can be told beside its configuration.
 *
 * @module
 */

import type { DebugRegistry } from "../../core/admin/debug_registry.ts";
import type { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import type { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import type { Clock, Random } from "../../core/clock.ts";
import type { Logger } from "../../core/log/logger.ts";
import type { MetricRegistry } from "../../core/metric/registry.ts";
import type { RetryBudget } from "../../core/retry/retry_budget.ts";
import { parseAddress, splitHosts } from "./address.ts";
import type { RedisInterceptor } from "./command.ts";
import type { RedisConf } from "./config.ts";
import type { ConnectionSettings, RedisTls } from "./connection.ts";

/** Options of a `Redis`, beside its configuration. */
export interface RedisOptions {
  /** Longest time for a command with all its attempts, in ms, > 0. @default {3_000} */
  timeoutMs?: number | undefined;
  /** Certificates for TLS, which they turn on; `Tls` of the configuration does with those of the system. */
  tls?: RedisTls | undefined;
  /** Go around all calls, within figures and breaker, the first outermost. */
  interceptors?: readonly RedisInterceptor[] | undefined;
  /** Errors that say nothing against Redis, such as replies to wrong commands. @default {() => false} */
  acceptable?: ((error: unknown) => boolean) | undefined;
  /** A command that took longer, in ms, is logged as slow. @default {what setSlowThreshold says, 100} */
  slowMs?: number | undefined;
  /** Breakers by server. @default {those of the process} */
  breakers?: BreakerGroup | undefined;
  /** What may be sent again. @default {a tenth of the calls, and ten a second} */
  retryBudget?: RetryBudget | undefined;
  /** Where lines go. @default {consoleLogger} */
  log?: Logger | undefined;
  /** Where figures go. @default {defaultRegistry} */
  metrics?: MetricRegistry | undefined;
  /** Where the state of the client is shown. @default {defaultDebugRegistry} */
  debug?: DebugRegistry | undefined;
  /** Measures deadlines. @default {its own} */
  deadlines?: DeadlineWheel | undefined;
  /** Time source. @default {systemClock} */
  clock?: Clock | undefined;
  /** Chance. @default {systemRandom} */
  random?: Random | undefined;
}

/**
 * What makes the connection of a client.
 *
 * @throws {SyntaxError} If an address is none.
 * @throws {TypeError} If parts of the configuration do not go together.
 */
export function settingsOf(config: RedisConf, options: RedisOptions): ConnectionSettings {
  const { Host, Type, User, Pass, Tls, InsecureSkipVerify, Protocol, DisableIdentity, Db } = config;
  const { timeoutMs = 3_000, tls } = options;
  if (!(timeoutMs > 0)) {
    throw new RangeError(`Cannot make Redis client: need timeoutMs > 0, got ${timeoutMs}`);
  }
  const hosts = splitHosts(Host);
  if (Type === "node" && hosts.length > 1) {
    throw new TypeError(
      `Cannot make Redis client: ${hosts.length} hosts are a cluster; set Type: cluster`,
    );
  }
  if (Type === "cluster" && Db !== 0) {
    throw new TypeError(`Cannot make Redis client: a cluster has but database 0, got Db: ${Db}`);
  }
  const wantsTls = Tls || tls !== undefined;
  return {
    type: Type,
    // In one order, for the same members are the same cluster.
    addresses: hosts.toSorted().map(parseAddress),
    name: hosts.join(","),
    user: User,
    password: Pass,
    db: Db,
    protocol: Protocol,
    disableIdentity: DisableIdentity,
    tls: wantsTls ? { insecure: InsecureSkipVerify, ...tls } : undefined,
    silenceMs: timeoutMs,
  };
}
