/**
 * What the calls of one client share.
 *
 * @module
 */

import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { type Clock, type Random, systemClock, systemRandom } from "../../core/clock.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { defaultRegistry } from "../../core/metric/registry.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { createBalancer } from "./balancer.ts";
import { EndpointSet } from "./endpoint_set.ts";
import { checkedHeaders, type HeaderPairs } from "./header_pairs.ts";
import type { Line } from "./line.ts";
import { Observer } from "./observation.ts";
import type { HttpClientOptions } from "./options.ts";
import { openPool, type Transport } from "./transport.ts";

/** What the calls of one client share. */
export interface ClientCore {
  /** What the client was told. */
  readonly options: HttpClientOptions;
  /** What the callee is called. */
  readonly service: string;
  /** Where the callee is. */
  readonly endpoints: EndpointSet;
  /** The breakers; `undefined` for none. */
  readonly breakers: BreakerGroup | undefined;
  /** What may be called again. */
  readonly retryBudget: RetryBudget;
  /** What second calls may add. */
  readonly hedgeBudget: RetryBudget;
  /** Watches attempts. */
  readonly observer: Observer;
  /** Headers of every request, unless a function gives them. */
  readonly commonHeaders: HeaderPairs;
  /** Attempts, and bodies that are being read. */
  readonly live: Set<Line>;
  /** Sends requests. */
  readonly transport: Transport;
  /** Whether the callee is told of deadline, trace and attempt. */
  readonly propagate: boolean;
  /** Most redirects in a row. */
  readonly maxRedirects: number;
  /** Time source. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: Random;
  /** Measures timeouts. */
  readonly deadlines: DeadlineWheel;
}

/**
 * Checks the options and opens what they ask for.
 *
 * @throws {TypeError | RangeError | SyntaxError} If an option is wrong; names it.
 */
export function openCore(options: HttpClientOptions): ClientCore {
  const { clock = systemClock, random = systemRandom, propagate = true } = options;
  const { maxRedirects = 10, metrics = defaultRegistry, log = noopLogger } = options;
  checkNumbers(options, maxRedirects);
  const base = baseOf(options);
  const service = options.service ?? (base ? new URL(base).host : "http");
  const breakers = options.breakers === false
    ? undefined
    : options.breakers ?? new BreakerGroup({ clock, random });
  const endpoints = endpointsOf(options, base, { service, breakers, random });
  return {
    options,
    service,
    endpoints,
    breakers,
    retryBudget: new RetryBudget({ clock }),
    hedgeBudget: new RetryBudget({ ratio: 0.05, minPerSecond: 0, clock }),
    observer: new Observer({ service, metrics: metrics || undefined, log, propagate }),
    commonHeaders: typeof options.headers === "function"
      ? []
      : Array.from(checkedHeaders(options.headers)),
    live: new Set(),
    transport: options.fetch
      ? { fetch: options.fetch, [Symbol.dispose]() {} }
      : openPool(options.pool),
    propagate,
    maxRedirects,
    clock,
    random,
    deadlines: options.deadlines ?? new DeadlineWheel({ clock }),
  };
}

function endpointsOf(
  options: HttpClientOptions,
  base: string | undefined,
  shared: { service: string; breakers: BreakerGroup | undefined; random: Random },
): EndpointSet {
  const { service, breakers, random } = shared;
  const balancer = createBalancer(options.balance ?? "p2c", random);
  const own = { service, balancer, breakers };
  if (base !== undefined) return EndpointSet.fixed(own, base);
  const { scheme = "http" } = options;
  return new EndpointSet(own, options.target!, (address) => `${scheme}://${address}`);
}

function baseOf({ baseUrl, target }: HttpClientOptions): string | undefined {
  if ((baseUrl === undefined) === (target === undefined)) {
    throw new TypeError("Cannot make client: need either baseUrl or target");
  }
  if (baseUrl === undefined) return undefined;
  const url = URL.parse(baseUrl);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new SyntaxError("Cannot make client: baseUrl must be a whole http or https URL");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    // It would end up in every log line and error.
    throw new SyntaxError(
      "Cannot make client: baseUrl must not hold a user, a query or a fragment; set headers instead",
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function checkNumbers(options: HttpClientOptions, maxRedirects: number): void {
  const { timeoutMs = 1, maxResponseBytes = 1 } = options;
  const fail = (need: string, got: unknown) => {
    throw new RangeError(`Cannot make client: need ${need}, got ${got}`);
  };
  if (!(timeoutMs > 0)) fail("timeoutMs > 0", timeoutMs);
  if (!(maxResponseBytes > 0)) fail("maxResponseBytes > 0", maxResponseBytes);
  if (!(Number.isInteger(maxRedirects) && maxRedirects >= 0)) {
    fail("an integer maxRedirects >= 0", maxRedirects);
  }
  const { attempts = 1 } = options.retry || {};
  if (!(Number.isInteger(attempts) && attempts >= 1)) {
    fail("an integer retry.attempts >= 1", attempts);
  }
}
