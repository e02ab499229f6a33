import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { provisionRedis, RedisProcess } from "../../core/testing/provision_redis.ts";
import { seededRandom } from "../../core/testing/seeded_random.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { runWithDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import { useTracer } from "../../core/trace/active_tracer.ts";
import { RespServer } from "./_resp_server_test.ts";
import type { RedisCall, RedisInterceptor } from "./command.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";

const server = await provisionRedis();
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

/** Options that share nothing with other tests. */
function own(options: RedisOptions = {}): RedisOptions {
  return {
    log: noopLogger,
    metrics: new MetricRegistry(),
    breakers: new BreakerGroup({ random: () => 0 }),
    ...options,
  };
}

function open(options: RedisOptions = {}): Redis {
  return new Redis({ Host: server.host }, own(options));
}

function newKey(): string {
  return `zeno:${crypto.randomUUID()}`;
}

const WRONG = [
  { name: "an empty host", config: { Host: "" }, error: ValidationError, says: "empty redis host" },
  {
    name: "an unknown type",
    config: { Host: "a:1", Type: "sentinel" as "node" },
    error: ValidationError,
    says: "Type",
  },
  {
    name: "a host that is none",
    config: { Host: "a b:1" },
    error: SyntaxError,
    says: 'got "a b:1"',
  },
  {
    name: "a port that is none",
    config: { Host: "a:99999" },
    error: SyntaxError,
    says: "need host:port",
  },
  {
    name: "several hosts that are no cluster",
    config: { Host: "a:1,b:2" },
    error: TypeError,
    says: "set Type: cluster",
  },
  {
    name: "a database of a cluster",
    config: { Host: "a:1", Type: "cluster", Db: 3 } as const,
    error: TypeError,
    says: "but database 0",
  },
];

for (const { name, config, error, says } of WRONG) {
  Deno.test(`Redis refuses ${name}`, () => {
    assertThrows(() => new Redis(config, own()), error, says);
  });
}

Deno.test("Redis refuses a time that is none", () => {
  assertThrows(() => new Redis({ Host: "a:1" }, own({ timeoutMs: 0 })), RangeError, "timeoutMs");
});

Deno.test("Redis connects with its first command, and clients share a connection", async () => {
  await using stub = new RespServer(() => "+OK\r\n");
  const config = { Host: stub.host, Pass: "" };
  {
    await using one = new Redis(config, own());
    await using two = new Redis({ Host: stub.host }, own());
    assertEquals([stub.accepted, `${one}`], [0, stub.host]);
    await Promise.all([one.set("a", 1), two.set("a", 1)]);
    assertEquals(stub.accepted, 1);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose](); // Counts once.
    await two.set("a", 1);
    assertEquals(stub.accepted, 1);
  }
  await using other = new Redis(config, own());
  await other.set("a", 1);
  assertEquals(stub.accepted, 2);
});

Deno.test("Redis shares no connection with another account, database or time limit", async () => {
  await using stub = new RespServer(() => "+OK\r\n");
  const base = { Host: stub.host };
  const configs = [base, { ...base, User: "me", Pass: "s3cret" }, { ...base, Db: 2 }];
  for (const [i, config] of configs.entries()) {
    await using first = new Redis(base, own());
    await first.set("a", 1);
    await using client = new Redis(config, own(i === 0 ? { timeoutMs: 500 } : {}));
    await client.set("a", 1);
    assertEquals(stub.accepted, 2 * (i + 1));
  }
});

Deno.test("Redis uses the account, the password and the database that it is given", async () => {
  await using guarded = await RedisProcess.start({ args: ["--requirepass", "s3cret"] });
  const config = { Host: guarded.host, Pass: "s3cret", Db: 3 };
  await using redis = new Redis(config, own());
  await redis.set("a", 1);
  await redis.do([
    "acl",
    "setuser",
    "reader",
    "on",
    ">pw",
    "~*",
    "+@read",
    "+@connection",
    "+info",
  ]);
  await using other = new Redis({ ...config, Db: 0 }, own());
  assertEquals([await redis.get("a"), await other.get("a")], ["1", null]);
  await using reader = new Redis({ ...config, User: "reader", Pass: "pw" }, own());
  assertEquals(await reader.get("a"), "1");
  const refused = await assertRejects(() => reader.set("a", 2), RedisReplyError, "NOPERM");
  assertEquals([refused.code, refused.prefix], ["internal", "NOPERM"]);
  await using wrong = new Redis({ ...config, Pass: "wrong" }, own());
  const error = await assertRejects(() => wrong.get("a"), RedisConnectionError, "WRONGPASS");
  assert(!error.message.includes("wrong,"));
  await using without = new Redis({ Host: guarded.host }, own());
  await assertRejects(() => without.get("a"), Error, "NOAUTH");
});

for (const DisableIdentity of [false, true]) {
  Deno.test(`Redis ${DisableIdentity ? "keeps" : "tells"} the name of the client library`, async () => {
    await using stub = new RespServer(() => "+OK\r\n");
    await using redis = new Redis({ Host: stub.host, DisableIdentity }, own());
    await redis.set("a", 1);
    assertEquals(stub.greetings.some(([name]) => name === "client"), !DisableIdentity);
  });
}

Deno.test("Redis.connect() sees that Redis answers, unless NonBlock is set", async () => {
  const nowhere = { Host: "127.0.0.1:1" };
  await using _late = await Redis.connect(nowhere, own());
  await assertRejects(
    () => Redis.connect({ ...nowhere, NonBlock: false }, own()),
    RedisConnectionError,
    "redis connect error, addr: 127.0.0.1:1: connect ECONNREFUSED",
  );
  await using redis = await Redis.connect({ Host: server.host, NonBlock: false }, own());
  assertEquals(await redis.ping(), true);
  await using silent = new RespServer(() => undefined);
  const config = { Host: silent.host, NonBlock: false, PingTimeout: 50 };
  await assertRejects(() => Redis.connect(config, own()), RedisConnectionError, "connect error");
});

Deno.test("Redis.ping() tells whether Redis answers, and never rejects", async () => {
  await using redis = open();
  assertEquals(await redis.ping(), true);
  assertEquals(await redis.ping({ signal: AbortSignal.abort() }), false);
  await using nowhere = new Redis({ Host: "127.0.0.1:1" }, own());
  assertEquals(await nowhere.ping(), false);
});

Deno.test("Redis fails with what the server answers", async () => {
  await using redis = open();
  const key = newKey();
  await redis.set(key, "x");
  const error = await assertRejects(() => redis.hget(key, "f"), RedisReplyError, "WRONGTYPE");
  assertEquals([error.prefix, error.code, error.isPassing], ["WRONGTYPE", "internal", false]);
  assertMatch(error.message, /^Cannot run hget: WRONGTYPE /);
  await redis.del(key);
});

Deno.test("Redis.pipelined() sends all at once and answers each", async () => {
  await using redis = open();
  const key = newKey();
  const [nothing, count, value] = await redis.pipelined((pipe) => [
    pipe.set(key, 1),
    pipe.incr(key),
    pipe.get(key),
  ]);
  assertEquals([nothing, count, value], [undefined, 2, "2"]);
  assertEquals(await redis.pipelined((pipe) => pipe.get(key)), "2");
  assertEquals(await redis.pipelined(() => {}), undefined);
  await redis.pipelined((pipe) => pipe.expire(key, 3600));
  assertEquals(await redis.ttl(key), 3600);
  await redis.del(key);
});

Deno.test("Redis.pipelined() fails with the first error, and carries out the others", async () => {
  await using redis = open();
  const key = newKey();
  let after: Promise<string | null> | undefined;
  await assertRejects(
    () =>
      redis.pipelined((pipe) => {
        pipe.set(key, "x");
        pipe.hget(key, "f");
        pipe.incr(key);
        after = pipe.get(key);
      }),
    RedisReplyError,
    "Cannot run hget: WRONGTYPE",
  );
  assertEquals(await after, "x");
  await redis.del(key);
});

Deno.test("Redis.pipelined() refuses what is queued too late", async () => {
  await using redis = open();
  const late = redis.pipelined(async (pipe) => {
    await Promise.resolve();
    return await pipe.get("a");
  });
  await assertRejects(() => late, TypeError, "the pipeline has been sent");
});

Deno.test("Redis.txPipelined() is carried out as a whole or not at all", async () => {
  await using redis = open();
  const key = newKey();
  assertEquals(
    await redis.txPipelined((pipe) => [pipe.set(key, 1), pipe.incr(key), pipe.hgetall(`${key}:h`)]),
    [undefined, 2, {}],
  );
  await assertRejects(
    () => redis.txPipelined((pipe) => [pipe.incr(key), pipe.do(["nonsense"])]),
    RedisReplyError,
    "EXECABORT",
  );
  assertEquals(await redis.get(key), "2");
  await assertRejects(
    () => redis.txPipelined((pipe) => [pipe.incr(key), pipe.hget(key, "f")]),
    RedisReplyError,
    "WRONGTYPE",
  );
  assertEquals(await redis.get(key), "3");
  await redis.del(key);
});

Deno.test("Redis gives each caller its own answer, whatever is sent at the same time", async () => {
  await using redis = open();
  let id = 0;
  const echo = (from: Pick<Redis, "do">, text = `${id++}`) =>
    from.do(["echo", `echo ${text}`]).then((reply) => assertEquals(reply, `echo ${text}`));
  const bytes = new Uint8Array([0xff, 0, 13, 10]);
  const kinds = [
    () => echo(redis),
    () =>
      redis.do(["nonsense"]).then(() => {}, (error) => assert(error instanceof RedisReplyError)),
    () => redis.pipelined((pipe) => [echo(pipe), echo(pipe), echo(pipe)]),
    () => redis.txPipelined((pipe) => [echo(pipe), echo(pipe)]),
    () => redis.do(["echo", bytes]).then((reply) => assertMatch(String(reply), /\0\r\n$/)),
    () => redis.eval("return ARGV[1]", [], ["x"]).then((reply) => assertEquals(reply, "x")),
  ];
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const run = async () => {
    for (let i = 0; i < 50; i++) {
      await kinds[Math.floor(random() * kinds.length)]!();
      if (random() < 0.1) await Promise.resolve();
    }
  };
  await Promise.all(Array.from({ length: 40 }, run));
});

Deno.test("Redis ends a command whose signal is aborted, and sends none for one that was", async () => {
  await using stub = new RespServer(([name]) => name === "get" ? undefined : "+OK\r\n");
  const breakers = new BreakerGroup();
  await using redis = new Redis({ Host: stub.host }, own({ breakers }));
  await redis.set("a", 1);
  const before = AbortSignal.abort(new Error("never mind"));
  for (
    const run of [
      () => redis.get("a", { signal: before }),
      () => redis.do(["get", "a"], { signal: before }),
    ]
  ) {
    await assertRejects(run, Error, "never mind");
  }
  await assertRejects(() => redis.pipelined((p) => p.get("a"), { signal: before }), Error, "never");
  assertEquals([stub.seen.length, redis.explain().total], [1, 1]);
  const controller = new AbortController();
  const waiting = redis.get("a", { signal: controller.signal });
  await eventually("the command", () => stub.seen.length === 2);
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  assertEquals(redis.explain().failed, 0); // The caller has gone; that says nothing about Redis.
});

Deno.test("Redis ends a command in time", async () => {
  await using stub = new RespServer(([name]) => name === "get" ? undefined : "+OK\r\n");
  await using redis = new Redis({ Host: stub.host }, own({ timeoutMs: 500 }));
  await redis.set("a", 1);
  const startedAt = performance.now();
  await assertRejects(() => redis.get("a"), DeadlineExceededError, "Cannot run get: no answer");
  const tookMs = performance.now() - startedAt;
  assert(tookMs >= 499 && tookMs < 3_000, `${tookMs}`);
  assertEquals(redis.explain().failed, 1);
});

Deno.test("Redis ends a command at the current deadline, and sends none when time is up", async () => {
  await using stub = new RespServer(([name]) => name === "get" ? undefined : "+OK\r\n");
  await using redis = new Redis({ Host: stub.host }, own());
  await redis.set("a", 1);
  using deadlines = new DeadlineWheel();
  using deadline = new Deadline(20, { deadlines });
  await assertRejects(
    () => runWithDeadline(deadline, () => redis.pipelined((pipe) => pipe.get("a"))),
    DeadlineExceededError,
  );
  const seen = stub.seen.length;
  await assertRejects(
    () => runWithDeadline(deadline, () => redis.get("a")),
    DeadlineExceededError,
  );
  // Time was up before: nothing was sent, and the breaker was not asked.
  assertEquals([stub.seen.length, redis.explain().failed], [seen, 1]);
});

const OPENERS = [
  { name: "commands", run: (redis: Redis) => redis.get("a") },
  {
    name: "pipelines",
    run: (redis: Redis) => redis.pipelined((pipe) => [pipe.get("a"), pipe.get("b")]),
  },
];

for (const { name, run } of OPENERS) {
  Deno.test(`Redis opens the breaker when ${name} fail`, async () => {
    await using stub = new RespServer(() => "-ERR no\r\n");
    const metrics = new MetricRegistry();
    await using redis = new Redis({ Host: stub.host }, own({ metrics }));
    let open = 0;
    for (let i = 0; i < 1_000; i++) {
      const error = await run(redis).then(() => undefined, (error) => error);
      if (error instanceof CircuitOpenError) open++;
      else assert(error instanceof RedisReplyError, `${error}`);
    }
    assert(open > 900, `${open}`);
    assertMatch(
      renderText(metrics.snapshot()),
      /error_total\{command="\w+",error="breaker open"\} \d+/,
    );
  });

  Deno.test(`Redis leaves the breaker closed when ${name} succeed`, async () => {
    await using stub = new RespServer(() => "$-1\r\n"); // What is not there is no failure.
    await using redis = new Redis({ Host: stub.host }, own());
    for (let i = 0; i < 1_000; i++) await run(redis);
    assertEquals([redis.explain().failed, redis.explain().dropped], [0, 0]);
  });
}

Deno.test("Redis asks what says nothing against the server", async () => {
  await using stub = new RespServer(() => "-WRONGTYPE no\r\n");
  const acceptable = (error: unknown) =>
    error instanceof RedisReplyError && error.prefix === "WRONGTYPE";
  await using redis = new Redis({ Host: stub.host }, own({ acceptable }));
  for (let i = 0; i < 100; i++) {
    await assertRejects(() => redis.get("a"), RedisReplyError);
    await assertRejects(() => redis.pipelined((pipe) => pipe.get("a")), RedisReplyError);
  }
  assertEquals(redis.explain().failed, 0);
});

Deno.test("BlockingNode never opens the breaker with blpop", async () => {
  await using stub = new RespServer(() => "-ERR no\r\n");
  await using redis = new Redis({ Host: stub.host }, own());
  await using node = redis.blocking();
  for (let i = 0; i < 100; i++) await assertRejects(() => node.blpop("a"), RedisReplyError);
  assertEquals([redis.explain().total, redis.explain().failed], [0, 0]);
});

Deno.test("Redis calls interceptors within figures and breaker, the first outermost", async () => {
  const seen: string[] = [];
  const note = (name: string): RedisInterceptor => (next) => async (call: RedisCall) => {
    seen.push(`${name} ${call.commands.map(({ name }) => name)}`);
    return await next(call);
  };
  await using redis = open({ interceptors: [note("a"), note("b")] });
  await redis.get("x");
  await redis.pipelined((pipe) => [pipe.get("x"), pipe.ttl("x")]);
  assertEquals(seen, ["a get", "b get", "a get,ttl", "b get,ttl"]);
});

Deno.test("Redis rejects with what an interceptor or a predicate throws", async () => {
  await using redis = open({
    interceptors: [() => () => {
      throw new Error("mine");
    }],
  });
  await assertRejects(() => redis.get("x"), Error, "mine");
  assertEquals(redis.explain().failed, 1);
  await using other = open({
    acceptable: () => {
      throw new Error("mine, too");
    },
  });
  await assertRejects(() => other.do(["nonsense"]), Error, "mine, too");
  assertEquals(other.explain().failed, 1);
});

Deno.test("Redis makes a span of each call", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  await using redis = open();
  const key = newKey();
  await redis.get(key);
  await redis.pipelined((pipe) => [pipe.set(key, "x"), pipe.get(key)]);
  await redis.pipelined(() => []);
  await assertRejects(() => redis.hget(key, "f"));
  await redis.del(key);
  assertEquals(recorder.names, ["redis", "redis", "redis", "redis"]);
  assertEquals(
    recorder.spans.map(({ attributes }) => attributes.get("redis.cmds")),
    [["get"], ["set", "get"], ["hget"], ["del"]],
  );
  assertEquals(recorder.spans.map(({ status }) => status.code), ["ok", "ok", "error", "ok"]);
  assertEquals(recorder.spans[2]!.events[0]!.name, "exception");
  assertEquals(recorder.spans[0]!.kind, "client");
});

Deno.test("Redis counts calls, failures and sockets", async () => {
  const metrics = new MetricRegistry();
  const redis = open({ metrics });
  const key = newKey();
  await redis.get(key);
  await redis.pipelined((pipe) => [pipe.set(key, 1), pipe.del(key)]);
  const text = renderText(metrics.snapshot());
  assertMatch(text, /redis_client_requests_duration_ms_count\{command="get"\} 1/);
  assertMatch(text, /redis_client_requests_duration_ms_count\{command="Pipeline"\} 1/);
  const gauge = `redis_client_pool_conn_total_current{key="${server.host}",client_type="node"}`;
  assert(text.includes(`${gauge} 1\n`), text);
  await redis[Symbol.asyncDispose]();
  assert(renderText(metrics.snapshot()).includes(`${gauge} 0\n`));
});

Deno.test("Redis shows its state on the admin pages while it is used", async () => {
  const debug = new DebugRegistry();
  const redis = open({ debug });
  await redis.get("a");
  const shown = JSON.stringify(debug.read("redis"));
  assertMatch(
    shown,
    /"sockets":1,"count":1,"breakers":\[\{"name":"redis node [^"]+","state":"closed"/,
  );
  await redis[Symbol.asyncDispose]();
  assertEquals(debug.read("redis"), undefined);
});

const LABELS = [
  { label: "unexpected error", run: (redis: Redis) => redis.hget("a", "f") },
  { label: "eof", run: (redis: Redis) => redis.set("cut", 1) },
  { label: "context deadline", run: (redis: Redis) => redis.set("silent", 1) },
];

for (const { label, run } of LABELS) {
  Deno.test(`Redis counts a failure as ${label}`, async () => {
    await using stub = new RespServer(([name, key]) => {
      if (key === "cut") stub.cut();
      if (key === "cut" || key === "silent") return undefined;
      return name === "hget" ? "-WRONGTYPE no\r\n" : "+OK\r\n";
    });
    const metrics = new MetricRegistry();
    await using redis = new Redis({ Host: stub.host }, own({ metrics, timeoutMs: 1_000 }));
    await assertRejects(() => run(redis));
    const text = renderText(metrics.snapshot());
    assertMatch(text, new RegExp(`error_total\\{command="\\w+",error="${label}"\\} 1`));
  });
}

Deno.test("Redis counts a connection that cannot be made in time as timeout", async () => {
  const metrics = new MetricRegistry();
  const cause = new Error("connect ETIMEDOUT");
  const gone = new RedisConnectionError("a:1", cause.message, { cause, mayHaveRun: false });
  await using redis = open({ metrics, interceptors: [() => () => Promise.reject(gone)] });
  await assertRejects(() => redis.get("x"), RedisConnectionError);
  assertMatch(renderText(metrics.snapshot()), /error_total\{command="get",error="timeout"\} 1/);
});

Deno.test("Redis logs what is slow, without passwords", async () => {
  const log = new MemoryLog();
  const metrics = new MetricRegistry();
  await using redis = open({ log, metrics, slowMs: 0 });
  const key = newKey();
  await redis.get(key);
  await redis.pipelined((pipe) => [pipe.get("foo"), pipe.set(key, "0")]);
  await redis.do(["acl", "whoami"]);
  await redis.del(key);
  const lines = log.contents("slow");
  assertEquals(lines.slice(0, 3), [
    `[REDIS] slowcall on executing: get ${key}`,
    `[REDIS] slowcall on executing: get foo\nset ${key} 0`,
    "[REDIS] slowcall on executing: acl ***",
  ]);
  assertMatch(renderText(metrics.snapshot()), /slow_total\{command="get"\} 1/);
  await using quick = open({ log });
  await quick.get(key);
  assertEquals(log.contents("slow").length, lines.length);
});

Deno.test("BlockingNode waits for values, and gives up in time or when told", async () => {
  await using alone = await RedisProcess.start(); // On which nobody else waits.
  await using redis = new Redis({ Host: alone.host }, own());
  const key = newKey();
  const node = redis.blocking();
  const waiting = node.blpop(key);
  await redis.rpush(key, ["x", "y"]);
  assertEquals(await waiting, { key, value: "x" });
  assertEquals(await node.brpop([`${key}:no`, key]), { key, value: "y" });
  assertEquals(await node.blpop(key, { timeoutMs: 50 }), null);
  assertEquals(await node.brpoplpush(key, `${key}:b`, { timeoutMs: 50 }), null);
  const controller = new AbortController();
  const aborted = node.blpop(key, { timeoutMs: 0, signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await assertRejects(() => aborted, Error, "enough");
  // The server learns that nobody waits any more, so that the next value is not lost.
  await eventually(
    "the end of the wait",
    async () => String(await redis.do(["info", "clients"])).includes("blocked_clients:0"),
  );
  await redis.rpush(key, "z");
  await eventually("another try", async () => {
    const popped = await node.blpop(key, { timeoutMs: 100 }).catch(() => null);
    return popped?.value === "z";
  });
  await assertRejects(() => node.blpop(key, { timeoutMs: -1 }), RangeError, "timeoutMs >= 0");
  await node[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
  await redis.del(key);
});

Deno.test("RedisSubscription gets the messages of a channel until its loop is left", async () => {
  await using redis = open();
  const channel = newKey();
  const subscription = redis.subscribe(channel);
  await subscription.ready;
  assertEquals(await redis.publish(channel, "1"), 1);
  await redis.publish(channel, "2");
  const seen: string[] = [];
  for await (const message of subscription) {
    seen.push(message);
    if (seen.length === 2) break;
  }
  assertEquals(seen, ["1", "2"]);
  await eventually("the end", async () => await redis.publish(channel, "3") === 0);
});

Deno.test("RedisSubscription is made anew when its connection breaks", async () => {
  await using mortal = await RedisProcess.start();
  await using redis = new Redis({ Host: mortal.host }, own());
  await using subscription = redis.subscribe("news");
  await subscription.ready;
  await mortal.restart();
  const heard = subscription[Symbol.asyncIterator]().next();
  await eventually(
    "the subscription",
    async () => await redis.publish("news", "hello").catch(() => 0) === 1,
  );
  assertEquals((await heard).value, "hello");
});

Deno.test("RedisSubscription ends with its signal, and when nobody reads", async () => {
  await using redis = open();
  const controller = new AbortController();
  await using told = redis.subscribe(newKey(), { signal: controller.signal });
  await told.ready;
  const reading = Array.fromAsync(told);
  controller.abort(new Error("enough"));
  await assertRejects(() => reading, Error, "enough");
  const channel = newKey();
  await using slow = redis.subscribe(channel, { maxWaiting: 2 });
  await slow.ready;
  for (let i = 0; i < 4; i++) await redis.publish(channel, i);
  const seen: string[] = [];
  await assertRejects(
    async () => {
      for await (const message of slow) seen.push(message);
    },
    Error,
    "2 messages wait already",
  );
  assertEquals(seen, ["0", "1"]);
});

Deno.test("Redis is refused once it is disposed", async () => {
  const redis = open();
  await redis.get("a");
  await redis[Symbol.asyncDispose]();
  await assertRejects(() => redis.get("a"), RedisConnectionError, "the client is disposed");
  assertEquals(await redis.ping(), false);
});
