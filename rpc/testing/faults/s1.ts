/**
 * S1: one of five servers does badly.
 *
 * @module
 */

import type { FaultProxy } from "../../../core/testing/fault_proxy.ts";
import { systemClock } from "../../../core/clock.ts";
import { echo, echoService } from "../echo_service.ts";
import type { Behaviour } from "./backend.ts";
import { type Cluster, openCluster, sleep } from "./cluster.ts";
import { failures, idleLoad, Load, longest, usualP99 } from "./load.ts";
import { atMost, type Row } from "./row.ts";

/** A way to do badly. */
interface Fault {
  readonly id: string;
  readonly name: string;
  /** What the server does. */
  readonly behaviour?: Behaviour;
  /** What the network does, again and again. */
  readonly network?: (proxy: FaultProxy) => void;
}

const FAULTS: readonly Fault[] = [
  { id: "S1a", name: "+500 ms", network: (proxy) => proxy.delay(250) },
  { id: "S1b", name: "half of the calls fail", behaviour: "errors" },
  { id: "S1c", name: "hangs", behaviour: "hang" },
  { id: "S1d", name: "connection reset, again and again", network: (proxy) => proxy.cut() },
  { id: "S1d'", name: "connection refused", network: (proxy) => proxy.refuse() },
  { id: "S1e", name: "black hole", network: (proxy) => proxy.silence() },
  { id: "S1f", name: "drip of 200 bytes/s", network: (proxy) => proxy.throttle(200) },
];

const TIMEOUT_MS = 1_000;

/** What is measured with. */
export interface S1Options {
  /** Calls a second, to each of two clusters. @default {250} */
  readonly perSecond?: number;
  /** How long it is watched, in ms. @default {8_000} */
  readonly watchMs?: number;
  /** Ids of the faults; all if empty. */
  readonly only?: readonly string[];
}

/**
 * Tries every fault. A second cluster that is well gets the same calls at the same time: what the machine is busy with beside
 * shows in both.
 */
export async function* s1(options: S1Options = {}): AsyncGenerator<Row> {
  await using well = await openCluster(5, { Timeout: TIMEOUT_MS });
  for (const fault of FAULTS) {
    if (options.only?.length && !options.only.includes(fault.id)) continue;
    await using cluster = await openCluster(5, { Timeout: TIMEOUT_MS });
    yield* oneFault(cluster, well, fault, options);
  }
}

async function* oneFault(
  cluster: Cluster,
  well: Cluster,
  fault: Fault,
  { perSecond = 250, watchMs = 8_000 }: S1Options,
): AsyncGenerator<Row> {
  const bad = cluster.proxies[0]!;
  await using load = loadOf(cluster, perSecond);
  await using control = loadOf(well, perSecond);
  await using idle = idleLoad(perSecond);
  await sleep(3_000);
  const brokenAtMs = load.nowMs;
  if (fault.behaviour) await cluster.backends.behave(0, fault.behaviour);
  fault.network?.(bad);
  using _again = systemClock.setInterval(() => fault.network?.(bad), 50);
  await sleep(5_000);
  const fromMs = load.nowMs;
  const controlFromMs = control.nowMs;
  const before = new Map(cluster.given);
  await sleep(watchMs);
  const toMs = load.nowMs;
  const counts = cluster.proxies.map(({ address }) =>
    (cluster.given.get(address) ?? 0) - (before.get(address) ?? 0)
  );
  await sleep(TIMEOUT_MS + 100);
  await load.stop();
  await control.stop();
  await idle.stop();
  bad.heal();
  const total = counts.reduce((sum, count) => sum + count, 0);
  const after = load.between(fromMs, toMs);
  const healthyMs = usualP99(control.between(controlFromMs, controlFromMs + watchMs));
  const badMs = usualP99(after);
  const { id, name } = fault;
  const times = `p99 ${badMs.toFixed(1)} ms, of that of a cluster that is well`;
  yield atMost(id, `${name}: share of calls after 5 s`, 100 * counts[0]! / total, 2, "%");
  yield atMost(id, `${name}: ${times}`, badMs / healthyMs, 1.5, "x");
  yield atMost(id, `${name}: calls that fail`, 100 * failures(after) / after.length, 1, "%");
  const pauseMs = longest(idle.samples);
  const pauses = `and the machine's own pauses up to ${pauseMs.toFixed(0)} ms`;
  yield atMost(
    id,
    `${name}: longest call, deadline ${TIMEOUT_MS} ms ${pauses}`,
    longest(load.between(brokenAtMs)),
    TIMEOUT_MS + 50 + pauseMs,
    " ms",
  );
}

function loadOf({ client }: Cluster, perSecond: number): Load {
  const { say } = client.stub(echoService);
  return new Load((number) => say(echo("a", number)), perSecond);
}
