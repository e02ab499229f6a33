import { assert, assertEquals, assertThrows } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { ConfigCenter } from "../../core/conf/center/config_center.ts";
import { MemoryConfigSource } from "../../core/conf/center/memory_source.ts";
import { textParser } from "../../core/conf/center/parser.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { etcdConfigSource } from "../../core/conf/center/etcd_source.ts";
import { etcdConfig } from "../../core/discovery/etcd/config.ts";
import { GatewayClient } from "../../core/discovery/etcd/gateway_client.ts";
import { provisionEtcd } from "../../core/testing/provision_etcd.ts";
import { rpcServerConfig, type RpcServerConfInput } from "./config.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { changeEnvironment } from "./create_environment.ts";
import { ServiceRuntime } from "../../core/service/service_runtime.ts";

const { say } = echoService.methods;
const BASE = { Name: "echo", ListenOn: "inproc:///echo" };
const hang = () => new Promise<never>(() => {});
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "ok";
  } catch (error) {
    return error instanceof ServiceError ? error.code : String(error);
  }
}

Deno.test("RpcServer.reload() changes time limits; calls in flight end as they began", async () => {
  const answer = Promise.withResolvers<void>();
  await using pair = await openPair("inproc", {
    server: { Timeout: 10_000 },
    handlers: {
      say: (request) => answer.promise.then(() => request),
      look: (request) => answer.promise.then(() => request),
    },
  });
  const before = pair.stub.say(echo("before"), { timeoutMs: 10_000 });
  const own = { FullMethod: echoService.methods.look.path, Timeout: 5_000 };
  pair.server.reload({ ...BASE, Timeout: 20, MethodTimeouts: [own] });
  assertEquals(await codeOf(() => pair.stub.say(echo("a"))), "deadline_exceeded");
  const look = pair.stub.look(echo("look"));
  await sleep(60);
  answer.resolve();
  assertEquals([(await before).text, (await look).text], ["before", "look"]);
  assertEquals(pair.server.config.Timeout, 20);
});

Deno.test("RpcServer.reload() changes the limit of calls in flight, and those in flight count on", async () => {
  await using pair = await openPair("inproc", {
    server: { MaxConcurrency: 2, Timeout: 0, Shutdown: { WaitTime: 10, WrapUpTime: 1 } },
    handlers: { say: ({ text }) => text === "hang" ? hang() : echo("") },
  });
  const shutdown = { Shutdown: { WaitTime: 10, WrapUpTime: 1 }, Timeout: 0 };
  const hanging = [1, 2].map(() => codeOf(() => pair.stub.say(echo("hang"))));
  await sleep(5);
  const seen: string[] = [];
  for (const MaxConcurrency of [2, 1, 3, 0, 2]) {
    for (let i = 0; i < 50; i++) {
      pair.server.reload({ ...BASE, ...shutdown, MaxConcurrency: MaxConcurrency + i % 2 });
    }
    pair.server.reload({ ...BASE, ...shutdown, MaxConcurrency });
    seen.push(await codeOf(() => pair.stub.say(echo(""))));
  }
  assertEquals(seen, [
    "resource_exhausted",
    "resource_exhausted",
    "ok",
    "ok",
    "resource_exhausted",
  ]);
  await pair.server.stop();
  await Promise.all(hanging);
});

Deno.test("RpcServer.reload() changes the level of the log, switches and what is slow", async () => {
  await using pair = await openPair("inproc", {
    handlers: { say: (request) => sleep(20).then(() => request) },
  });
  const lines = async (config: Partial<RpcServerConfInput>) => {
    pair.server.reload({ ...BASE, ...config });
    pair.log.clear();
    await pair.stub.say(echo(""));
    await sleep(2);
    return pair.log.records.filter(({ content }) => String(content).includes(say.path))
      .map(({ level }) => level);
  };
  assertEquals(await lines({}), ["info"]);
  assertEquals(await lines({ Log: { Level: "error" } }), []);
  assertEquals(
    await lines({ Log: { Level: "error" }, Middlewares: { StatConf: { SlowThreshold: 5 } } }),
    ["slow"],
  );
  assertEquals(await lines({ Middlewares: { Stat: false, StatConf: { SlowThreshold: 5 } } }), []);
  assertEquals(await lines({}), ["info"]);
});

Deno.test("RpcServer.reload() keeps breakers, and asks interceptors of the program once", async () => {
  let asked = 0;
  await using pair = await openPair("inproc", {
    client: { Middlewares: { Breaker: false } },
    handlers: { say: () => Promise.reject(new ServiceError("internal", "no")) },
    prepare: (server) =>
      server.use({
        unary: (next) => {
          asked++;
          return next;
        },
      }),
  });
  const before = asked;
  for (let i = 0; i < 100; i++) await codeOf(() => pair.stub.say(echo("")));
  for (let i = 0; i < 1_000; i++) pair.server.reload({ ...BASE, Timeout: 1_000 + i });
  const codes = await Promise.all(
    Array.from({ length: 50 }, () => codeOf(() => pair.stub.say(echo("")))),
  );
  assert(codes.filter((code) => code === "unavailable").length > 10, codes.join());
  assertEquals(asked, before);
});

Deno.test("RpcServer.reload() says what waits for the next start, and takes nothing that is wrong", async () => {
  await using pair = await openPair("inproc");
  const { server, log } = pair;
  const wrong = { ...BASE, Timeout: 7, CpuThreshold: 5_000 };
  assertThrows(() => server.reload(wrong), ValidationError, "CpuThreshold");
  assertEquals(server.config.Timeout, 2_000);
  for (let i = 0; i < 3; i++) server.reload({ ...BASE, ListenOn: ":1", Timeout: 7, Auth: true });
  assertEquals([server.config.ListenOn, server.config.Auth, server.config.Timeout], [
    "inproc:///echo",
    false,
    7,
  ]);
  const told = log.contents("info").filter((line) => String(line).startsWith("Cannot change"));
  assertEquals(told, ["Cannot change ListenOn, Auth while serving: it holds from the next start"]);
});

Deno.test("the admin pages show the configuration as it holds now, and the breakers of before", async () => {
  const debug = new DebugRegistry();
  await using pair = await openPair("inproc", { serverOptions: { debug } });
  await pair.stub.say(echo(""));
  const { CpuThreshold } = pair.server.config;
  for (let i = 0; i < 3; i++) {
    pair.server.reload({ ...BASE, Timeout: 7, CpuThreshold: CpuThreshold - i });
  }
  for (const topic of ["breakers", "shedder", "methods", "decisions"]) {
    assertEquals(Object.keys(debug.read(topic) ?? {}), ["echo"], topic);
  }
  assert(JSON.stringify(debug.read("breakers")).includes(say.path));
  assertEquals(Object.entries(pair.server.runtime.config).find(([key]) => key === "Timeout"), [
    "Timeout",
    7,
  ]);
  await pair.server.stop();
  assertEquals(debug.topics(), []);
});

Deno.test("RpcServer.reload() begins shedders anew, and does nothing after the stop", async () => {
  await using pair = await openPair("inproc");
  const { server } = pair;
  for (const CpuThreshold of [500, 0, 900]) {
    server.reload({ ...BASE, CpuThreshold });
    assertEquals((await pair.stub.say(echo("a"))).text, "a");
  }
  await server.stop();
  server.reload({ ...BASE, Timeout: 1 });
  assertEquals(server.config.Timeout, 2_000);
});

Deno.test("a server follows a configuration in its own file, text by text, and goes on after one that is wrong", async () => {
  const text = (more: string) => `{Name: echo, ListenOn: "inproc:///echo"${more}}`;
  const source = new MemoryConfigSource(text(""));
  const log = new MemoryLog();
  await using center = await ConfigCenter.open(source, textParser(rpcServerConfig), {
    logger: log,
  });
  await using pair = await openPair("inproc", { handlers: { say: hang } });
  using _reload = center.attach(pair.server);
  source.set(text(", Timeout: nonsense"));
  source.set(text(", Timeout: 15"));
  assertEquals(pair.server.config.Timeout, 15);
  assertEquals(await codeOf(() => pair.stub.say(echo(""))), "deadline_exceeded");
});

Deno.test({
  name: "a server follows its configuration in etcd",
  sanitizeOps: false, // Connections to etcd close in their own time.
  sanitizeResources: false,
  async fn() {
    await using etcd = await provisionEtcd();
    await using client = new GatewayClient({ hosts: [etcd.host] });
    const section = etcdConfig.parse({
      Hosts: [etcd.host],
      Key: `config/echo-${crypto.randomUUID()}`,
    });
    const write = (text: string) => client.put(section.Key, text);
    await write(`{"Name": "echo", "ListenOn": "inproc:///echo", "Log": {"Level": "info"}}`);
    const source = etcdConfigSource(section, { logger: noopLogger });
    await using center = await ConfigCenter.open(source, textParser(rpcServerConfig), {
      logger: noopLogger,
    });
    await using pair = await openPair("inproc", { handlers: { say: hang }, server: center.get() });
    using _reload = center.attach(pair.server);
    assertEquals([pair.server.config.Timeout, pair.log.enabled("info")], [2_000, true]);
    await write(
      `{"Name": "echo", "ListenOn": "inproc:///echo", "Log": {"Level": "error"}, "Timeout": 25, "MaxConcurrency": 1}`,
    );
    for (let i = 0; i < 100 && pair.server.config.Timeout !== 25; i++) await sleep(30);
    assertEquals([pair.server.config.MaxConcurrency, pair.log.enabled("info")], [1, false]);
    const calls = [1, 2].map(() => codeOf(() => pair.stub.say(echo(""))));
    assertEquals((await Promise.all(calls)).sort(), ["deadline_exceeded", "resource_exhausted"]);
  },
});

Deno.test("changeEnvironment() ends shedders of another threshold, and keeps all else", () => {
  using bed = new ChainBed();
  const { environment, log, metrics } = bed;
  const runtime = new ServiceRuntime(environment.config, {
    log,
    metrics,
    debug: new DebugRegistry(),
  });
  const same = changeEnvironment(environment, { ...environment.config, Timeout: 1 }, runtime);
  assertEquals(same.config.Timeout, 1);
  for (const part of ["shedders", "breakers", "inFlight", "live", "decisions", "stats"] as const) {
    assert(same[part] === environment[part], part);
  }
  assert(environment.shedders!.size > 0);
  const other = changeEnvironment(same, { ...same.config, CpuThreshold: 1 }, runtime);
  assertEquals([other.shedders === environment.shedders, environment.shedders!.size], [false, 0]);
  assertEquals(
    changeEnvironment(other, { ...other.config, CpuThreshold: 0 }, runtime).shedders,
    undefined,
  );
});
