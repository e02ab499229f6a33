import type { Breaker, BreakerReport } from "../breaker/breaker.ts";
import type { Shedder, ShedderReport } from "../load/shedder.ts";

/** Breakers looked at and shown at most. A group may hold as many as a service has callees times methods. */
const MAX_LOOKED = 1000;
const MAX_SHOWN = 200;

/** The breakers of one part. */
export interface BreakerState {
  /** Breakers there are, or at least those that were looked at. */
  readonly count: number;
  /** Those with most to say: open ones first, then those with most failures, then the busiest. */
  readonly breakers: readonly BreakerReport[];
}

/**
 * The state of many breakers, for `registerDebug("breakers", name, () => breakerState(group))`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BreakerGroup } from "@zeno/zeno/core/breaker";
 * const group = new BreakerGroup();
 * await group.run("prices GET /prices", () => 42);
 * assertEquals(breakerState(group).breakers[0]?.name, "prices GET /prices");
 * ```
 */
export function breakerState(breakers: Iterable<Pick<Breaker, "explain">>): BreakerState {
  const reports: BreakerReport[] = [];
  for (const breaker of breakers) {
    if (reports.length === MAX_LOOKED) break;
    reports.push(breaker.explain());
  }
  const openness = ({ state }: BreakerReport) => state === "closed" ? 0 : 1;
  reports.sort((a, b) =>
    openness(b) - openness(a) || b.failed - a.failed || b.total - a.total ||
    a.name.localeCompare(b.name)
  );
  return { count: reports.length, breakers: reports.slice(0, MAX_SHOWN) };
}

/** The state of one shedder, under the name it is kept by. */
export interface NamedShedderReport extends ShedderReport {
  /** What it protects, such as a route. */
  readonly name: string;
}

/**
 * The state of many shedders, for `registerDebug("shedder", name, () => shedderState(group))`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ShedderGroup } from "@zeno/zeno/core/load";
 * using group = new ShedderGroup();
 * using _token = group.get("GET /orders").allow();
 * assertEquals(shedderState(group)[0]?.inFlight, 1);
 * ```
 */
export function shedderState(
  shedders: Iterable<readonly [string, Pick<Shedder, "explain">]>,
): NamedShedderReport[] {
  return Array.from(shedders, ([name, shedder]) => ({ name, ...shedder.explain() }))
    .sort((a, b) => b.inFlight - a.inFlight || a.name.localeCompare(b.name))
    .slice(0, MAX_SHOWN);
}
