import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseConfig } from "../../core/conf/parse.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { rpcClientConfig } from "../client/config.ts";
import { targetOf } from "../client/target.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { ServiceRuntime } from "../../core/service/service_runtime.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { defaultServerChain } from "./chain.ts";
import { rpcServerConfig, type RpcServerConfInput } from "./config.ts";
import { createEnvironment } from "./create_environment.ts";

/** The layers that are there for calls of one message and for streams, by name. Those that go-zero has not are left out. */
function layersOf(config: Partial<RpcServerConfInput>) {
  const parsed = rpcServerConfig.parse({ Name: "a", ListenOn: ":0", ...config }, {
    durationMs: true,
  });
  const options = { log: noopLogger, metrics: new MetricRegistry(), debug: new DebugRegistry() };
  const runtime = new ServiceRuntime(parsed, options);
  const tokens = new MemoryTokenStore();
  const environment = createEnvironment(parsed, runtime, new AbortController().signal, { tokens });
  const made = defaultServerChain.filter(({ name }) => !["Concurrency", "Ambient"].includes(name))
    .map((layer) => ({ name: layer.name, interceptor: layer.create(environment) }));
  const names = (kind: "unary" | "stream") =>
    made.filter(({ interceptor }) => interceptor?.[kind]).map(({ name }) => name);
  environment.parts.dispose();
  return { unary: names("unary"), stream: names("stream") };
}

const ALL = ["Trace", "Recover", "Stat", "Prometheus", "Breaker"];

Deno.test("the default chain has go-zero's layers in go-zero's order", () => {
  assertEquals(layersOf({ CpuThreshold: 0 }), {
    unary: [...ALL, "Timeout"],
    stream: ["Trace", "Recover", "Breaker"],
  });
  assertEquals(layersOf({ CpuThreshold: 900, Timeout: 100 }).unary, [
    ...ALL,
    "Shedding",
    "Timeout",
  ]);
  const withAuth = layersOf({ Auth: true });
  assertEquals([withAuth.unary.at(-1), withAuth.stream.at(-1)], ["Auth", "Auth"]);
});

for (const name of ["Trace", "Recover", "Stat", "Prometheus", "Breaker"] as const) {
  Deno.test(`the switch of ${name} takes out that layer alone`, () => {
    const { unary } = layersOf({ CpuThreshold: 0, Middlewares: { [name]: false } });
    assertEquals(unary, [...ALL, "Timeout"].filter((each) => each !== name));
  });
}

Deno.test("interceptors of the user run within the chain, in the order they were added", async () => {
  const seen: string[] = [];
  await using pair = await openPair("inproc", {
    prepare: (server) =>
      server.use({
        unary: (next) => (request, context) => {
          seen.push("first");
          return next(request, context);
        },
        stream: (next) => (requests, context) => {
          seen.push("stream");
          return next(requests, context);
        },
      }, {
        unary: (next) => (request, context) => {
          seen.push("second");
          return next(request, context);
        },
      }),
  });
  await pair.stub.say(echo(""));
  await Array.fromAsync(pair.stub.count(echo("", 1)));
  assertEquals(seen, ["first", "second", "stream"]);
});

Deno.test("the yaml of a go-zero service loads", () => {
  const yaml = `
Name: add.rpc
ListenOn: 0.0.0.0:8080
Mode: test
Etcd:
  Hosts: [127.0.0.1:2379]
  Key: add.rpc
Auth: true
StrictControl: true
Redis:
  Host: 127.0.0.1:6379
  Type: node
  Pass: ""
  Key: rpc:auth:add
Timeout: 3000
CpuThreshold: 800
Health: false
Middlewares:
  Stat: false
  StatConf:
    SlowThreshold: 1s
    IgnoreContentMethods: [/add.Adder/Secret]
MethodTimeouts:
- FullMethod: /add.Adder/Slow
  Timeout: 10s
`;
  const config = parseConfig(rpcServerConfig, yaml, "yaml");
  assertEquals([config.Timeout, config.CpuThreshold, config.Health, config.Auth], [
    3000,
    800,
    false,
    true,
  ]);
  assertEquals(config.MethodTimeouts, [{ FullMethod: "/add.Adder/Slow", Timeout: 10_000 }]);
  const { Trace, Stat, StatConf } = config.Middlewares;
  assertEquals([Trace, Stat, StatConf.SlowThreshold], [true, false, 1000]);
  assertEquals([config.Etcd?.Key, config.Redis?.Key], ["add.rpc", "rpc:auth:add"]);
});

Deno.test("a server's configuration has go-zero's defaults", () => {
  const config = rpcServerConfig.parse({ Name: "a", ListenOn: ":8080" });
  assertEquals([
    config.Mode,
    config.Timeout,
    config.CpuThreshold,
    config.Health,
    config.Auth,
    config.StrictControl,
  ], [
    "pro",
    2000,
    900,
    true,
    false,
    false,
  ]);
  const { Trace, Recover, Stat, Prometheus, Breaker, StatConf } = config.Middlewares;
  assertEquals([Trace, Recover, Stat, Prometheus, Breaker], [true, true, true, true, true]);
  assertEquals(StatConf, {
    SlowThreshold: 500,
    MethodSlowThresholds: [],
    IgnoreContentMethods: [],
  });
  assertThrows(
    () => rpcServerConfig.parse({ Name: "a", ListenOn: ":0", CpuThreshold: 1000 }),
    ValidationError,
  );
  assertThrows(() => rpcServerConfig.parse({ Name: "a" }), ValidationError, "ListenOn");
});

Deno.test("a client's configuration has go-zero's defaults, and says where the service is", () => {
  const config = rpcClientConfig.parse({ Endpoints: ["a:1", "b:2"], Target: "c:3" });
  assertEquals([config.NonBlock, config.Timeout, config.KeepaliveTime, config.BalancerName], [
    true,
    2000,
    0,
    "p2c_ewma",
  ]);
  assert(Object.values(config.Middlewares).every((on) => on));
  assertEquals(targetOf(config), "direct:///a:1,b:2");
  assertEquals(targetOf(rpcClientConfig.parse({ Target: "c:3" })), "c:3");
  const etcd = { Etcd: { Hosts: ["h1:1", "h2:2"], Key: "/grpc/x" } };
  assertEquals(targetOf(rpcClientConfig.parse(etcd)), "etcd:///h1:1,h2:2?key=%2Fgrpc%2Fx");
});
