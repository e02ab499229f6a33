/**
 * E1 to E6: an etcd that dies, forgets, is out of reach, and services that it loses.
 *
 * @module
 */

import { systemClock } from "../../../core/clock.ts";
import { sleep } from "./cluster.ts";
import { EtcdCluster } from "./etcd_cluster.ts";
import { openFiles } from "./footprint.ts";
import { failures } from "./load.ts";
import { atMost, holds, noneFails, type Row } from "./row.ts";

/** The time to live of a service's lease, unless told otherwise. */
const TTL_MS = 10_000;

/** What is measured with. */
export interface EtcdOptions {
  /** Calls a second. @default {300} */
  readonly perSecond?: number;
  /** How long etcd is away in E1, in minutes. @default {0.5} */
  readonly minutes?: number;
  /** Ids of the rows; all if empty. */
  readonly only?: readonly string[];
}

const ROWS: Readonly<
  Record<string, (cluster: EtcdCluster, options: EtcdOptions) => AsyncIterable<Row>>
> = {
  E1: e1,
  E2: e2,
  E3: e3,
  E4: e4,
  E5: e5,
  E6: e6,
};

/** Tries all. */
export async function* etcd(options: EtcdOptions = {}): AsyncGenerator<Row> {
  for (const [id, run] of Object.entries(ROWS)) {
    if (options.only?.length && !options.only.includes(id)) continue;
    await using cluster = await EtcdCluster.open(3);
    yield* run(cluster, options);
  }
}

async function* e1(
  cluster: EtcdCluster,
  { perSecond = 300, minutes = 0.5 }: EtcdOptions,
): AsyncGenerator<Row> {
  const load = cluster.load(perSecond);
  await sleep(1_000);
  await cluster.etcd.kill();
  await sleep(minutes * 60_000);
  await cluster.etcd.restart();
  const service = await cluster.add();
  const tookMs = await cluster.untilCalled(service);
  await load.stop();
  const what = `etcd killed for ${minutes} min`;
  yield noneFails("E1", what, load.samples);
  yield atMost(
    "E1",
    `${what}: lines in the client's log`,
    cluster.log.contents("error").length,
    2 + 2 * minutes,
  );
  yield atMost(
    "E1",
    `${what}: until a service started afterwards gets calls`,
    tookMs / 1_000,
    30,
    " s",
  );
}

async function* e2(cluster: EtcdCluster, { perSecond = 300 }: EtcdOptions): AsyncGenerator<Row> {
  const load = cluster.load(perSecond);
  const before = new Set((await cluster.entries()).map(({ key }) => key));
  await cluster.etcd.restart({ wipe: true });
  const backMs = await cluster.until(async () => {
    const entries = await cluster.entries().catch(() => []);
    return entries.length === 3 && entries.every(({ key }) => !before.has(key));
  });
  const service = await cluster.add();
  const calledMs = await cluster.untilCalled(service);
  await load.stop();
  yield atMost(
    "E2",
    "etcd without its data: until all are registered again",
    backMs / 1_000,
    10,
    " s",
  );
  yield atMost("E2", "etcd without its data: until the client follows", calledMs / 1_000, 5, " s");
  yield noneFails("E2", "etcd without its data", load.samples);
}

async function* e3(cluster: EtcdCluster, { perSecond = 300 }: EtcdOptions): AsyncGenerator<Row> {
  const load = cluster.load(perSecond);
  await sleep(1_000);
  const [service] = cluster.services;
  const [address] = service!.addresses;
  const isThere = async () => (await cluster.entries()).some(({ value }) => value === address);
  service!.kill("SIGSTOP");
  const fromMs = load.nowMs;
  const goneMs = await cluster.until(async () => !await isThere());
  await sleep(1_000);
  service!.kill("SIGCONT");
  const backMs = await cluster.until(isThere);
  await load.stop();
  const late = load.between(fromMs + 5_000);
  yield atMost(
    "E3",
    "service stopped in its tracks: until it is removed",
    goneMs / 1_000,
    TTL_MS / 1_000 + 2,
    " s",
  );
  yield atMost("E3", "service goes on: until it is registered again", backMs / 1_000, 5, " s");
  yield atMost(
    "E3",
    "service stopped: calls that fail after 5 s",
    100 * failures(late) / late.length,
    1,
    "%",
  );
}

async function* e4(cluster: EtcdCluster): AsyncGenerator<Row> {
  const [entry] = await cluster.entries();
  const isBack = async () => {
    const entries = await cluster.entries();
    return entries.length === 3 && entries.some(({ value }) => value === entry!.value);
  };
  await cluster.keys.delete({ key: entry!.key });
  const deletedMs = await cluster.until(isBack);
  const again = (await cluster.entries()).find(({ value }) => value === entry!.value);
  await cluster.keys.revokeLease(again!.lease);
  const revokedMs = await cluster.until(isBack);
  const limit = TTL_MS / 3 / 1_000;
  yield atMost("E4", "key deleted: until it is there again", deletedMs / 1_000, limit, " s");
  yield atMost("E4", "lease revoked: until the key is there again", revokedMs / 1_000, limit, " s");
}

async function* e5(cluster: EtcdCluster, { perSecond = 300 }: EtcdOptions): AsyncGenerator<Row> {
  const load = cluster.load(perSecond);
  const files = () => openFiles() + openFiles(cluster.services[0]!.pid);
  await sleep(1_000);
  const before = files();
  cluster.proxy.silence();
  await sleep(20_000); // Twice as long as leases live.
  cluster.proxy.heal();
  const backMs = await cluster.until(() => cluster.registered(3));
  for (let cycle = 0; cycle < 100; cycle++) {
    cluster.proxy.silence({ forget: cycle % 2 === 0 });
    await sleep(60);
    cluster.proxy.heal();
    await sleep(60);
  }
  await cluster.until(() => cluster.registered(3));
  await sleep(15_000); // What is dead is noticed by then.
  const after = files();
  const service = await cluster.add();
  const calledMs = await cluster.untilCalled(service);
  await load.stop();
  yield noneFails("E5", "black hole before etcd", load.samples);
  yield atMost("E5", "black hole is over: until all are registered", backMs / 1_000, 30, " s");
  yield atMost("E5", "after 100 black holes: open files added", Math.max(0, after - before), 20);
  yield atMost(
    "E5",
    "after 100 black holes: until a new service gets calls",
    calledMs / 1_000,
    30,
    " s",
  );
}

async function* e6(cluster: EtcdCluster, { perSecond = 300 }: EtcdOptions): AsyncGenerator<Row> {
  const load = cluster.load(perSecond);
  await sleep(500);
  const [gone] = cluster.services;
  const entry = (await cluster.entries()).find(({ value }) => value === gone!.addresses[0]);
  cluster.proxy.refuse();
  // What the client is not told of.
  await cluster.keys.delete({ key: entry!.key });
  gone!.kill("SIGKILL");
  const { revision } = await cluster.keys.range({ key: "none" });
  const response = await fetch(`http://${cluster.etcd.host}/v3/kv/compaction`, {
    method: "POST",
    body: JSON.stringify({ revision: String(revision), physical: true }),
  });
  await response.body?.cancel();
  cluster.proxy.heal();
  const startedMs = systemClock.now();
  const service = await cluster.add();
  const calledMs = await cluster.untilCalled(service);
  const addedMs = systemClock.now() - startedMs;
  await load.stop();
  yield holds("E6", "history compacted while the client was away", response.status === 200);
  yield noneFails("E6", "history compacted", load.samples);
  yield atMost(
    "E6",
    `history compacted: until the client follows, start of ${
      ((addedMs - calledMs) / 1_000).toFixed(1)
    } s not counted`,
    calledMs / 1_000,
    5,
    " s",
  );
}
