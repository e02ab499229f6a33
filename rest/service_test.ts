import { assertEquals, assertMatch } from "@std/assert";
import { DebugRegistry } from "../core/admin/debug_registry.ts";
import { MetricRegistry } from "../core/metric/registry.ts";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { currentSpan } from "../core/trace/active_tracer.ts";
import { object } from "../core/schema/object.ts";
import { string } from "../core/schema/builders.ts";
import { restConfig } from "./config.ts";
import { respond } from "./response/respond.ts";
import { json } from "./response/json.ts";
import { cors } from "./security/cors.ts";
import { Server } from "./server.ts";

const CONFIG = {
  Name: "orders",
  Host: "127.0.0.1",
  Port: 0,
  DevServer: { Port: 0 },
  Signature: { PrivateKeys: [] },
};

function serverOf() {
  const options = {
    log: new MemoryLog(),
    metrics: new MetricRegistry(),
    debug: new DebugRegistry(),
  };
  return new Server(CONFIG, options)
    .get("/orders/:id", () => json(currentSpan().spanContext()?.traceId))
    .get("/full", () => new Promise<Response>(() => {}), { maxConns: 1, timeoutMs: 20 });
}

async function ask(server: Server, path: string): Promise<Response> {
  return await fetch(`http://127.0.0.1:${server.address.port}${path}`);
}

async function page(server: Server, path: string): Promise<string> {
  const { port } = server.runtime.devServer!.address;
  return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

Deno.test("Server.start() begins what the config asks for: traces, figures, the state of the server", async () => {
  await using server = serverOf();
  await server.start();
  assertMatch(await (await ask(server, "/orders/1")).json(), /^[0-9a-f]{32}$/);
  const full = ask(server, "/full");
  // Whichever of the two comes first holds the place.
  const both = await Promise.all([full, ask(server, "/full")]);
  const [late, refused] = both.sort((a, b) => b.status - a.status);
  assertEquals([late!.status, refused!.status], [504, 503]);
  const { decision } = await refused!.json();
  await late!.body?.cancel();

  assertEquals(await page(server, "/readyz"), "OK");
  assertMatch(
    await page(server, "/metrics"),
    /http_server_requests_code_total\{path="\/orders\/:id",method="GET",code="200"\} 1/,
  );
  assertEquals(JSON.parse(await page(server, "/debug/routes")).orders, [
    { method: "GET", path: "/healthz" },
    { method: "GET", path: "/orders/:id" },
    { method: "GET", path: "/full" },
  ]);
  const [kept] = JSON.parse(await page(server, "/debug/decisions")).orders;
  assertEquals([kept.id, kept.protection, kept.target], [decision, "max_conns", "GET /full"]);
  const { breakers } = JSON.parse(await page(server, "/debug/breakers")).orders;
  assertEquals(
    breakers.map(({ name }: { name: string }) => name).sort(),
    ["GET /full", "GET /orders/:id"],
  );
  assertEquals(JSON.parse(await page(server, "/debug/config")).orders.Port, 0);
});

Deno.test("Server.stop() takes the server off the admin pages", async () => {
  const debug = new DebugRegistry();
  const log = new MemoryLog();
  const server = new Server({ ...CONFIG, DevServer: { Enabled: false } }, { log, debug });
  await server.start();
  assertEquals(debug.topics(), ["breakers", "decisions", "routes", "shedder"]);
  await server.stop();
  assertEquals(debug.topics(), []);
});

Deno.test("the mode and CpuThreshold decide whether there are shedders", async () => {
  for (
    const [config, shedders] of [[{}, 1], [{ Mode: "dev" }, 0], [{ CpuThreshold: 0 }, 0]] as const
  ) {
    const debug = new DebugRegistry();
    const { DevServer: _, ...rest } = CONFIG;
    await using server = new Server({ ...rest, ...config }, { log: new MemoryLog(), debug });
    await server.start();
    assertEquals(debug.topics().filter((topic) => topic === "shedder").length, shedders);
  }
});

Deno.test("ServerOptions.envelope wraps what respond() answers, and nothing else", async () => {
  const log = new MemoryLog();
  const envelope = (data: unknown) => ({ code: 0, data });
  await using server = new Server({ Name: "t", Port: 0 }, { log, envelope });
  server.get("/wrapped", (_request, context) => respond(context, [1]));
  server.get("/bare", () => json([1]));
  const bodies = ["/wrapped", "/bare", "/none"].map(async (path) =>
    await (await server.fetch(new Request("http://localhost" + path))).json()
  );
  const [wrapped, bare, none] = await Promise.all(bodies);
  assertEquals([wrapped, bare, none.code], [{ code: 0, data: [1] }, [1], "not_found"]);
});

Deno.test("ServerOptions.cors goes around every answer, and answers preflights of any path", async () => {
  const options = { log: new MemoryLog(), cors: cors({ origins: ["https://app.example"] }) };
  await using server = new Server({ Name: "t", Port: 0 }, options);
  server.get("/", () => json(1));
  for (
    const [method, path, status] of [["GET", "/", 200], ["GET", "/none", 404], [
      "OPTIONS",
      "/x",
      204,
    ], ["POST", "/", 405]]
  ) {
    const headers = { origin: "https://app.example" };
    const request = new Request(`http://localhost${path}`, { method: String(method), headers });
    const response = await server.fetch(request);
    await response.body?.cancel();
    assertEquals(
      [response.status, response.headers.get("access-control-allow-origin")],
      [status, "https://app.example"],
    );
  }
});

Deno.test("the config page shows the program's own sections, and masks what its schema calls secret", async () => {
  const configSchema = object({
    ...restConfig.fields,
    Payments: object({ Url: string(), Pin: string().secret() }),
  });
  const config = configSchema.parse({
    ...CONFIG,
    Payments: { Url: "https://pay.example", Pin: "4711" },
  });
  const options = { log: new MemoryLog(), debug: new DebugRegistry(), configSchema };
  await using server = new Server(config, options);
  await server.start();
  const shown = JSON.parse(await page(server, "/debug/config")).orders;
  assertEquals(shown.Payments, { Url: "https://pay.example", Pin: "***" });
});
