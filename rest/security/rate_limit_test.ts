import { assert, assertEquals, assertThrows } from "@std/assert";
import { FixedWindowLimiter } from "../../core/limit/fixed_window_limiter.ts";
import type { LimitDecision, Limiter } from "../../core/limit/limiter.ts";
import { TokenBucketLimiter } from "../../core/limit/token_bucket_limiter.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { authorize } from "../jwt/authorize.ts";
import { signToken } from "../jwt/token.ts";
import type { Middleware } from "../handler.ts";
import { Server } from "../server.ts";
import { rateLimit, type RateLimitOptions } from "./rate_limit.ts";
import { byAddress, byClaim, byHeader, firstOf, type RateLimitKey } from "./rate_limit_key.ts";

const SECRET = "unit-test-secret-1";

class Shop implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly log = new MemoryLog();
  readonly #server: Server;
  handled = 0;

  constructor(middleware: readonly Middleware[], clock = new FakeClock()) {
    this.clock = clock;
    this.#server = new Server({ Name: "test", Port: 0 }, { log: this.log, clock });
    this.#server.get("/", () => new Response(`${++this.handled}`), { middleware });
  }

  async ask(hostname = "192.0.2.1", headers: HeadersInit = {}): Promise<Response> {
    const info = { remoteAddr: { transport: "tcp", hostname, port: 4711 } };
    const response = await this.#server.fetch(new Request("http://a/", { headers }), info);
    await response.clone().body?.cancel();
    return response;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

function limited(limiter: Limiter, more: Partial<RateLimitOptions> = {}): Middleware {
  return rateLimit({ limiter, key: byAddress(), ...more });
}

Deno.test("rateLimit() refuses with 429 and says when to come again", async () => {
  const clock = new FakeClock();
  const limiter = new FixedWindowLimiter({ periodMs: 60_000, quota: 2, clock });
  await using shop = new Shop([limited(limiter, { name: "burst", windowSeconds: 60 })], clock);
  const rows = [[200, '"burst";r=1;t=60'], [200, '"burst";r=0;t=60'], [429, '"burst";r=0;t=60']];
  for (const [status, left] of rows) {
    const { status: got, headers } = await shop.ask();
    assertEquals([got, headers.get("ratelimit")], [status, left]);
    assertEquals(headers.get("ratelimit-policy"), '"burst";q=2;w=60');
    assertEquals(headers.get("retry-after"), status === 429 ? "60" : null);
  }
  assertEquals(shop.handled, 2);
  clock.elapse(30_500);
  const refused = await shop.ask();
  assertEquals(refused.headers.get("retry-after"), "30");
  const problem = await refused.json();
  assertEquals([problem.code, problem["violated-policies"]], ["resource_exhausted", ["burst"]]);
  clock.elapse(30_000);
  assertEquals((await shop.ask()).status, 200);
});

Deno.test("rateLimit() keeps clients apart", async () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 1, clock });
  await using shop = new Shop([limited(limiter)], clock);
  const statuses = async (...hosts: string[]) =>
    await Promise.all(hosts.map(async (host) => (await shop.ask(host)).status));
  assertEquals(await statuses("192.0.2.1", "192.0.2.1", "192.0.2.2"), [200, 429, 200]);
  assertEquals(await statuses("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"), [200, 429, 200]);
});

Deno.test("rateLimit() counts several limits, and tells of all", async () => {
  const clock = new FakeClock();
  const burst = new TokenBucketLimiter({ ratePerSecond: 1, burst: 5, clock });
  const daily = new FixedWindowLimiter({ periodMs: 86_400_000, quota: 3, clock });
  const middleware = [limited(daily, { name: "daily" }), limited(burst, { name: "burst" })];
  await using shop = new Shop(middleware, clock);
  const { headers } = await shop.ask();
  assertEquals(headers.get("ratelimit"), '"burst";r=4;t=1, "daily";r=2;t=86400');
  assertEquals(headers.get("ratelimit-policy"), '"burst";q=5, "daily";q=3');
});

Deno.test("rateLimit() counts by what a request is worth", async () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 10, clock });
  const costOf = ({ headers }: Request) => Number(headers.get("x-cost") ?? 1);
  await using shop = new Shop([limited(limiter, { costOf, tellRemaining: false })], clock);
  const first = await shop.ask(undefined, { "x-cost": "8" });
  assertEquals([first.status, first.headers.get("ratelimit")], [200, null]);
  const second = await shop.ask(undefined, { "x-cost": "3" });
  assertEquals([second.status, second.headers.get("ratelimit")], [429, '"default";r=2;t=1']);
  const never = await shop.ask(undefined, { "x-cost": "11" });
  assertEquals([never.status, never.headers.get("retry-after")], [429, null]);
});

function tokenOf(sub: unknown): HeadersInit {
  return { authorization: signToken({ sub }, SECRET) };
}

Deno.test("rateLimit() limits by a claim, and by address without one", async () => {
  const clock = new FakeClock({ wallTime: 1_700_000_000_000 });
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 1, clock });
  const key = firstOf(byClaim("sub"), byAddress());
  await using shop = new Shop([authorize({ secret: SECRET }), rateLimit({ limiter, key })], clock);
  const rows: [host: string, sub: unknown, status: number][] = [
    ["192.0.2.1", "ann", 200],
    ["192.0.2.2", "ann", 429],
    ["192.0.2.2", "bob", 200],
    ["192.0.2.2", undefined, 200],
    ["192.0.2.2", { sub: "ann" }, 429],
    ["192.0.2.3", 9007199254740993n, 200],
    ["192.0.2.4", 9007199254740993n, 429],
  ];
  for (const [host, sub, status] of rows) {
    assertEquals((await shop.ask(host, tokenOf(sub))).status, status, `${host} ${sub}`);
  }
});

Deno.test("rateLimit() counts nothing without a key, and hashes a long one", async () => {
  const keys: string[] = [];
  const limiter = { take: (key: string) => (keys.push(key), DECISION) };
  await using shop = new Shop([rateLimit({ limiter, key: byHeader("x-api-key") })]);
  await shop.ask();
  await shop.ask(undefined, { "x-api-key": "short" });
  await shop.ask(undefined, { "x-api-key": "x".repeat(10_000) });
  assertEquals(keys[0], "header:short");
  assertEquals([keys.length, keys[1]!.length], [2, 64]);
});

const DECISION: LimitDecision = {
  allowed: true,
  limit: 1,
  remaining: 1,
  resetMs: 0,
  retryAfterMs: 0,
};

const broken: [what: string, take: Limiter["take"]][] = [
  ["throws", () => {
    throw new Error("no connection");
  }],
  ["rejects", () => Promise.reject(new Error("no connection"))],
];

for (const [what, take] of broken) {
  Deno.test(`rateLimit() lets requests pass when the limiter ${what}, and says so once`, async () => {
    await using shop = new Shop([limited({ take })]);
    for (let i = 0; i < 20; i++) assertEquals((await shop.ask()).status, 200);
    assertEquals(shop.log.contents("error").length, 1);
    shop.clock.elapse(10_000);
    await shop.ask();
    const [first, second] = shop.log.records.filter(({ level }) => level === "error");
    assertEquals(first?.fields?.failures, 1);
    assertEquals(second?.fields, { ...second?.fields, why: "no connection", failures: 20 });
  });
}

Deno.test("rateLimit() does not wait for a limiter that never answers", async () => {
  const take = () => new Promise<LimitDecision>(() => {});
  await using shop = new Shop([limited({ take }, { timeoutMs: 50 })]);
  const response = shop.ask();
  await shop.clock.advance(200);
  assertEquals((await response).status, 200);
  assertEquals(shop.log.contents("error").length, 1);
});

Deno.test("rateLimit() waits for a limiter that answers in time", async () => {
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 1, clock: new FakeClock() });
  const take: Limiter["take"] = (key) => Promise.resolve(limiter.take(key));
  await using shop = new Shop([limited({ take })]);
  assertEquals([(await shop.ask()).status, (await shop.ask()).status], [200, 429]);
});

Deno.test("rateLimit() is not fooled by addresses that are made up", async () => {
  const clock = new FakeClock();
  const limiter = new TokenBucketLimiter({ ratePerSecond: 1, burst: 1, maxKeys: 100, clock });
  const key = byAddress({ trustedProxies: ["10.0.0.0/8"] });
  await using shop = new Shop([rateLimit({ limiter, key })], clock);
  let allowed = 0;
  for (let i = 0; i < 500; i++) {
    const headers = { "x-forwarded-for": `${i}.${i % 256}.2.1, 203.0.113.9` };
    if ((await shop.ask("10.0.0.1", headers)).status === 200) allowed++;
  }
  assertEquals([allowed, limiter.size], [1, 1]);
});

Deno.test("rateLimit() refuses options out of range", () => {
  const limiter = { take: () => DECISION };
  const key: RateLimitKey = () => "";
  assertThrows(() => rateLimit({ limiter, key, windowSeconds: 0 }), RangeError, "windowSeconds");
  assertThrows(() => rateLimit({ limiter, key, timeoutMs: 0 }), RangeError, "timeoutMs");
  assertThrows(() => rateLimit({ limiter, key, name: "é" }), SyntaxError, "string");
  assertThrows(() => byAddress({ ipv6Bits: 129 }), RangeError, "ipv6Bits");
  assert(assertThrows(() => byAddress({ trustedProxies: ["x"] }), SyntaxError));
});
