import { assert, assertEquals, assertRejects } from "@std/assert";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { FaultProxy } from "../../core/testing/fault_proxy.ts";
import { RedisProcess } from "../../core/testing/provision_redis.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { RespServer } from "./_resp_server_test.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";

function own(options: RedisOptions = {}): RedisOptions {
  return {
    log: noopLogger,
    metrics: new MetricRegistry(),
    breakers: new BreakerGroup(),
    ...options,
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Load {
  readonly calls: number;
  readonly failed: number;
  /** How long the slowest took, and all but one in a hundred, in ms. */
  readonly slowest: number;
  readonly p99: number;
  /** How long the machine kept this process from doing anything, at the most, in ms. */
  readonly stall: number;
}

/** Calls `run` `perSecond` times a second for a while, whatever becomes of it. */
async function load(
  run: () => Promise<unknown>,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<Load> {
  const tookMs: number[] = [];
  let failed = 0, stall = 0;
  const calls: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let now = 0, made = 0; now < forMs;) {
    for (; made < now / 1_000 * perSecond; made++) {
      const at = performance.now();
      const done = () => void tookMs.push(performance.now() - at);
      calls.push(
        run().then(done, () => {
          failed++;
          done();
        }),
      );
    }
    await sleep(5);
    const before = now;
    now = performance.now() - startedAt;
    stall = Math.max(stall, now - before - 5);
  }
  await Promise.all(calls);
  tookMs.sort((a, b) => a - b);
  const p99 = tookMs[Math.floor(tookMs.length * 0.99)]!;
  return { calls: tookMs.length, failed, slowest: tookMs.at(-1)!, p99, stall };
}

Deno.test("R1: a Redis that is killed under load delays nobody, and is used again when it is back", async () => {
  await using server = await RedisProcess.start();
  await using redis = new Redis({ Host: server.host }, own());
  const run = () => redis.get("a");
  assertEquals((await load(run, { perSecond: 500, forMs: 300 })).failed, 0);
  const outage = load(run, { perSecond: 500, forMs: 2_000 });
  await server.kill();
  const { p99, failed, calls, stall } = await outage;
  assert(p99 <= 50 + stall, `p99 ${p99} ms with stalls of ${stall} ms`);
  assert(failed > 0.9 * calls, "it was not away");
  await server.restart();
  const backMs = await eventually("an answer", () => run().then(() => true, () => false));
  assert(backMs <= 5_000, `${backMs} ms`);
  await load(run, { perSecond: 500, forMs: 2_000 }); // The breaker closes meanwhile.
  const after = await load(run, { perSecond: 500, forMs: 500 });
  assert(after.failed <= 0.01 * after.calls, `${after.failed} failed`);
});

Deno.test("R1: a connection that is cut costs reads nothing, and no write is carried out twice", async () => {
  await using server = await RedisProcess.start();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: server.port });
  const retryBudget = new RetryBudget({ minPerSecond: 1_000 });
  const breakers = new BreakerGroup({ protection: 1_000_000 });
  await using redis = new Redis({ Host: proxy.address }, own({ retryBudget, breakers }));
  await redis.set("a", "x");
  let answered = 0, unknown = 0;
  for (let i = 0; i < 20; i++) {
    const reads = Array.from({ length: 4 }, () => redis.get("a"));
    const writes = Array.from(
      { length: 4 },
      () =>
        redis.incr("n").then(() => answered++, (error) => {
          assert(error instanceof RedisConnectionError && error.mayHaveRun, `${error}`);
          unknown++;
        }),
    );
    proxy.cut();
    assertEquals(await Promise.all(reads), ["x", "x", "x", "x"]);
    await Promise.all(writes);
  }
  const count = Number(await redis.get("n"));
  assert(answered <= count && count <= answered + unknown, `${answered} ${count} ${unknown}`);
  assertEquals(answered + unknown, 80);
});

Deno.test("R2: a Redis that accepts and never answers: calls end in time, few connections, back within 5 s", async () => {
  await using server = await RedisProcess.start();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: server.port });
  await using redis = new Redis({ Host: proxy.address }, own({ timeoutMs: 300 }));
  await eventually("the value", () => redis.set("a", "x").then(() => true, () => false));
  proxy.silence({ forget: true });
  const { slowest, failed, calls, stall } = await load(() => redis.get("a"), {
    perSecond: 200,
    forMs: 2_000,
  });
  assert(slowest <= 350 + 2 * stall, `slowest ${slowest} ms with stalls of ${stall} ms`);
  assertEquals(failed, calls);
  assert(proxy.accepted <= 8, `${proxy.accepted} connections were made`);
  proxy.heal();
  const backMs = await eventually(
    "an answer",
    () => redis.get("a").then((value) => value === "x", () => false),
  );
  assert(backMs <= 5_000, `${backMs} ms`);
});

Deno.test("R2: a Redis that never answers the handshake ends calls in time, too", async () => {
  await using server = await RedisProcess.start();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: server.port });
  proxy.silence();
  await using redis = new Redis({ Host: proxy.address }, own({ timeoutMs: 200 }));
  for (let i = 0; i < 3; i++) await assertRejects(() => redis.get("a"), ServiceError);
  proxy.heal();
  const backMs = await eventually("an answer", () => redis.ping());
  assert(backMs <= 5_000, `${backMs} ms`);
});

Deno.test("R2: a Redis that is frozen for a while gets no answer mixed up", async () => {
  await using server = await RedisProcess.start();
  await using redis = new Redis({ Host: server.host }, own({ timeoutMs: 5_000 }));
  await Promise.all(Array.from({ length: 50 }, (_, i) => redis.set(`k${i}`, i)));
  server.freeze();
  const late = redis.get("k0", { signal: AbortSignal.timeout(50) });
  await assertRejects(() => late);
  const values = Promise.all(Array.from({ length: 50 }, (_, i) => redis.get(`k${i}`)));
  await sleep(100);
  server.thaw();
  assertEquals(await values, Array.from({ length: 50 }, (_, i) => `${i}`));
});

const PASSING = [
  { reply: "LOADING Redis is loading the dataset in memory", reconnects: false },
  { reply: "READONLY You can't write against a read only replica.", reconnects: true },
  { reply: "MASTERDOWN Link with MASTER is down", reconnects: false },
  { reply: "CLUSTERDOWN The cluster is down", reconnects: false },
  { reply: "TRYAGAIN Multiple keys request during rehashing of slot", reconnects: false },
];

for (const { reply, reconnects } of PASSING) {
  const word = reply.split(" ")[0]!;
  Deno.test(`R3: a command that is turned away with ${word} is sent again, a write too`, async () => {
    let refused = 0;
    await using stub = new RespServer(() => refused++ < 2 ? `-${reply}\r\n` : ":1\r\n");
    await using redis = new Redis({ Host: stub.host }, own());
    assertEquals(await redis.incr("a"), 1);
    assertEquals([stub.seen.length, stub.accepted], [3, reconnects ? 3 : 1]);
  });

  Deno.test(`R3: a pipeline that is turned away with ${word} is sent again`, async () => {
    let refused = 0;
    await using stub = new RespServer(() => refused++ < 2 ? `-${reply}\r\n` : ":1\r\n");
    await using redis = new Redis({ Host: stub.host }, own());
    assertEquals(await redis.pipelined((pipe) => [pipe.incr("a"), pipe.incr("b")]), [1, 1]);
  });

  Deno.test(`R3: ${word} that goes on is told, after a few more tries and not more`, async () => {
    await using stub = new RespServer(() => `-${reply}\r\n`);
    await using redis = new Redis({ Host: stub.host }, own());
    const error = await assertRejects(() => redis.incr("a"), RedisReplyError, word);
    assertEquals([error.code, stub.seen.length], ["unavailable", 4]);
    const retryBudget = new RetryBudget({ ratio: 0.1, minPerSecond: 3 });
    await using frugal = new Redis({ Host: stub.host }, own({ retryBudget }));
    // With many calls the tries come from a budget: a server in trouble gets a tenth more, not four times as much.
    stub.seen.length = 0;
    for (let i = 0; i < 30; i++) await frugal.get("a").catch(() => {});
    assert(stub.seen.length <= 30 + 10, `${stub.seen.length}`);
  });
}

Deno.test("R3: MOVED from a single server says what to do", async () => {
  await using stub = new RespServer(() => "-MOVED 3999 127.0.0.1:6381\r\n");
  await using redis = new Redis({ Host: stub.host }, own());
  await assertRejects(() => redis.get("a"), RedisReplyError, "set Type: cluster");
});

Deno.test("R3: commands wait for a Redis that is loading its data when it starts", async () => {
  // A second for two thousand keys, in which it says LOADING to all that ask.
  const slowly = ["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"];
  const args = ["--enable-debug-command", "yes", ...slowly];
  await using server = await RedisProcess.start({ args });
  await using redis = new Redis({ Host: server.host }, own({ timeoutMs: 20_000 }));
  await redis.do(["debug", "populate", "2000"]);
  await redis.do(["save"]);
  await server.restart();
  const startedAt = performance.now();
  const value = await eventually(
    "the connection",
    async () => await redis.get("key:1").catch(() => "failed") === "value:1",
  );
  assert(value < 10_000);
  assert(performance.now() - startedAt > 300, "it was not loading");
});

Deno.test("a hundred outages leave nothing behind", async () => {
  await using server = await RedisProcess.start();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: server.port });
  await using redis = new Redis({ Host: proxy.address }, own());
  for (let i = 0; i < 100; i++) {
    await redis.ping();
    proxy.cut();
  }
  await eventually("an answer", () => redis.ping());
  await eventually("the old connections to go", () => proxy.connections === 1);
});

Deno.test("a client can be disposed in any state, and soon", async () => {
  await using server = await RedisProcess.start();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: server.port });
  const states: Record<string, (redis: Redis) => Promise<unknown>> = {
    "never used": () => Promise.resolve(),
    connecting: (redis) => Promise.resolve(void redis.get("a").catch(() => {})),
    ready: (redis) => redis.get("a"),
    silent: async (redis) => {
      await redis.get("a");
      proxy.silence();
      redis.get("a").catch(() => {});
    },
    away: async (redis) => {
      proxy.refuse();
      await redis.get("a").catch(() => {});
    },
  };
  for (const [state, reach] of Object.entries(states)) {
    const redis = new Redis({ Host: proxy.address }, own());
    await reach(redis);
    const startedAt = performance.now();
    await redis[Symbol.asyncDispose]();
    const tookMs = performance.now() - startedAt;
    assert(tookMs < 2_500, `${state}: ${tookMs} ms`);
    proxy.heal();
  }
});

Deno.test("a command that times out does not answer another's question", async () => {
  await using server = await RedisProcess.start();
  await using redis = new Redis({ Host: server.host }, own({ timeoutMs: 1_000 }));
  await redis.mset({ a: "1", b: "2" });
  server.freeze();
  await assertRejects(() => redis.get("a"), DeadlineExceededError);
  const other = redis.get("b", { signal: AbortSignal.timeout(5_000) });
  server.thaw();
  assertEquals(await other, "2");
});
