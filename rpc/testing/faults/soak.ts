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
  /** Calls a second. @default {150} */
  readonly perSecond?: number;
  /** How long, in minutes. @default {3} */
  readonly minutes?: number;
}

/** Calls, slow ones of which are made twice, and streams, while one of five servers is harmed, again and again. */
export async function* soak(options: SoakOptions = {}): AsyncGenerator<Row> {
  const { perSecond = 150, minutes = 3 } = options;
  const client = { Timeout: 2_000 };
  await using cluster = await openCluster(5, client, { hedge: { delayMs: 200 } });
  await using well = await openCluster(5, client);
  const { look, count } = cluster.client.stub(echoService);
  const calls = new Load(() => look(echo("a")), perSecond);
  const control = new Load(() => well.client.stub(echoService).look(echo("a")), perSecond);
  const streams = new Load(
    () => Array.fromAsync(count(echo("", 20), { timeoutMs: 2_000 })),
    perSecond / 20,
  );
  const tallies = [calls, control, streams].map((load) => new Tally(load));
  const [called, controlled, streamed] = tallies as [Tally, Tally, Tally];
  await sleep(5_000);
  const filesBefore = openFiles();
  const heap: [number, number][] = [];
  const rss: [number, number][] = [];
  const startedMs = systemClock.now();
  for (;;) {
    for (const tally of tallies) tally.take();
    const hours = (systemClock.now() - startedMs) / 3_600_000;
    heap.push([hours, heapMiB()]);
    rss.push([hours, rssMiB()]);
    if (hours * 60 >= minutes) break;
    await harm(cluster);
  }
  await sleep(5_000);
  const filesAfter = openFiles();
  for (const load of [calls, control, streams]) await load.stop();
  const what = `${minutes} min, a fault every 4 s`;
  const later = (points: [number, number][]) => points.slice(Math.floor(points.length / 3));
  const heapSlope = slopeOf(later(heap));
  const usual = controlled.failedPercent;
  const besides = `besides the ${usual.toFixed(2)} % that fail of a cluster that is well`;
  yield atMost("S11", `${what}: calls that fail, ${besides}`, called.failedPercent - usual, 4, "%");
  yield atMost(
    "S11",
    `${what}: streams that fail, ${besides}`,
    streamed.failedPercent - usual,
    8,
    "%",
  );
  yield atMost("S11", `${what}: heap added an hour, by its last two thirds`, heapSlope, 40, " MiB");
  yield atMost("S11", `${what}: open files added`, Math.max(0, filesAfter - filesBefore), 4);
  yield atMost("S11", `${what}: memory of the process`, rss.at(-1)![1], 400, " MiB");
}

/** Counts the samples of a load, and lets them go: what is kept would look like a leak. */
class Tally {
  /** Calls that have ended. */
  all = 0;
  readonly #load: Load;
  #failed = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  /** Share of the calls that failed, in percent. */
  get failedPercent(): number {
    return 100 * this.#failed / this.all;
  }

  take(): void {
    const samples = this.#load.samples.splice(0);
    this.all += samples.length;
    this.#failed += failures(samples);
  }
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
