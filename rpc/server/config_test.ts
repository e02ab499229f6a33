import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../core/conf/errors.ts";
import { parseConfig } from "../../core/conf/parse.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { rpcClientConfig } from "../client/config.ts";
import { targetOf } from "../client/target.ts";
import { rpcServerConfig } from "./config.ts";

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

const BASE = "Name: add.rpc\nListenOn: :8080\n";

Deno.test("keys of a server's configuration are read in any case", () => {
  const yaml = `
name: add.rpc
LISTENON: 127.0.0.1:8080
timeout: 7
cputhreshold: 500
methodtimeouts:
- fullmethod: /add.Adder/Slow
  timeout: 1m
middlewares:
  breaker: false
  statconf:
    slowthreshold: 2s
    methodslowthresholds:
    - fullmethod: /add.Adder/Report
      slowthreshold: 1m
redis:
  host: 127.0.0.1:6379
  key: tokens
`;
  const config = parseConfig(rpcServerConfig, yaml, "yaml");
  assertEquals([config.ListenOn, config.Timeout, config.CpuThreshold], ["127.0.0.1:8080", 7, 500]);
  assertEquals(config.MethodTimeouts, [{ FullMethod: "/add.Adder/Slow", Timeout: 60_000 }]);
  const { Breaker, StatConf } = config.Middlewares;
  assertEquals([Breaker, StatConf.SlowThreshold], [false, 2_000]);
  assertEquals(StatConf.MethodSlowThresholds, [
    { FullMethod: "/add.Adder/Report", SlowThreshold: 60_000 },
  ]);
  assertEquals(config.Redis, {
    Host: "127.0.0.1:6379",
    Type: "node",
    Tls: false,
    InsecureSkipVerify: false,
    NonBlock: true,
    PingTimeout: 1_000,
    DisableIdentity: false,
    Protocol: 3,
    MaintNotifications: "disabled",
    Db: 0,
    Key: "tokens",
  });
});

const WRONG = [
  { more: "CpuThreshold: -1", path: "CpuThreshold" },
  { more: "CpuThreshold: 1000", path: "CpuThreshold" },
  { more: "Timeout: soon", path: "Timeout" },
  { more: "MethodTimeouts: [{FullMethod: /a.B/C}]", path: "MethodTimeouts[0].Timeout" },
  { more: "Mode: production", path: "Mode" },
  { more: "Redis: {Host: a, Type: sentinel, Key: k}", path: "Redis.Type" },
  { more: "Redis: {Host: a}", path: "Redis.Key" },
  { more: "Redis: {Host: a, Key: k, Protocol: 4}", path: "Redis.Protocol" },
  {
    more: "Middlewares: {StatConf: {SlowThreshold: slow}}",
    path: "Middlewares.StatConf.SlowThreshold",
  },
  { more: "CertFile: a.pem", path: "KeyFile" },
];

for (const { more, path } of WRONG) {
  Deno.test(`a server's configuration with ${more} is refused, by the place that is wrong`, () => {
    const error = assertThrows(
      () => parseConfig(rpcServerConfig, `${BASE}${more}`, "yaml"),
      ConfigError,
    );
    assertEquals(error.issues.map((issue) => issue.path), [path]);
  });
}
