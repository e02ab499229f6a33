/**
 * S2: all servers are down.
 *
 * @module
 */

import { echo, echoService } from "../echo_service.ts";
import type { Behaviour } from "./backend.ts";
import { type Cluster, openCluster, sleep } from "./cluster.ts";
import { failures, Load, usualP99 } from "./load.ts";
import { atMost, type Row } from "./row.ts";

const SERVERS = 5;
const TIMEOUT_MS = 500;

/** A way to be down. */
interface Outage {
  readonly id: string;
  readonly name: string;
  /** What the servers do. */
  readonly behaviour?: Behaviour;
  /** What the network does. */
  readonly network?: "refuse" | "silence";
}

const OUTAGES: readonly Outage[] = [
  { id: "S2a", name: "all refuse connections", network: "refuse" },
  { id: "S2b", name: "all hang", behaviour: "hang" },
  { id: "S2c", name: "all answer with errors", behaviour: "fail" },
  { id: "S2d", name: "all behind a black hole", network: "silence" },
];

/** Tries every way to be down. */
export async function* s2(
  options: { perSecond?: number; only?: readonly string[] } = {},
): AsyncGenerator<Row> {
  for (const outage of OUTAGES) {
    if (options.only?.length && !options.only.includes(outage.id)) continue;
    await using cluster = await openCluster(SERVERS, { Timeout: TIMEOUT_MS });
    yield* oneOutage(cluster, outage, options.perSecond ?? 300);
  }
}

async function* oneOutage(
  cluster: Cluster,
  { id, name, behaviour, network }: Outage,
  perSecond: number,
): AsyncGenerator<Row> {
  const { say } = cluster.client.stub(echoService);
  await using load = new Load((number) => say(echo("a", number)), perSecond);
  await sleep(2_000);
  for (let server = 0; server < SERVERS; server++) {
    if (behaviour) await cluster.backends.behave(server, behaviour);
    if (network) cluster.proxies[server]![network]();
  }
  await sleep(6_000);
  const fromMs = load.nowMs;
  const before = made(cluster);
  await sleep(8_000);
  const toMs = load.nowMs;
  const after = made(cluster);
  const perServer = (after - before) / SERVERS / ((toMs - fromMs) / 1_000);
  for (let server = 0; server < SERVERS; server++) {
    if (behaviour) await cluster.backends.behave(server, "well");
    cluster.proxies[server]!.heal();
  }
  const healedMs = load.nowMs;
  await sleep(8_000);
  await load.stop();
  const refused = load.between(fromMs, toMs).filter(({ tookMs }) => tookMs < TIMEOUT_MS);
  yield atMost(id, `${name}: p99 of calls that are refused`, usualP99(refused), 20, " ms");
  yield atMost(id, `${name}: calls made, each second for each server`, perServer, 1);
  const late = load.between(healedMs + 5_000);
  yield atMost(
    id,
    `${name}: calls that fail 5 s after it is over`,
    100 * failures(late) / late.length,
    1,
    "%",
  );
}

/** The calls that were given to a server, and not refused before. */
function made({ given }: Cluster): number {
  return [...given.values()].reduce((sum, count) => sum + count, 0);
}
