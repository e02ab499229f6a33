import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BreakerGroup } from "../breaker/breaker_group.ts";
import { ShedderGroup } from "../load/shedder_group.ts";
import { MetricRegistry } from "../metric/registry.ts";
import { httpServerMetrics } from "../metric/request_metrics.ts";
import { HealthRegistry } from "../proc/health.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { AdminHandler, type AdminHandlerOptions } from "./admin_handler.ts";
import { DebugRegistry } from "./debug_registry.ts";
import { isLoopback } from "./listener.ts";
import { breakerState, shedderState } from "./protection_state.ts";

function request(path: string, init: RequestInit & { host?: string } = {}): Request {
  return new Request(`http://${init.host ?? "localhost:6060"}${path}`, init);
}

async function bodyOf(admin: AdminHandler, path: string, init?: RequestInit): Promise<unknown> {
  const response = await admin.fetch(request(path, init));
  return await response.json();
}

const answers: {
  path: string;
  method?: string;
  options?: AdminHandlerOptions;
  headers?: Record<string, string>;
  host?: string;
  status: number;
  type?: string;
}[] = [
  { path: "/", status: 200, type: "application/json; charset=utf-8" },
  { path: "/livez", status: 200, type: "text/plain; charset=utf-8" },
  { path: "/healthz", status: 503, type: "text/plain; charset=utf-8" }, // There is no probe.
  { path: "/readyz", status: 503 },
  { path: "/health", options: { healthPath: "/health" }, status: 503 },
  { path: "/healthz", options: { healthPath: "/health" }, status: 404 },
  { path: "/metrics", status: 200, type: "text/plain; version=0.0.4; charset=utf-8" },
  { path: "/m", options: { metricsPath: "/m" }, status: 200 },
  { path: "/metrics", options: { metrics: false }, status: 404 },
  { path: "/debug", status: 308 },
  { path: "/debug/", status: 200, type: "text/html; charset=utf-8" },
  { path: "/debug/state", status: 200, type: "application/json; charset=utf-8" },
  { path: "/debug/config", status: 200 },
  { path: "/debug/log-level", status: 200 },
  { path: "/debug/nothing", status: 404, type: "application/json; charset=utf-8" },
  { path: "/debug/env", status: 404 },
  { path: "/debug/pprof/", status: 404 },
  { path: "/debug/../../etc/passwd", status: 404 },
  { path: "/unknown", status: 404 },
  { path: "/debug/heap", options: { profiling: false }, status: 404 },
  { path: "/debug/profile?seconds=1", options: { profiling: false }, status: 404 },
  { path: "/debug/profile?seconds=0", status: 400 },
  { path: "/debug/profile?seconds=", status: 400 },
  { path: "/debug/profile?seconds=121", status: 400 },
  { path: "/debug/profile?seconds=x", status: 400 },
  { path: "/livez", method: "HEAD", status: 200 },
  { path: "/livez", method: "POST", status: 405 },
  { path: "/debug/state", method: "DELETE", status: 405 },
  { path: "/debug/log-level", method: "POST", status: 405 },
  { path: "/livez", options: { isKnownHost: isLoopback }, host: "127.0.0.1:6060", status: 200 },
  { path: "/livez", options: { isKnownHost: isLoopback }, host: "[::1]:6060", status: 200 },
  { path: "/livez", options: { isKnownHost: isLoopback }, host: "evil.example", status: 421 },
  { path: "/livez", host: "pod-7.prod", status: 200 },
  { path: "/debug/state", headers: { "sec-fetch-site": "same-origin" }, status: 200 },
  { path: "/debug/state", headers: { "sec-fetch-site": "cross-site" }, status: 403 },
  { path: "/debug/state", headers: { "sec-fetch-site": "same-site" }, status: 403 },
  {
    path: "/debug/",
    headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    status: 200,
  },
  {
    path: "/debug/heap",
    headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    status: 403,
  },
];

for (const { path, method = "GET", options, headers, host, status, type } of answers) {
  const what = [method, path, ...Object.values(headers ?? {}), host ?? ""].join(" ").trim();
  const given = Object.keys(options ?? {}).join(", ");
  Deno.test(`AdminHandler.fetch() answers ${what} with ${status}${given && ` (${given})`}`, async () => {
    using admin = new AdminHandler(options);
    const init = { method, headers: headers ?? {}, host: host ?? "localhost" };
    const response = await admin.fetch(request(path, init));
    assertEquals(response.status, status);
    if (type) assertEquals(response.headers.get("content-type"), type);
    const body = await response.text();
    if (status >= 400 && status !== 503) assertMatch(body, /^\{\n {2}"error": "Cannot /);
  });
}

Deno.test("AdminHandler.fetch() lists at / what there is", async () => {
  const debug = new DebugRegistry();
  using admin = new AdminHandler({ debug });
  using _routes = debug.register("routes", "greet", () => []);
  const listed = await bodyOf(admin, "/");
  assert(Array.isArray(listed));
  for (const path of listed.filter((path) => !/heap|profile/.test(path))) {
    const { status } = await admin.fetch(request(path));
    assert([200, 308, 503].includes(status), `${path} answers ${status}`);
  }
  assert(listed.includes("/debug/routes"));
});

const readiness: { name: string; probes: boolean[][]; status: number; body: string }[] = [
  { name: "no probe", probes: [[]], status: 503, body: "Service Unavailable\n\n" },
  {
    name: "one that is not ready",
    probes: [[false]],
    status: 503,
    body: "Service Unavailable\nprobe 0.0 is not ready\n\n",
  },
  { name: "one that is ready", probes: [[true]], status: 200, body: "fine" },
  {
    name: "two, one of them ready",
    probes: [[true, false]],
    status: 503,
    body: "Service Unavailable\nprobe 0.0 is ready\nprobe 0.1 is not ready\n\n",
  },
  {
    name: "two services, one of them ready",
    probes: [[true], [false]],
    status: 503,
    body: "Service Unavailable\nprobe 0.0 is ready\nprobe 1.0 is not ready\n\n",
  },
  { name: "two services that are ready", probes: [[true], [true]], status: 200, body: "fine" },
];

for (const { name, probes, status, body } of readiness) {
  Deno.test(`AdminHandler.fetch() tells the health of ${name}`, async () => {
    using admin = new AdminHandler({ healthResponse: "fine" });
    for (const [at, states] of probes.entries()) {
      const health = new HealthRegistry();
      for (const [number, ready] of states.entries()) {
        const probe = health.register(`probe ${at}.${number}`);
        if (ready) probe.markReady();
      }
      admin.attach({ name: "greet", health });
    }
    for (const path of ["/healthz", "/readyz"]) {
      const response = await admin.fetch(request(path));
      assertEquals([response.status, await response.text()], [status, body]);
    }
    assertEquals((await admin.fetch(request("/livez"))).status, 200);
  });
}

Deno.test("AdminHandler.attach() counts a registry of probes once, and shows a service until it goes", async () => {
  using admin = new AdminHandler();
  const health = new HealthRegistry();
  health.register("db").markReady();
  const first = admin.attach({ name: "greet", health, config: 1 });
  const second = admin.attach({ name: "greet", health, config: 2 });
  assertEquals(await bodyOf(admin, "/debug/config"), { "greet": 1, "greet #2": 2 });
  const state = await bodyOf(admin, "/debug/state") as { health: { probes: unknown[] } };
  assertEquals(state.health.probes, [{ name: "db", ready: true }]);
  first[Symbol.dispose]();
  assertEquals(await bodyOf(admin, "/debug/config"), { "greet #2": 2 });
  second[Symbol.dispose]();
  assertEquals((await admin.fetch(request("/healthz"))).status, 503);
});

const levels: { body: string; status: number; level: string }[] = [
  { body: "debug", status: 200, level: "debug" },
  { body: " error\n", status: 200, level: "error" },
  { body: '{"level":"severe"}', status: 200, level: "severe" },
  { body: "disabled", status: 200, level: "disabled" },
  { body: "verbose", status: 400, level: "info" },
  { body: '{"level":1}', status: 400, level: "info" },
  { body: "{", status: 400, level: "info" },
  { body: "", status: 400, level: "info" },
  { body: "toString", status: 400, level: "info" },
];

for (const { body, status, level } of levels) {
  Deno.test(`AdminHandler.fetch() takes ${JSON.stringify(body)} for a log level with ${status}`, async () => {
    using admin = new AdminHandler();
    const logs = [new MemoryLog({ config: { Level: "info" } }), new MemoryLog({ config: {} })];
    for (const log of logs) admin.attach({ name: "greet", log });
    const answer = await admin.fetch(request("/debug/log-level", { method: "PUT", body }));
    await answer.body?.cancel();
    assertEquals(answer.status, status);
    const expected = { "greet": level, "greet #2": level };
    assertEquals(await bodyOf(admin, "/debug/log-level"), expected);
  });
}

Deno.test("AdminHandler.fetch() shows breakers and shedders with what they explain", async () => {
  const clock = new FakeClock();
  const debug = new DebugRegistry();
  using admin = new AdminHandler({ debug, clock });
  const breakers = new BreakerGroup({ clock });
  using shedders = new ShedderGroup({ clock });
  using _breakers = debug.register("breakers", "rest", () => breakerState(breakers));
  using _shedders = debug.register("shedder", "rest", () => shedderState(shedders));
  await breakers.run("good", () => 1);
  await breakers.run("bad", () => Promise.reject(new Error("down"))).catch(() => {});
  using _token = shedders.get("GET /orders").allow();
  const shown = await bodyOf(admin, "/debug/breakers") as {
    rest: { count: number; breakers: { name: string; lastFailures: { message: string }[] }[] };
  };
  assertEquals(shown.rest.count, 2);
  assertEquals(shown.rest.breakers.map(({ name }) => name), ["bad", "good"]);
  assertEquals(shown.rest.breakers[0]?.lastFailures[0]?.message, "down");
  const shedder = await bodyOf(admin, "/debug/shedder") as { rest: { inFlight: number }[] };
  assertEquals(shedder.rest[0]?.inFlight, 1);
});

Deno.test("AdminHandler.fetch() finds a decision by its id", async () => {
  const debug = new DebugRegistry();
  using admin = new AdminHandler({ debug });
  const decision = { id: "ab12-7", protection: "breaker", route: "GET /x", report: { total: 9 } };
  using _one = debug.register("decisions", "a", () => [{ id: "ab12-6" }]);
  using _other = debug.register("decisions", "b", () => [null, decision]);
  assertEquals(await bodyOf(admin, "/debug/decisions/ab12-7"), decision);
  assertEquals((await admin.fetch(request("/debug/decisions/ab12-8"))).status, 404);
  assertEquals((await admin.fetch(request("/debug/decisions/ab12-7/x"))).status, 404);
});

Deno.test("AdminHandler.fetch() sums requests in the state, and leaves the metrics as they are", async () => {
  const metrics = new MetricRegistry();
  using admin = new AdminHandler({ metrics });
  const { codes } = httpServerMetrics(metrics);
  codes.labels("/a", "GET", "200").inc(3);
  codes.labels("/b", "GET", "204").inc();
  codes.labels("/b", "GET", "503").inc();
  const before = await (await admin.fetch(request("/metrics"))).text();
  const state = await bodyOf(admin, "/debug/state") as Record<string, unknown>;
  assertEquals(state.requests, { "2xx": 4, "5xx": 1 });
  assertEquals(await (await admin.fetch(request("/metrics"))).text(), before);
});

Deno.test("AdminHandler.fetch() never shows the environment", async () => {
  const secret = `env-${crypto.randomUUID()}`;
  Deno.env.set("ZENO_TEST_SECRET", secret);
  try {
    using admin = new AdminHandler();
    admin.attach({ name: "greet", config: { Name: "greet" } });
    const listed = await bodyOf(admin, "/") as string[];
    for (const path of listed.filter((path) => !/heap|profile/.test(path))) {
      const text = await (await admin.fetch(request(path))).text();
      assert(!text.includes(secret), path);
    }
  } finally {
    Deno.env.delete("ZENO_TEST_SECRET");
  }
});

Deno.test("AdminHandler.fetch() answers a console that loads nothing, and whose script is sound", async () => {
  using admin = new AdminHandler();
  const response = await admin.fetch(request("/debug/"));
  const html = await response.text();
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = policy.match(/script-src 'nonce-([\w-]+)'/)?.[1];
  assert(nonce);
  assertStringIncludes(policy, "default-src 'none'");
  const script = html.match(/<script nonce="([^"]+)">([\s\S]*)<\/script>/);
  assertEquals(script?.[1], nonce);
  new Function(`async () => {${script?.[2]}}`); // Throws if it does not parse.
  assert(!/(src|href)="(https?:)?\/\//.test(html), "the page loads something");
  assert(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write/.test(html), "text as markup");
  const again = await (await admin.fetch(request("/debug/"))).text();
  assert(!again.includes(nonce), "a nonce is used once");
});

Deno.test("AdminHandler holds a timer only while somebody looks", async () => {
  const clock = new FakeClock();
  using admin = new AdminHandler({ clock });
  assertEquals(clock.pendingTimers, 0);
  await bodyOf(admin, "/debug/state");
  assertEquals(clock.pendingTimers, 1);
  await clock.advance(10_000);
  assertEquals(clock.pendingTimers, 0);
});
