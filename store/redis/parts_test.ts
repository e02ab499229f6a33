import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { parseConfig } from "../../core/conf/parse.ts";
import { ServiceError } from "../../core/errors.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { parseAddress, splitHosts } from "./address.ts";
import { redisConfig, redisKeyConfig } from "./config.ts";
import { reconnectDelayMs } from "./connection.ts";
import { RedisConnectionError, RedisReplyError } from "./errors.ts";
import { anything, count, float, formatNumber, integer, listOf, record, text } from "./reply.ts";
import { SilenceWatch } from "./_silence_watch.ts";
import { commandsText, setSlowThreshold, slowThresholdMs } from "./slow_log.ts";

const HOSTS = [
  ["a,b, a", ["a", "b"]],
  ["", [""]],
  ["a:1", ["a:1"]],
] as const;

for (const [hosts, expected] of HOSTS) {
  Deno.test(`splitHosts() of "${hosts}"`, () => assertEquals(splitHosts(hosts), [...expected]));
}

const ADDRESSES = [
  ["127.0.0.1:6380", { host: "127.0.0.1", port: 6380 }],
  ["redis.internal", { host: "redis.internal", port: 6379 }],
  ["[fe80::1]:7000", { host: "fe80::1", port: 7000 }],
  ["", undefined],
  [":6379", undefined],
  ["a:0", undefined],
  ["a:65536", undefined],
  ["a:b", undefined],
  ["::1:6379", undefined],
  ["redis://a:1", undefined],
] as const;

for (const [address, expected] of ADDRESSES) {
  Deno.test(`parseAddress() of "${address}"`, () => {
    if (expected) assertEquals(parseAddress(address), expected);
    else assertThrows(() => parseAddress(address), SyntaxError, "need host:port");
  });
}

Deno.test("redisConfig has go-zero's keys and defaults", () => {
  assertEquals(parseConfig(redisConfig, "Host: a:1", "yaml"), {
    Host: "a:1",
    Type: "node",
    User: "",
    Pass: "",
    Tls: false,
    InsecureSkipVerify: false,
    NonBlock: true,
    PingTimeout: 1_000,
    DisableIdentity: false,
    Protocol: 3,
    MaintNotifications: "disabled",
    Db: 0,
  });
  const yaml = `
host: a:1,b:2
type: cluster
user: me
pass: s3cret
tls: true
nonblock: false
pingtimeout: 2s
disableidentity: true
protocol: 2
maintnotifications: auto
key: rpc:auth
`;
  const { PingTimeout, Protocol, Key } = parseConfig(redisKeyConfig, yaml, "yaml");
  assertEquals([PingTimeout, Protocol, Key], [2_000, 2, "rpc:auth"]);
});

const WRONG = [
  ["Host: ''", "empty redis host"],
  ["{}", "Host"],
  ["Host: a:1\nType: ''", "[node cluster]"],
  ["Host: a:1\nKey: ''", "empty redis key"],
] as const;

for (const [yaml, says] of WRONG) {
  Deno.test(`redisKeyConfig refuses ${JSON.stringify(yaml)}`, () => {
    const error = assertThrows(() => parseConfig(redisKeyConfig, yaml, "yaml"), Error);
    assertStringIncludes(error.message, says);
  });
}

const NUMBERS = [
  [0, "0"],
  [-1.5, "-1.5"],
  [1e21, "1000000000000000000000"],
  [-1.5e22, "-15000000000000000000000"],
  [1e-7, "0.0000001"],
  [-1.25e-9, "-0.00000000125"],
  [Infinity, "+inf"],
  [-Infinity, "-inf"],
  [Number.MAX_SAFE_INTEGER, "9007199254740991"],
] as const;

for (const [number, written] of NUMBERS) {
  Deno.test(`formatNumber() writes ${number} without exponent`, () => {
    assertEquals(formatNumber(number), written);
    if (Number.isFinite(number)) assertEquals(Number(written), number);
  });
}

Deno.test("formatNumber() refuses what is no number", () => {
  assertThrows(() => formatNumber(NaN), RangeError, "NaN");
});

Deno.test("replies are decoded, or refused if they are something else", () => {
  const bytes = (value: string) => Buffer.from(value);
  assertEquals([integer("-7"), integer("9223372036854775807"), integer(5)], [
    -7,
    9223372036854775807n,
    5,
  ]);
  assertEquals([float(bytes("inf")), float("-inf"), float(bytes("1e3"))], [
    Infinity,
    -Infinity,
    1000,
  ]);
  assertEquals(anything([bytes("7"), "7", null, ["1.5", 2.5]]), ["7", 7, null, ["1.5", 2.5]]);
  assertEquals(record([bytes("a"), bytes("1"), bytes("__proto__"), bytes("2")]).a, "1");
  assertThrows(() => text(null), ServiceError, "need text, got null");
  assertThrows(() => count([]), ServiceError, "need an integer, got a list");
  assertThrows(() => listOf(text)("x"), ServiceError, "need a list, got string");
});

Deno.test("errors say what to do, and what may have happened", () => {
  const crossed = new RedisReplyError("mget", "CROSSSLOT Keys in request don't hash");
  assertStringIncludes(crossed.message, "give the keys of one command the same {tag}");
  assertEquals([crossed.code, crossed.isPassing], ["internal", false]);
  assertEquals(new RedisReplyError("get", "LOADING x").code, "unavailable");
  assertEquals(new RedisReplyError("get", "nonsense").prefix, "ERR");
  const lost = new RedisConnectionError("a:1", "gone", { mayHaveRun: true });
  assertEquals(
    lost.message,
    "Cannot reach Redis at a:1: gone; the command may have been carried out",
  );
});

Deno.test("commandsText() cuts what is long and hides what is secret", () => {
  const long = "x".repeat(300);
  assertEquals(
    commandsText([{ name: "set", args: ["k", long] }]),
    `set k ${"x".repeat(256)}... 44 more`,
  );
  assertEquals(commandsText([{ name: "set", args: ["k", new Uint8Array(9)] }]), "set k [9 bytes]");
  const many = Array.from({ length: 70 }, (_, i) => i);
  assertStringIncludes(commandsText([{ name: "del", args: many }]), " 63 ... 6 more");
  const commands = Array.from({ length: 70 }, () => ({ name: "ping", args: [] }));
  assertEquals(commandsText(commands).split("\n").length, 65);
  for (const name of ["auth", "hello", "acl", "config", "migrate"]) {
    assertEquals(commandsText([{ name, args: ["s3cret"] }]), `${name} ***`);
  }
});

Deno.test("setSlowThreshold() holds for the process", () => {
  assertEquals(slowThresholdMs(), 100);
  setSlowThreshold(5);
  assertEquals(slowThresholdMs(), 5);
  setSlowThreshold(100);
  assertThrows(() => setSlowThreshold(-1), RangeError, "need ms >= 0");
});

Deno.test("reconnectDelayMs() connects at once, then ever more rarely", () => {
  assertEquals([1, 2, 3, 4, 7, 8, 100].map(reconnectDelayMs), [1, 16, 32, 64, 512, 512, 512]);
});

Deno.test("SilenceWatch tells silence only where an answer is waited for", async () => {
  const clock = new FakeClock();
  let silences = 0;
  using watch = new SilenceWatch(300, clock, () => void silences++);
  await clock.advance(10_000);
  assertEquals(silences, 0);
  watch.begin();
  await clock.advance(200);
  assertEquals(watch.end("answer"), "answer");
  await clock.advance(10_000);
  assertEquals(silences, 0);
  watch.begin();
  watch.begin();
  for (let i = 0; i < 20; i++) {
    await clock.advance(90);
    watch.end(undefined); // Others are answered.
    watch.begin();
  }
  assertEquals(silences, 0);
  await clock.advance(410);
  assertEquals(silences, 1);
});
