import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Shedder, ShedderReport } from "../../core/load/shedder.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { BodyTimeoutError } from "../errors.ts";
import type { Handler } from "../handler.ts";
import { json } from "../response/json.ts";
import { Server, type ServerOptions } from "../server.ts";
import type { RestConfInput } from "../config.ts";
import { maxConns } from "./max_conns.ts";
import { shedding } from "./shedding.ts";
import { timeout } from "./timeout.ts";

function serverOf(config: Partial<RestConfInput> = {}, options: ServerOptions = {}): Server {
  const metrics = new MetricRegistry();
  return new Server({ Name: "t", Port: 0, ...config }, {
    log: new MemoryLog(),
    metrics,
    ...options,
  });
}

async function ask(server: Server, path = "/", headers: HeadersInit = {}) {
  const response = await server.fetch(new Request(`http://localhost${path}`, { headers }));
  const body = await response.json();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), body };
}

function deferred(): { handler: Handler; answer: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { handler: () => promise.then(() => json("done")), answer: resolve };
}

Deno.test("maxConns() refuses one request too many, lets the next in after an answer, and explains", async () => {
  await using server = serverOf();
  const { handler, answer } = deferred();
  server.get("/", handler, { maxConns: 2 });
  const running = [ask(server), ask(server)];
  const refused = await ask(server);
  assertEquals([refused.status, refused.body.code], [503, "resource_exhausted"]);
  assertEquals(refused.retryAfter, "1");
  assertEquals(server.decisions.explain(refused.body.decision), {
    id: refused.body.decision,
    protection: "max_conns",
    target: "GET /",
    wallTimeMs: server.decisions.list()[0]!.wallTimeMs,
    report: { limit: 2, inFlight: 2 },
  });
  answer();
  assertEquals((await Promise.all(running)).map(({ status }) => status), [200, 200]);
  assertEquals((await ask(server)).status, 200);
});

Deno.test("maxConns() counts each route on its own, by the server's MaxConns", async () => {
  await using server = serverOf({ MaxConns: 1 });
  const first = deferred();
  server.get("/slow", first.handler).get("/quick", () => json(1));
  const running = ask(server, "/slow");
  assertEquals((await ask(server, "/slow")).status, 503);
  assertEquals((await ask(server, "/quick")).status, 200);
  first.answer();
  assertEquals((await running).status, 200);
});

Deno.test("maxConns() lets a request leave that failed", async () => {
  await using server = serverOf();
  server.get("/", () => Promise.reject(new ServiceError("not_found", "no")), { maxConns: 1 });
  for (let i = 0; i < 3; i++) assertEquals((await ask(server)).status, 404);
});

Deno.test("maxConns() refuses limits that let nobody in", () => {
  for (const limit of [0, -1, 1.5, NaN]) {
    assertThrows(() => maxConns(limit), RangeError, "maxConns");
  }
});

/** What becomes of a healthy answer after `failures` of `fail` on the same route. */
async function afterFailures(fail: () => Response, failures = 60) {
  const clock = new FakeClock();
  await using server = serverOf({}, { clock });
  let broken = true;
  let calls = 0;
  server.get("/", () => {
    calls++;
    return broken ? fail() : json("fine");
  });
  for (let i = 0; i < failures; i++) await ask(server);
  const failing = calls;
  broken = false;
  const answers = [];
  for (let i = 0; i < 20; i++) answers.push(await ask(server));
  await clock.advance(12_000);
  const later = await ask(server);
  return { failing, answers, later, server };
}

const throwing = (error: Error) => () => {
  throw error;
};

for (
  const [what, fail] of [
    ["answers 500", () => new Response("{}", { status: 500 })],
    ["answers 503", () => new Response("{}", { status: 503 })],
    ["throws what nobody foresaw", throwing(new TypeError("oops"))],
    ["throws unavailable", throwing(new ServiceError("unavailable", "down"))],
  ] as const
) {
  Deno.test(`breaker() opens when a route ${what}, and closes later`, async () => {
    const { failing, answers, later } = await afterFailures(fail);
    assert(failing < 60, `${failing} calls reached the handler`);
    const refused = answers.filter(({ status }) => status === 503);
    assert(refused.length > 0, "nothing was refused");
    assertMatch(refused[0]!.body.detail, /circuit open/);
    assertEquals(typeof refused[0]!.body.decision, "string");
    assertEquals(later.status, 200);
  });
}

for (
  const [what, fail] of [
    ["answers 404", () => new Response("{}", { status: 404 })],
    ["throws invalid_argument", throwing(new ServiceError("invalid_argument", "no"))],
    ["is shed further in", throwing(new ServiceError("resource_exhausted", "no"))],
    ["meets an open circuit behind it", throwing(new CircuitOpenError("orders"))],
    ["is canceled", throwing(new DOMException("gone", "AbortError"))],
    ["waits for a slow client", throwing(new BodyTimeoutError(10))],
  ] as const
) {
  Deno.test(`breaker() stays closed when a route ${what}`, async () => {
    const { failing, answers } = await afterFailures(fail);
    assertEquals(failing, 60);
    assertEquals(answers.map(({ status }) => status), Array(20).fill(200));
  });
}

Deno.test("breaker() of one route leaves the others alone", async () => {
  await using server = serverOf({}, { clock: new FakeClock() });
  server.get("/bad", throwing(new TypeError("oops"))).get("/good", () => json(1));
  for (let i = 0; i < 100; i++) await ask(server, "/bad");
  assertEquals((await ask(server, "/good")).status, 200);
});

const REPORT = { lagMs: 70, retryAfterMs: 1500 } as ShedderReport;

function shedderOf(admits: boolean) {
  const told: string[] = [];
  const token = {
    pass: () => void told.push("pass"),
    fail: () => void told.push("fail"),
    [Symbol.dispose]() {},
  };
  const shedder: Shedder = {
    allow: () => token,
    tryAllow: (options) => {
      told.push(options?.criticality ?? "?");
      return admits ? token : undefined;
    },
    explain: () => REPORT,
    [Symbol.dispose]() {},
  };
  return { shedder, told };
}

for (
  const [what, handler, word] of [
    ["an answer", () => json(1), "pass"],
    ["a late answer", () => Promise.resolve(json(1)), "pass"],
    ["a 404", () => new Response("{}", { status: 404 }), "pass"],
    ["a 503", () => new Response("{}", { status: 503 }), "fail"],
    ["an error", throwing(new TypeError("oops")), "fail"],
    ["a late error", () => Promise.reject(new TypeError("oops")), "fail"],
  ] as const
) {
  Deno.test(`shedding() tells the shedder of ${what}: ${word}`, async () => {
    const { shedder, told } = shedderOf(true);
    await using server = serverOf();
    server.get("/", handler, { middleware: [shedding(shedder, "critical")] });
    await ask(server);
    assertEquals(told, ["critical", word]);
  });
}

Deno.test("shedding() refuses with 503, the time to come back and the decision", async () => {
  const { shedder } = shedderOf(false);
  await using server = serverOf();
  server.get("/", () => json("unreachable"), { middleware: [shedding(shedder)] });
  const { status, retryAfter, body } = await ask(server);
  assertEquals([status, retryAfter, body.reason], [503, "2", "overloaded"]);
  assertEquals(server.decisions.explain(body.decision)?.report, REPORT);
});

Deno.test("timeout() hands its limit to what the handler calls", async () => {
  const clock = new FakeClock();
  await using server = serverOf({ Timeout: 300 }, { clock });
  server.get("/", async () => {
    await Promise.resolve();
    return json(currentDeadline()?.remainingMs);
  });
  assertEquals((await ask(server)).body, 300);
});

for (
  const [header, own, seen] of [
    ["120", 300, 120],
    ["900", 300, 300],
    ["120", 0, 120],
    ["soon", 300, 300],
    ["-1", 300, 300],
    ["", 300, 300],
  ] as const
) {
  Deno.test(`timeout() of ${own} ms and a caller that says "${header}" make ${seen} ms`, async () => {
    await using server = serverOf({ Timeout: own }, { clock: new FakeClock() });
    server.get("/", () => json(currentDeadline()?.remainingMs));
    assertEquals((await ask(server, "/", { "zeno-timeout-ms": header })).body, seen);
  });
}

Deno.test("timeout() answers a caller whose time is up, without work and without blame", async () => {
  const clock = new FakeClock();
  await using server = serverOf({}, { clock });
  let calls = 0;
  server.get("/", () => {
    calls++;
    return new Promise<Response>(() => {});
  });
  for (let i = 0; i < 40; i++) {
    assertEquals((await ask(server, "/", { "zeno-timeout-ms": "0" })).status, 504);
  }
  assertEquals(calls, 0);
  for (let i = 0; i < 40; i++) {
    const late = ask(server, "/", { "zeno-timeout-ms": "50" });
    await clock.advance(100);
    assertEquals((await late).status, 504);
  }
  assertEquals(calls, 40);
});

Deno.test("timeout() of the route itself opens the breaker", async () => {
  const clock = new FakeClock();
  await using server = serverOf({ Timeout: 50 }, { clock });
  server.get("/", () => new Promise<Response>(() => {}));
  const statuses = new Set<number>();
  for (let i = 0; i < 60; i++) {
    const late = ask(server);
    await clock.advance(70);
    statuses.add((await late).status);
  }
  assertEquals([...statuses], [504, 503]);
});

Deno.test("timeout() refuses times that are none", () => {
  for (const time of [0, -1, NaN]) assertThrows(() => timeout(time), RangeError, "timeoutMs");
});
