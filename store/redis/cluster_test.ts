import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { RedisCluster, RedisProcess } from "../../core/testing/provision_redis.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

const cluster = await RedisCluster.start();
Deno.test.afterAll(async () => await cluster[Symbol.asyncDispose]());

function own(options: RedisOptions = {}): RedisOptions {
  return {
    log: noopLogger,
    metrics: new MetricRegistry(),
    breakers: new BreakerGroup(),
    ...options,
  };
}

function open(options: RedisOptions = {}): Redis {
  return new Redis({ Host: cluster.host, Type: "cluster" }, own(options));
}

/** Runs `redis-cli` against a member. */
async function cli(member: RedisProcess, ...args: string[]): Promise<string> {
  const all = ["-p", `${member.port}`, ...args];
  const { stdout } = await new Deno.Command("redis-cli", { args: all }).output();
  return new TextDecoder().decode(stdout).trim();
}

const KEYS = Array.from({ length: 60 }, (_, i) => `zeno:cluster:${i}`);

Deno.test("a cluster takes each command to the server that has its key", async () => {
  const metrics = new MetricRegistry();
  await using redis = open({ metrics });
  await Promise.all(KEYS.map((key, i) => redis.set(key, i)));
  assertEquals(await Promise.all(KEYS.map((key) => redis.get(key))), KEYS.map((_, i) => `${i}`));
  const sizes = await Promise.all(cluster.members.map((member) => cli(member, "dbsize")));
  assert(sizes.every((size) => Number(size) >= 5), `${sizes}`);
  assert(
    renderText(metrics.snapshot()).includes(
      `redis_client_pool_conn_total_current{key="${cluster.host}",client_type="cluster"} 3`,
    ),
  );
});

Deno.test("a cluster is found by any of its members, in any order", async () => {
  const [first, second] = cluster.members;
  await using one = new Redis({ Host: first!.host, Type: "cluster" }, own());
  await using two = new Redis(
    { Host: ` ${second!.host}, ${second!.host}`, Type: "cluster" },
    own(),
  );
  await one.set(KEYS[0]!, "x");
  assertEquals(await two.get(KEYS[0]!), "x");
});

Deno.test("a pipeline is sent in parts, and answered in order", async () => {
  await using redis = open();
  const answers = await redis.pipelined((pipe) =>
    KEYS.flatMap((key, i) => [pipe.set(key, i), pipe.incr(key)])
  );
  assertEquals(answers.filter((_, i) => i % 2 === 1), KEYS.map((_, i) => i + 1));
  const script = new RedisScript("return redis.call('get', KEYS[1])");
  const read = await redis.pipelined((pipe) => KEYS.map((key) => pipe.runScript(script, [key])));
  assertEquals(read, KEYS.map((_, i) => `${i + 1}`));
  await assertRejects(
    () => redis.pipelined((pipe) => KEYS.map((key) => pipe.hget(key, "f"))),
    RedisReplyError,
    "WRONGTYPE",
  );
  assertEquals(await redis.pipelined((pipe) => [pipe.do(["echo", "a"]), pipe.get(KEYS[0]!)]), [
    "a",
    "1",
  ]);
});

Deno.test("keys with one tag can be used together, others cannot", async () => {
  await using redis = open();
  await redis.mset({ "{zeno}a": "1", "{zeno}b": "2" });
  assertEquals(await redis.mget(["{zeno}a", "{zeno}b"]), ["1", "2"]);
  assertEquals(await redis.txPipelined((pipe) => [pipe.incr("{zeno}a"), pipe.incr("{zeno}b")]), [
    2,
    3,
  ]);
  const wrong = [
    () => redis.mget(KEYS.slice(0, 5)),
    () => redis.txPipelined((pipe) => KEYS.slice(0, 5).map((key) => pipe.get(key))),
  ];
  for (const run of wrong) {
    const error = await assertRejects(run, RedisReplyError, "the same {tag}");
    assertEquals(error.prefix, "CROSSSLOT");
  }
});

Deno.test("a scan goes through all servers", async () => {
  await using redis = open();
  await Promise.all(KEYS.map((key, i) => redis.set(key, i)));
  const found = await Array.fromAsync(redis.scan({ match: "zeno:cluster:*", count: 100 }));
  assertEquals(found.sort(), [...KEYS].sort());
});

Deno.test("scripts, blocking nodes and subscriptions work in a cluster", async () => {
  await using redis = open();
  const key = `zeno:${crypto.randomUUID()}`;
  const script = new RedisScript("return redis.call('set', KEYS[1], ARGV[1])");
  for (const each of KEYS) assertEquals(await redis.runScript(script, [each], ["x"]), "OK");
  {
    await using node = redis.blocking();
    const waiting = node.blpop(`${key}:list`);
    await redis.rpush(`${key}:list`, "x");
    assertEquals((await waiting)?.value, "x");
  }
  await using subscription = redis.subscribe(key);
  await subscription.ready;
  await redis.publish(key, "hello");
  for await (const message of subscription) {
    assertEquals(message, "hello");
    break;
  }
});

Deno.test("integers beyond 2^53 are refused in a cluster, not rounded", async () => {
  await using redis = open();
  const key = `zeno:${crypto.randomUUID()}`;
  assertEquals(await redis.incrby(key, 2 ** 53 - 65), 2 ** 53 - 65);
  assertEquals(await redis.incr(key), 2 ** 53 - 64);
  for (const by of [1, 62, 2]) {
    const error = await assertRejects(() => redis.incrby(key, by), ServiceError);
    assertEquals(error.code, "out_of_range");
  }
  assertEquals(await redis.get(key), "9007199254740993");
});

Deno.test("R3: a slot that moves to another server is followed, by commands and by pipelines", async () => {
  await using redis = open();
  const key = "zeno:moving";
  await redis.set(key, "0");
  const slot = await cli(cluster.members[0]!, "cluster", "keyslot", key);
  const ids = await Promise.all(cluster.members.map((member) => cli(member, "cluster", "myid")));
  const before = redis.explain(key).name;
  const from = cluster.members.findIndex(({ host }) => before.endsWith(host));
  const to = (from + 1) % 3;
  const [source, target] = [cluster.members[from]!, cluster.members[to]!];
  await cli(target, "cluster", "setslot", slot, "importing", ids[from]!);
  await cli(source, "cluster", "setslot", slot, "migrating", ids[to]!);
  assertEquals(await redis.incr(key), 1); // Still where it was.
  await cli(source, "migrate", "127.0.0.1", `${target.port}`, key, "0", "5000");
  assertEquals(await redis.incr(key), 2); // The server says: ask the other.
  for (const member of [target, source, cluster.members[(to + 1) % 3]!]) {
    await cli(member, "cluster", "setslot", slot, "node", ids[to]!);
  }
  assertEquals(
    await redis.pipelined((pipe) => [pipe.incr(key), pipe.set(KEYS[0]!, "x"), pipe.incr(key)]),
    [3, undefined, 4],
  );
  assertEquals(await redis.incr(key), 5);
  assertNotEquals(redis.explain(key).name, before);
});

Deno.test("R1: a server of a cluster that is away takes its own keys along, and no others", async () => {
  await using mortal = await RedisCluster.start({
    args: ["--cluster-require-full-coverage", "no"],
  });
  const config = { Host: mortal.host, Type: "cluster" } as const;
  await using redis = new Redis(config, own());
  for (const key of KEYS) await redis.set(key, "x");
  const victim = mortal.members[1]!;
  const isLost = new Map(KEYS.map((key) => [key, redis.explain(key).name.endsWith(victim.host)]));
  await victim.kill();
  for (let round = 0; round < 5; round++) {
    for (const key of KEYS) {
      const outcome = await redis.get(key).then(() => "answered", () => "failed");
      assertEquals(outcome, isLost.get(key) ? "failed" : "answered", key);
    }
  }
});

Deno.test("R3: a replica takes over from a master that is gone, and nothing is carried out twice", async () => {
  await using mortal = await RedisCluster.start({ replicas: 1 });
  const config = { Host: mortal.host, Type: "cluster" } as const;
  await using redis = new Redis(config, own());
  for (const key of KEYS) await redis.set(key, "x");
  const key = KEYS[0]!;
  const master = mortal.members.find(({ host }) => redis.explain(key).name.endsWith(host))!;
  let answered = 0, unknown = 0;
  const add = () => redis.incr("{zeno:cluster:0}n").then(() => answered++, () => unknown++);
  for (let i = 0; i < 10; i++) await add();
  await eventually(
    "the replica",
    async () => (await cli(master, "info", "replication")).includes("lag=0"),
  );
  await eventually(
    "the replica's copy",
    async () => await cli(master, "wait", "1", "1000") === "1",
  );
  await master.kill();
  const tookMs = await eventually("the replica to take over", async () => {
    await add();
    return await redis.get(key).then((value) => value === "x", () => false);
  }, { timeoutMs: 30_000 });
  assert(tookMs < 20_000, `${tookMs} ms`);
  for (let i = 0; i < 10; i++) await add();
  const counted = Number(await redis.get("{zeno:cluster:0}n"));
  assert(answered <= counted && counted <= answered + unknown, `${answered} ${counted} ${unknown}`);
  assertEquals(
    await redis.pipelined((pipe) => KEYS.map((key) => pipe.get(key))),
    KEYS.map(() => "x"),
  );
});

Deno.test("a cluster that does not answer holds nobody up, in whatever is asked", async () => {
  await using silent = await RedisProcess.start();
  silent.freeze();
  const config = { Host: silent.host, Type: "cluster" } as const;
  await using redis = new Redis(config, own({ timeoutMs: 100 }));
  const runs = [
    () => redis.get("a"),
    () => redis.pipelined((pipe) => [pipe.get("a"), pipe.get("b")]),
    () => Array.fromAsync(redis.scan()),
  ];
  for (const run of runs) {
    const startedAt = performance.now();
    await assertRejects(run, ServiceError);
    assert(performance.now() - startedAt < 2_000);
  }
});

Deno.test("what is no cluster says so", async () => {
  await using single = await RedisProcess.start();
  await using redis = new Redis({ Host: single.host, Type: "cluster" }, own());
  await assertRejects(() => redis.get("a"), RedisConnectionError, "set Type: node");
  await using nowhere = new Redis({ Host: "127.0.0.1:1,127.0.0.1:2", Type: "cluster" }, own());
  await assertRejects(() => nowhere.get("a"), RedisConnectionError, "none of its members");
  assertEquals(await nowhere.ping(), false);
  await using member = new Redis({ Host: cluster.members[0]!.host }, own());
  const moved = await Promise.allSettled(KEYS.map((key) => member.get(key)));
  const error = moved.find((each) => each.status === "rejected")?.reason;
  assert(error instanceof RedisReplyError && error.message.includes("set Type: cluster"));
});
