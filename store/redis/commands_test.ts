import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { provisionRedis } from "../../core/testing/provision_redis.ts";
import { RedisReplyError } from "./errors.ts";
import { Redis } from "./redis.ts";
import { RedisScript } from "./script.ts";

const server = await provisionRedis();
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

let number = 0;

type Run = (redis: Redis, a: string, b: string, c: string) => Promise<void>;

/** Calls `run` with keys that no other test has, which are deleted afterwards. */
async function withKeys(run: Run, Protocol: 2 | 3): Promise<void> {
  const options = { log: noopLogger, metrics: new MetricRegistry() };
  await using redis = new Redis({ Host: server.host, Protocol }, options);
  const own = `zeno:{${crypto.randomUUID().slice(0, 8)}:${number++}}`;
  const keys = [`${own}:a`, `${own}:b`, `${own}:c`] as const;
  try {
    await run(redis, ...keys);
  } finally {
    await redis.del(keys);
  }
}

const CASES: Record<string, Run> = {
  async "get() answers null for what is not there"(redis, a) {
    assertEquals(await redis.get(a), null);
    await redis.set(a, "hello");
    assertEquals(await redis.get(a), "hello");
    assertEquals(await redis.getBytes(a), new TextEncoder().encode("hello"));
    assertEquals(await redis.strlen(a), 5);
    assertEquals(await redis.append(a, "!"), 6);
  },
  async "set() takes text, numbers, bigints and bytes"(redis, a) {
    const rows = [["é✓", "é✓"], [1.5, "1.5"], [1e21, "1000000000000000000000"], [
      2n ** 63n,
      `${2n ** 63n}`,
    ]];
    for (const [value, text] of rows) {
      await redis.set(a, value!);
      assertEquals(await redis.get(a), String(text));
    }
    const bytes = new Uint8Array([0, 255, 13, 10, 128]);
    await redis.set(a, bytes.subarray(1));
    assertEquals(await redis.getBytes(a), bytes.subarray(1));
  },
  async "getDel(), getEx() and getSet() answer what was there"(redis, a) {
    assertEquals(await redis.getSet(a, "x"), null);
    assertEquals(await redis.getSet(a, "y"), "x");
    assertEquals([await redis.getEx(a, 60), await redis.ttl(a)], ["y", 60]);
    assertEquals([await redis.getEx(a, 0), await redis.ttl(a)], ["y", -1]);
    assertEquals([await redis.getDel(a), await redis.getDel(a)], ["y", null]);
  },
  async "setex() and setnxEx() set a time to live, 0 for none"(redis, a, b) {
    await redis.setex(a, "x", 60);
    assertEquals(await redis.ttl(a), 60);
    await redis.setex(a, "x", 0);
    assertEquals(await redis.ttl(a), -1);
    assertEquals([await redis.setnxEx(b, "x", 60), await redis.setnxEx(b, "y", 60)], [true, false]);
    assertEquals([await redis.get(b), await redis.ttl(b)], ["x", 60]);
    assertEquals([await redis.setnx(b, "z"), await redis.del(b), await redis.setnx(b, "z")], [
      false,
      1,
      true,
    ]);
  },
  async "mset() and mget() take several keys"(redis, a, b, c) {
    await redis.mset({ [a]: "1", [b]: 2 });
    assertEquals(await redis.mget([a, c, b]), ["1", null, "2"]);
  },
  async "counters answer numbers, and bigints beyond 2^53"(redis, a, b) {
    assertEquals([await redis.incr(a), await redis.incrby(a, 5), await redis.decr(a)], [1, 6, 5]);
    assertEquals([await redis.decrby(a, 7)], [-2]);
    await redis.set(a, "9007199254740991");
    assertEquals([await redis.incr(a), await redis.incrby(a, 2n ** 60n)], [
      9007199254740992n,
      9007199254740992n + 2n ** 60n,
    ]);
    assertEquals([await redis.incrbyFloat(b, 0.002), await redis.incrbyFloat(b, -0.001)], [
      0.002,
      0.001,
    ]);
  },
  async "keys have a time to live"(redis, a, b) {
    assertEquals([await redis.ttl(a), await redis.expire(a, 5)], [-2, false]);
    await redis.mset({ [a]: 1, [b]: 2 });
    assertEquals([await redis.expire(a, 60), await redis.ttl(a)], [true, 60]);
    assertEquals([await redis.persist(a), await redis.persist(a), await redis.ttl(a)], [
      true,
      false,
      -1,
    ]);
    assertEquals(await redis.expireat(a, Math.floor(Date.now() / 1000) + 1000), true);
    assertEquals([await redis.pexpire(a, 60_000), await redis.pttl(a) > 59_000], [true, true]);
    assertEquals(await redis.type(a), "string");
    assertEquals([await redis.exists(a), await redis.existsMany([a, a, b])], [true, 3]);
    assertEquals(await redis.keys(a.replace(/a$/, "?")).then((keys) => keys.sort()), [a, b]);
    assertEquals([await redis.unlink([a, b]), await redis.exists(a)], [2, false]);
  },
  async "bits are counted, found and combined"(redis, a, b, c) {
    const set = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    for (const bit of set) await redis.setBit(a, bit, 1);
    const counts = [[0, -1, 11], [0, 0, 8], [1, 1, 3], [2, 2, 0]] as const;
    for (const [from, to, count] of counts) assertEquals(await redis.bitCount(a, from, to), count);
    await redis.set(b, new Uint8Array([0xff, 0xf0, 0]));
    const places = [[0, 0, 2, 12], [1, 0, 2, 0], [0, 1, 2, 12], [1, 1, 2, 8], [
      1,
      2,
      2,
      -1,
    ]] as const;
    for (const [bit, from, to, at] of places) {
      assertEquals(await redis.bitPos(b, bit, from, to), at);
    }
    assertEquals([await redis.getBit(a, 3), await redis.getBit(a, 99)], [1, 0]);
    assertEquals([await redis.setBit(a, 3, 0), await redis.setBit(a, 3, 1)], [1, 0]);
    assertEquals([await redis.bitOpAnd(c, [a, b]), await redis.bitCount(c)], [3, 11]);
    assertEquals([await redis.bitOpOr(c, [a, b]), await redis.bitCount(c)], [3, 12]);
    assertEquals([await redis.bitOpXor(c, [a, b]), await redis.bitCount(c)], [3, 1]);
    assertEquals([await redis.bitOpNot(c, b), await redis.bitCount(c)], [3, 12]);
  },
  async "hashes hold fields"(redis, a) {
    assertEquals([await redis.hset(a, "f", "x"), await redis.hset(a, "f", "y")], [true, false]);
    assertEquals([await redis.hsetnx(a, "f", "z"), await redis.hsetnx(a, "g", 1)], [false, true]);
    assertEquals([await redis.hget(a, "f"), await redis.hget(a, "no")], ["y", null]);
    await redis.hmset(a, { aa: "aaa", bb: "bbb", ["__proto__"]: "safe" });
    assertEquals(await redis.hmget(a, ["aa", "no", "bb"]), ["aaa", null, "bbb"]);
    const all = await redis.hgetall(a);
    assertEquals(Object.entries(all), [
      ["f", "y"],
      ["g", "1"],
      ["aa", "aaa"],
      ["bb", "bbb"],
      ["__proto__", "safe"],
    ]);
    assertEquals([await redis.hlen(a), await redis.hexists(a, "f")], [5, true]);
    assertEquals([await redis.hdel(a, ["aa", "no"]), await redis.hdel(a, "no")], [true, false]);
    assertEquals([await redis.hincrby(a, "g", 4), await redis.hincrbyFloat(a, "g", 0.5)], [5, 5.5]);
    assertEquals((await redis.hkeys(a)).sort(), ["__proto__", "bb", "f", "g"]);
    assertEquals((await redis.hvals(a)).sort(), ["5.5", "bbb", "safe", "y"]);
    assertEquals(await redis.hgetall(`${a}:no`), {});
  },
  async "lists are pushed, popped and cut"(redis, a, b) {
    assertEquals([await redis.lpop(a), await redis.rpop(a), await redis.lindex(a, 0)], [
      null,
      null,
      null,
    ]);
    assertEquals([await redis.rpush(a, ["1", "2"]), await redis.lpush(a, 0)], [2, 3]);
    assertEquals(await redis.lrange(a, 0, -1), ["0", "1", "2"]);
    assertEquals([await redis.llen(a), await redis.lindex(a, -1)], [3, "2"]);
    await redis.lset(a, 0, "x");
    assertEquals([await redis.lpop(a), await redis.rpop(a)], ["x", "2"]);
    await redis.rpush(a, ["1", "2", "1", "3"]);
    assertEquals(await redis.lrem(a, -1, "1"), 1);
    assertEquals(await redis.lrange(a, 0, -1), ["1", "1", "2", "3"]);
    await redis.ltrim(a, 1, -1);
    assertEquals([await redis.rpoplpush(a, b), await redis.rpoplpush(b, a)], ["3", "3"]);
    assertEquals([await redis.lpopCount(a, 2), await redis.rpopCount(a, 5)], [["3", "1"], ["2"]]);
    assertEquals([await redis.lpopCount(a, 2), await redis.rpoplpush(a, b)], [[], null]);
  },
  async "sets have members"(redis, a, b, c) {
    assertEquals([await redis.spop(a), await redis.sadd(a, ["1", 2, "3"])], [null, 3]);
    assertEquals([await redis.sadd(a, "1"), await redis.sadd(b, ["2", "4"])], [0, 2]);
    assertEquals([await redis.scard(a), await redis.sismember(a, 2)], [3, true]);
    assertEquals((await redis.smembers(a)).sort(), ["1", "2", "3"]);
    assertEquals((await redis.srandmember(a, 2)).length, 2);
    assertEquals((await redis.sunion([a, b])).sort(), ["1", "2", "3", "4"]);
    assertEquals([await redis.sinter([a, b]), (await redis.sdiff([a, b])).sort()], [["2"], [
      "1",
      "3",
    ]]);
    assertEquals(
      [
        await redis.sunionstore(c, [a, b]),
        await redis.sinterstore(c, [a, b]),
        await redis.sdiffstore(c, [a, b]),
      ],
      [4, 1, 2],
    );
    assertEquals(await redis.srem(a, ["1", "9"]), 1);
    assertEquals(typeof await redis.spop(a), "string");
  },
  async "sorted sets have scores and ranks"(redis, a, b, c) {
    assertEquals([await redis.zadd(a, 1, "x"), await redis.zadd(a, 2, "x")], [true, false]);
    assertEquals([await redis.zaddnx(a, 9, "x"), await redis.zaddnx(a, 3.5, "y")], [false, true]);
    assertEquals(await redis.zadds(a, [{ score: 5, member: "z" }, { score: 2, member: "x" }]), 1);
    assertEquals([await redis.zscore(a, "y"), await redis.zscore(a, "no")], [3.5, null]);
    assertEquals([await redis.zrank(a, "z"), await redis.zrevrank(a, "z")], [2, 0]);
    assertEquals([await redis.zrank(a, "no"), await redis.zrevrank(a, "no")], [null, null]);
    assertEquals([await redis.zcard(a), await redis.zcount(a, 2, 4)], [3, 2]);
    assertEquals(await redis.zcount(a, -Infinity, Infinity), 3);
    assertEquals([await redis.zincrby(a, 0.5, "z")], [5.5]);
    await redis.zadds(b, [{ score: 3, member: "bbb" }]);
    await redis.del(a);
    await redis.zadd(a, 2, "aa");
    const spec = { keys: [a, b], weights: [1, 2], aggregate: "sum" } as const;
    assertEquals(await redis.zunionstore(c, spec), 2);
    assertEquals(await redis.zrange(c, 0, -1), ["aa", "bbb"]);
    assertEquals(await redis.zscore(c, "bbb"), 6);
    assertEquals([await redis.zrem(c, ["aa", "no"]), await redis.zremrangebyrank(c, 0, -1)], [
      1,
      1,
    ]);
    await redis.zadd(c, 7, "q");
    assertEquals(await redis.zremrangebyscore(c, 7, 7), 1);
  },
  async "sorted sets answer ranges"(redis, a) {
    await redis.zadds(a, [1, 2, 3, 4, 5].map((score) => ({ score, member: `m${score}` })));
    const range = (...scores: number[]) => scores.map((score) => ({ member: `m${score}`, score }));
    assertEquals([await redis.zrange(a, 0, 1), await redis.zrevrange(a, 0, 1)], [
      ["m1", "m2"],
      ["m5", "m4"],
    ]);
    assertEquals(await redis.zrangeWithScores(a, 0, 1), range(1, 2));
    assertEquals(await redis.zrevrangeWithScores(a, 0, 1), range(5, 4));
    assertEquals(await redis.zrangebyscoreWithScores(a, 2, 4), range(2, 3, 4));
    assertEquals(await redis.zrevrangebyscoreWithScores(a, 2, 4), range(4, 3, 2));
    const page = { min: 1, max: 5, page: 1, size: 2 };
    assertEquals(await redis.zrangebyscoreWithScoresAndLimit(a, page), range(3, 4));
    assertEquals(await redis.zrevrangebyscoreWithScoresAndLimit(a, page), range(3, 2));
    assertEquals(await redis.zrangebyscoreWithScoresAndLimit(a, { ...page, size: 0 }), []);
    await redis.zadd(a, 1e-7, "tiny");
    assertEquals(await redis.zrangebyscoreWithScores(a, -1e-9, 2e-7), [
      { member: "tiny", score: 1e-7 },
    ]);
  },
  async "hyperloglogs count about"(redis, a, b) {
    assertEquals([await redis.pfadd(a, ["1", "2"]), await redis.pfadd(a, "1")], [true, false]);
    await redis.pfadd(b, "3");
    await redis.pfmerge(a, [b]);
    assertEquals(await redis.pfcount(a), 3);
  },
  async "places have distances"(redis, a) {
    const palermo = { longitude: 13.361389, latitude: 38.115556, name: "Palermo" };
    const catania = { longitude: 15.087269, latitude: 37.502669, name: "Catania" };
    assertEquals(await redis.geoAdd(a, [palermo, catania]), 2);
    assertAlmostEquals((await redis.geoDist(a, "Palermo", "Catania", "m"))!, 166_274.1516, 0.01);
    assertEquals(await redis.geoDist(a, "Palermo", "Rome"), null);
    assertEquals(await redis.geoHash(a, ["Palermo", "Rome"]), ["sqc8b49rny0", null]);
    const [point, nowhere] = await redis.geoPos(a, ["Palermo", "Rome"]);
    assertAlmostEquals(point!.longitude, 13.361389, 1e-5);
    assertEquals(nowhere, null);
    const centre = { longitude: 15, latitude: 37 };
    assertEquals(
      (await redis.geoRadius(a, centre, { radius: 200, sort: "asc" })).map(({ name }) => name),
      ["Catania", "Palermo"],
    );
    const query = { radius: 200, withDist: true, withCoord: true, withGeoHash: true, count: 1 };
    const [found] = await redis.geoRadiusByMember(a, "Palermo", { ...query, sort: "desc" });
    assertEquals([found!.name, Math.round(found!.distance!)], ["Catania", 166]);
    assertAlmostEquals(found!.point!.latitude, 37.502669, 1e-5);
    assertEquals(found!.geoHash, 3479447370796909);
  },
  async "streams hold messages for groups"(redis, a, b) {
    assertEquals(await redis.xadd(b, { x: 1 }, { noMkStream: true }), null);
    assertEquals(await redis.xadd(a, { x: 1, y: "z" }, { id: "1-1" }), "1-1");
    await redis.xgroupCreate(a, "g", "0");
    await assertRejects(() => redis.xgroupCreate(a, "g", "0"), RedisReplyError, "BUSYGROUP");
    await redis.xgroupCreateMkStream(b, "g", "$");
    await redis.xgroupSetId(a, "g", "0");
    assertEquals(await redis.xrange(a), [{ id: "1-1", values: { x: "1", y: "z" } }]);
    await using node = redis.blocking();
    assertEquals(await node.xreadGroup("g", "me", { [a]: ">" }, { count: 5, timeoutMs: 100 }), {
      [a]: [{ id: "1-1", values: { x: "1", y: "z" } }],
    });
    assertEquals(await node.xreadGroup("g", "me", { [a]: ">" }, { timeoutMs: 20 }), {});
    assertEquals((await redis.xinfoStream(a))["length"], 1);
    const [group] = await redis.xinfoGroups(a);
    assertEquals([group!["name"], group!["pending"]], ["g", 1]);
    assertEquals((await redis.xinfoConsumers(a, "g"))[0]!["name"], "me");
    assertEquals([await redis.xack(a, "g", "1-1"), await redis.xack(a, "g", ["1-1"])], [1, 0]);
    assertEquals([await redis.xlen(a), await redis.xdel(a, "1-1"), await redis.xlen(a)], [1, 1, 0]);
    await redis.xadd(a, { x: 1 }, { maxLength: 10 });
  },
  async "scripts are sent by their SHA-1, and as text to a server that does not know them"(
    redis,
    a,
  ) {
    const script = new RedisScript(`return {KEYS[1], ARGV[1], 7, false} -- ${a}`);
    await assertRejects(() => redis.evalSha(script.sha, [a], ["x"]), RedisReplyError, "NOSCRIPT");
    assertEquals(await redis.runScript(script, [a], ["x"]), [a, "x", 7, null]);
    assertEquals(await redis.evalSha(script.sha, [a], ["x"]), [a, "x", 7, null]);
    assertEquals(await redis.eval("return ARGV[1]", [], [5]), "5");
    assertEquals(await redis.eval("local x = 1", []), null);
    const other = new RedisScript(`return 1 -- ${a}`);
    assertEquals(await redis.scriptLoad(other.source), other.sha);
    const [one, two] = await redis.pipelined((pipe) => [
      pipe.runScript(new RedisScript(`return 2 -- ${a}`), [a]),
      pipe.evalSha(other.sha, []),
    ]);
    assertEquals([one, two], [2, 1]);
  },
  async "do() sends anything but what would take the connection away"(redis, a) {
    assertEquals(await redis.do(["SET", a, 1]), "OK");
    assertEquals([await redis.do(["get", a]), await redis.do(["incr", a])], ["1", 2]);
    assertEquals(await redis.do(["get", `${a}:no`]), null);
    await assertRejects(() => redis.do([]), TypeError, "missing redis command");
    await assertRejects(() => redis.do(["BLPOP", a, 0]), TypeError, "use blocking()");
    await assertRejects(() => redis.do(["multi"]), TypeError, "use txPipelined()");
    const block = ["XREAD", "BLOCK", 0, "STREAMS", a, "$"];
    await assertRejects(() => redis.do(block), TypeError, "use blocking()");
    await assertRejects(() => redis.do(["client", "REPLY", "off"]), TypeError, "configuration");
  },
  async "scans find all there is"(redis, a, b, c) {
    const many = Array.from({ length: 1550 }, (_, i) => i);
    await redis.hmset(a, Object.fromEntries(many.map((i) => [`f${i}`, i])));
    await redis.sadd(b, many);
    await redis.zadds(c, many.map((i) => ({ score: i, member: `m${i}` })));
    const fields = await Array.fromAsync(redis.hscan(a, { count: 100 }));
    assertEquals([fields.length, fields.flat().length], [1550, 3100]);
    assertEquals((await Array.fromAsync(redis.sscan(b, { count: 100 }))).length, 1550);
    const scored = await Array.fromAsync(redis.zscan(c, { match: "m10*" }));
    assertEquals(scored.length, 111);
    assertEquals(scored.every(({ member, score }) => member === `m${score}`), true);
    const keys = await Array.fromAsync(redis.scan({ match: a.replace(/a$/, "?"), count: 1000 }));
    assertEquals(keys.sort(), [a, b, c]);
    await assertRejects(
      () => Array.fromAsync(redis.scan({ signal: AbortSignal.abort(new Error("enough")) })),
      Error,
      "enough",
    );
  },
};

for (const [name, run] of Object.entries(CASES)) {
  for (const protocol of [3, 2] as const) {
    Deno.test(`Redis over RESP${protocol}: ${name}`, () => withKeys(run, protocol));
  }
}
