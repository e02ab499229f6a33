/**
 * S11: some minutes of calls, and a fault every few seconds.
 *
 * @module
 */

import { systemClock, systemRandom } from "../../../core/clock.ts";
import type { FaultProxy } from "../../../core/testing/fault_proxy.ts";
import { echo, echoService } from "../echo_service.ts";
import { type Cluster, openCluster, sleep } from "./cluster.ts";
import { heapMiB, openFiles, rssMiB, slopeOf } from "./footprint.ts";
import { failures, Load } from "./load.ts";
import { atMost, type Row } from "./row.ts";

const HARMS: readonly ((proxy: FaultProxy) => void)[] = [
  (proxy) => proxy.delay(200),
  (proxy) => proxy.throttle(500),
  (proxy) => proxy.cut(),
  (proxy) => proxy.refuse(),
  (proxy) => proxy.silence(),
  (proxy) => proxy.silence({ forget: true }),
];

/** What is measured with. */
export interface SoakOptions {
  /** Calls a second. @default {200} */
  readonly perSecond?: number;
  /** How long, in minutes. @default {3} */
  readonly minutes?: number;
}

/** Calls, slow ones of which are made twice, and streams, while one of five servers is harmed, again and again. */
export async function* soak(options: SoakOptions = {}): AsyncGenerator<Row> {
  const { perSecond = 200, minutes = 3 } = options;
  await using cluster = await openCluster(5, { Timeout: 500 }, { hedge: { delayMs: 100 } });
  const { look, count } = cluster.client.stub(echoService);
  const calls = new Load(() => look(echo("a")), perSecond);
  const streams = new Load(
    () => Array.fromAsync(count(echo("", 20), { timeoutMs: 500 })),
    perSecond / 20,
  );
  await sleep(5_000);
  const filesBefore = openFiles();
  const heap: [number, number][] = [];
  const rss: [number, number][] = [];
  const startedMs = systemClock.now();
  for (;;) {
    const hours = (systemClock.now() - startedMs) / 3_600_000;
    heap.push([hours, heapMiB()]);
    rss.push([hours, rssMiB()]);
    if (hours * 60 >= minutes) break;
    await harm(cluster);
  }
  await sleep(5_000);
  const filesAfter = openFiles();
  await calls.stop();
  await streams.stop();
  const what = `${minutes} min, a fault every 4 s`;
  const later = (points: [number, number][]) => points.slice(Math.floor(points.length / 3));
  yield atMost(
    "S11",
    `${what}: calls that fail`,
    100 * failures(calls.samples) / calls.samples.length,
    1,
    "%",
  );
  yield atMost(
    "S11",
    `${what}: streams that fail`,
    100 * failures(streams.samples) / streams.samples.length,
    5,
    "%",
  );
  // The samples of calls are kept until the end.
  const samplesMiB = 100 * perSecond * 3_600 / 2 ** 20;
  yield atMost(
    "S11",
    `${what}: slope of the heap, of which ${samplesMiB.toFixed(0)} are the figures kept`,
    slopeOf(later(heap)),
    60 + samplesMiB,
    " MiB/h",
  );
  yield atMost("S11", `${what}: open files added`, Math.max(0, filesAfter - filesBefore), 4);
  yield atMost("S11", `${what}: memory of the process`, rss.at(-1)![1], 400, " MiB");
}

/** Harms one server for three seconds. */
async function harm(cluster: Cluster): Promise<void> {
  const draw = <T>(items: readonly T[]) => items[Math.floor(systemRandom() * items.length)]!;
  const proxy = draw(cluster.proxies);
  draw(HARMS)(proxy);
  await sleep(3_000);
  proxy.heal();
  await sleep(1_000);
}
