import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { RedisProcess } from "../../core/testing/provision_redis.ts";
import { Authenticator } from "../../rpc/interceptor/server/authenticator.ts";
import type { TokenStore } from "../../rpc/interceptor/server/token_store.ts";
import { echo } from "../../rpc/testing/echo_service.ts";
import { openPair } from "../../rpc/testing/pair.ts";
import { RedisConnectionError } from "./errors.ts";
import type { RedisOptions } from "./options.ts";
import { Redis } from "./redis.ts";
import { RedisTokenStore } from "./token_store.ts";

const server = await RedisProcess.start();
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

const KEY = "rpc:auth:echo";
const SECRET = "s3cret-t0ken";

function own(): RedisOptions {
  return { log: noopLogger, metrics: new MetricRegistry(), breakers: new BreakerGroup() };
}

const ROWS = [
  { name: "lets in who is unknown when lax", kept: undefined, strict: false, code: undefined },
  { name: "refuses who is unknown when strict", kept: undefined, strict: true, code: "internal" },
  { name: "lets in who shows its token when lax", kept: SECRET, strict: false, code: undefined },
  { name: "lets in who shows its token when strict", kept: SECRET, strict: true, code: undefined },
  { name: "refuses a wrong token when lax", kept: "other", strict: false, code: "unauthenticated" },
  {
    name: "refuses a wrong token when strict",
    kept: "other",
    strict: true,
    code: "unauthenticated",
  },
  {
    name: "refuses who says nothing when lax",
    kept: SECRET,
    strict: false,
    code: "unauthenticated",
    silent: true,
  },
  {
    name: "refuses who says nothing when strict",
    kept: SECRET,
    strict: true,
    code: "unauthenticated",
    silent: true,
  },
] as const;

for (const row of ROWS) {
  const { name, kept, strict, code } = row;
  Deno.test(`RedisTokenStore: a gRPC server ${name}`, async () => {
    await using redis = new Redis({ Host: server.host }, own());
    await redis.del(KEY);
    if (kept !== undefined) await redis.hset(KEY, "shop", kept);
    const section = { Host: server.host, Type: "node", Key: KEY } as const;
    await using tokens = await RedisTokenStore.connect(section, own());
    await using pair = await openPair("grpc_js", {
      server: { Auth: true, StrictControl: strict, Redis: section },
      serverOptions: { tokens },
      client: "silent" in row ? {} : { App: "shop", Token: SECRET },
    });
    const runs = [
      () => pair.stub.say(echo("")),
      () => Array.fromAsync(pair.stub.count(echo("", 1))),
    ];
    for (const run of runs) {
      if (code === undefined) await run();
      else assertEquals((await assertRejects(run, ServiceError)).code, code);
    }
    assert(!pair.log.lines.some((line) => line.includes(SECRET)), "a line shows the token");
  });
}

const OUTAGES = [
  { strict: false, code: undefined, told: true },
  { strict: true, code: "internal", told: false },
] as const;

for (const { strict, code, told } of OUTAGES) {
  Deno.test(`RedisTokenStore: without Redis a ${strict ? "strict" : "lax"} server ${code ? "refuses" : "lets in"}`, async () => {
    await using mortal = await RedisProcess.start();
    await using redis = new Redis({ Host: mortal.host }, own());
    await redis.hset(KEY, "known", SECRET);
    await using pair = await openPair("grpc_js", {
      server: { Auth: true, StrictControl: strict },
      serverOptions: { tokens: new RedisTokenStore(redis, KEY) },
      client: { App: "known", Token: SECRET },
    });
    await pair.stub.say(echo(""));
    await mortal.kill();
    await pair.stub.say(echo("")); // What was looked up stays known.
    const other = await openPair("grpc_js", {
      server: { Auth: true, StrictControl: strict },
      serverOptions: { tokens: new RedisTokenStore(redis, KEY) },
      client: { App: "other", Token: SECRET },
    });
    try {
      if (code === undefined) await other.stub.say(echo(""));
      else {
        const error = await assertRejects(() => other.stub.say(echo("")), ServiceError);
        assertEquals(error.code, code);
      }
      const line = other.log.lines.find((line) => line.includes("Cannot authenticate callers"));
      assertEquals(line !== undefined, told);
      assert(!other.log.lines.some((line) => line.includes(SECRET)), "a line shows the token");
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
}

Deno.test("RedisTokenStore: a token that was changed is noticed when the old one has been kept long enough", async () => {
  await using redis = new Redis({ Host: server.host }, own());
  await redis.hset(KEY, "shop", "old");
  const store: TokenStore = new RedisTokenStore(redis, KEY); // What the rpc part asks for.
  const clock = new FakeClock();
  using authenticator = new Authenticator(store, { strict: true, clock });
  const tryBoth = async () =>
    await Promise.all(
      ["old", "new"].map((token) =>
        authenticator.authenticate("shop", token).then(() => true, () => false)
      ),
    );
  assertEquals(await tryBoth(), [true, false]);
  await redis.hset(KEY, "shop", "new");
  assertEquals(await tryBoth(), [true, false]);
  await clock.advance(330_000);
  assertEquals(await tryBoth(), [false, true]);
  await redis.hdel(KEY, "shop");
  await clock.advance(330_000);
  assertEquals(await tryBoth(), [false, false]);
});

Deno.test("RedisTokenStore looks a token up once for all who ask at a time", async () => {
  let lookups = 0;
  const count = own();
  count.interceptors = [(next) => (call) => {
    lookups++;
    return next(call);
  }];
  await using redis = new Redis({ Host: server.host }, count);
  await redis.hset(KEY, "busy", SECRET);
  lookups = 0;
  using authenticator = new Authenticator(new RedisTokenStore(redis, KEY), { strict: true });
  await Promise.all(
    Array.from({ length: 50 }, () => authenticator.authenticate("busy", SECRET)),
  );
  assertEquals(lookups, 1);
});

Deno.test("RedisTokenStore says what is wrong with its section", async () => {
  await assertRejects(
    () => RedisTokenStore.connect({ Host: server.host, Key: "" }, own()),
    ValidationError,
    "empty redis key",
  );
  await assertRejects(
    () => RedisTokenStore.connect({ Host: "", Key: KEY }, own()),
    ValidationError,
    "empty redis host",
  );
  await assertRejects(
    () => RedisTokenStore.connect({ Host: "127.0.0.1:1", Key: KEY, NonBlock: false }, own()),
    RedisConnectionError,
    "redis connect error",
  );
  await using redis = new Redis({ Host: server.host }, own());
  assertThrows(() => new RedisTokenStore(redis, ""), TypeError, "empty redis key");
});
