/**
 * What the calls of one client share.
 *
 * @module
 */

import { defaultDebugRegistry } from "../../core/admin/debug_registry.ts";
import { breakerState } from "../../core/admin/protection_state.ts";
import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import type { Breaker, BreakerReport } from "../../core/breaker/breaker.ts";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { systemClock, systemRandom } from "../../core/clock.ts";
import { consoleLogger } from "../../core/log/create_logger.ts";
import { defaultRegistry, type MetricRegistry } from "../../core/metric/registry.ts";
import { redisPoolMetrics } from "../../core/metric/store_metrics.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import type { RedisCall, RedisInterceptor, SendCall } from "./command.ts";
import type { CallPart, Connection } from "./connection.ts";
import { breaker } from "./interceptor/breaker.ts";
import { observe } from "./interceptor/observe.ts";
import { timeLimit } from "./interceptor/time_limit.ts";
import type { RedisOptions } from "./options.ts";

/** Breakers of the servers that the process talks to, whatever its clients. */
const sharedBreakers = new BreakerGroup();

/** What the calls of one client share. */
export interface ClientCore extends Disposable {
  /** Sends nothing again from now on. */
  close(): void;
  /** Waits for something else than an answer, no longer than for that. */
  within<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Sends calls over a connection, through all layers. */
  chainOver(connection: Connection): SendCall;
  /** What the breaker of the server knows that a call would go to. */
  explain(connection: Connection, call: RedisCall): BreakerReport;
  /** Shows the state of a connection and of its breakers on the admin pages, until the answer is disposed. */
  show(connection: Connection): Disposable;
  /** Shows the sockets of a connection among the figures, until the answer is disposed. */
  countSockets(connection: Connection): Disposable;
}

/** Makes what the calls of one client share. */
export function createCore(options: RedisOptions): ClientCore {
  const { clock = systemClock, random = systemRandom, log = consoleLogger } = options;
  const { debug = defaultDebugRegistry } = options;
  const { metrics = defaultRegistry, breakers = sharedBreakers, timeoutMs = 3_000 } = options;
  const deadlines = options.deadlines ?? new DeadlineWheel({ clock });
  const budget = options.retryBudget ?? new RetryBudget({ minPerSecond: 10, clock });
  const closing = new AbortController();
  // A client has few servers, and to make a name for each call would cost more than the breaker does.
  const known = new Map<string, Breaker>();
  const breakerOf = (connection: Connection) => (call: RedisCall) => {
    const server = connection.serverOf(call);
    let breaker = known.get(server);
    if (!breaker) {
      breaker = breakers.get(`redis ${connection.settings.type} ${server}`);
      known.set(server, breaker);
    }
    return breaker;
  };
  const within: ClientCore["within"] = (work, signal) =>
    Deadline.run(work, timeoutMs, { parent: currentDeadline(), signal, deadlines });
  return {
    within,
    close: () => closing.abort(),
    chainOver(connection) {
      const layers: RedisInterceptor[] = [
        breaker({ breakerOf: breakerOf(connection), acceptable: options.acceptable }),
        ...(options.interceptors ?? []).map(rejecting),
        timeLimit({ timeoutMs, deadlines, budget, closing: closing.signal, clock, random }),
      ];
      const send = layers.reduceRight<SendCall>(
        (next, layer) => layer(next),
        (call) => connection.send(call),
      );
      const seen = observe({ metrics, log, slowMs: options.slowMs, clock });
      const split = connection.split?.bind(connection);
      if (!split) return seen(send);
      return seen(async (call) => {
        if (call.kind !== "pipeline") return await send(call);
        return await sendParts(await within(() => split(call), call.signal), send);
      });
    },
    show: (connection) =>
      debug.register("redis", connection.settings.name, () => ({
        sockets: connection.sockets,
        ...breakerState(known.values()),
      })),
    explain: (connection, call) => breakerOf(connection)(call).explain(),
    countSockets: (connection) => countSockets(connection, metrics),
    [Symbol.dispose]() {
      if (!options.deadlines) deadlines[Symbol.dispose]();
    },
  };
}

/** An interceptor that throws has failed the call, and no more. */
function rejecting(interceptor: RedisInterceptor): RedisInterceptor {
  return (next) => {
    const send = interceptor(next);
    return (call) => {
      try {
        return send(call);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
}

/** Sends each part of a pipeline to its server, and puts the answers in the order of the commands. */
async function sendParts(parts: readonly CallPart[], send: SendCall): Promise<unknown> {
  if (parts.length === 1) return await send(parts[0]!.call);
  const answers: unknown[] = [];
  await Promise.all(parts.map(async ({ call, places }) => {
    // What one server does not answer is no reason to keep from the caller what others have.
    const answer = await send(call).catch((error: unknown) => places.map(() => error));
    const replies: unknown[] = Array.isArray(answer) ? answer : [];
    for (const [i, place] of places.entries()) answers[place] = replies[i];
  }));
  return answers;
}

function countSockets(connection: Connection, registry: MetricRegistry): Disposable {
  const { name, type } = connection.settings;
  const { current } = redisPoolMetrics(registry);
  const gauge = current.labels(name, type);
  const stop = registry.onCollect(() => gauge.set(connection.sockets));
  return {
    [Symbol.dispose]() {
      stop();
      gauge.set(connection.sockets);
    },
  };
}
