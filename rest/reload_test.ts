/** Tests of a server that takes another configuration while it answers. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { DebugRegistry } from "../core/admin/debug_registry.ts";
import { ConfigCenter } from "../core/conf/center/config_center.ts";
import { MemoryConfigSource } from "../core/conf/center/memory_source.ts";
import { textParser } from "../core/conf/center/parser.ts";
import { MetricRegistry } from "../core/metric/registry.ts";
import { ValidationError } from "../core/schema/errors.ts";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { restConfig, type RestConfInput } from "./config.ts";
import type { Handler } from "./handler.ts";
import { json } from "./response/json.ts";
import type { RouteOptions } from "./route.ts";
import { Server } from "./server.ts";

const BASE = { Name: "test", Host: "127.0.0.1", Port: 0 };

function serverOf(config: Partial<RestConfInput> = {}) {
  const log = new MemoryLog();
  const debug = new DebugRegistry();
  const server = new Server({ ...BASE, ...config }, { log, debug, metrics: new MetricRegistry() });
  const ask = async (path = "/", init?: RequestInit): Promise<number> => {
    const response = await server.fetch(new Request(`http://localhost${path}`, init));
    await response.body?.cancel();
    return response.status;
  };
  const add = (path: string, handler: Handler, options: RouteOptions = {}) =>
    server.addRoutes([{ ...options, method: "POST", path, handler }]);
  return { server, log, debug, ask, add };
}

/** A handler that waits until it is told to go on. */
function gate(): { handler: Handler; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { handler: () => promise.then(() => json("ok")), open: resolve };
}

Deno.test("Server.reload() changes the time limit, but not what a route says of itself", async () => {
  const { server, ask } = serverOf({ Timeout: 10_000 });
  await server.start(); // So that there is something to wait for.
  const { handler, open } = gate();
  server.get("/", handler);
  server.get("/own", handler, { timeoutMs: 10_000 });
  const before = ask();
  server.reload({ ...BASE, Timeout: 20 });
  assertEquals(await ask(), 504);
  const own = ask("/own");
  await new Promise((resolve) => setTimeout(resolve, 50));
  open();
  // What was in flight goes on by the limit that it began with.
  assertEquals([await before, await own, server.config.Timeout], [200, 200, 20]);
  await server.stop();
});

Deno.test("Server.reload() changes the limit of requests in flight, and those in flight count on", async () => {
  const { server, ask } = serverOf({ MaxConns: 2 });
  await server.start();
  const { handler, open } = gate();
  server.get("/", handler);
  const held = [ask(), ask()];
  for (let i = 1; i <= 1_000; i++) {
    server.reload({ ...BASE, MaxConns: 2, Timeout: 3_000 + i });
    assertEquals(await ask(), 503);
  }
  server.reload({ ...BASE, MaxConns: 3 });
  held.push(ask());
  assertEquals(await ask(), 503);
  server.reload({ ...BASE, MaxConns: 0 });
  held.push(ask(), ask());
  open();
  assertEquals(await Promise.all(held), [200, 200, 200, 200, 200]);
  server.reload({ ...BASE, MaxConns: 1 });
  assertEquals(await ask(), 200);
  await server.stop();
});

Deno.test("Server.reload() changes the largest body", async () => {
  const { server, ask, add } = serverOf({ MaxBytes: 4 });
  add("/", async (request) => json(await request.text()));
  const post = () =>
    ask("/", { method: "POST", body: "12345", headers: { "content-length": "5" } });
  assertEquals(await post(), 413);
  server.reload({ ...BASE, MaxBytes: 5 });
  assertEquals(await post(), 200);
  await server.stop();
});

Deno.test("Server.reload() changes the level of the log when that has changed, and not otherwise", async () => {
  const { server, log } = serverOf({ Log: { Level: "info" } });
  server.reload({ ...BASE, Log: { Level: "error" } });
  assertEquals(log.enabled("info"), false);
  log.setLevel("debug"); // As an operator does by hand.
  server.reload({ ...BASE, Log: { Level: "error" }, Timeout: 1 });
  assertEquals(log.enabled("debug"), true);
  await server.stop();
});

Deno.test("Server.reload() switches layers of the chain", async () => {
  const { server, ask } = serverOf({ Timeout: 20 });
  await server.start();
  server.get("/", async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return json("ok");
  });
  assertEquals(await ask(), 504);
  server.reload({ ...BASE, Timeout: 20, Middlewares: { Timeout: false } });
  assertEquals(await ask(), 200);
  await server.stop();
});

Deno.test("Server.reload() changes from which load on requests are shed, and shows it", async () => {
  const { server, debug, ask } = serverOf({ CpuThreshold: 0 });
  server.get("/", () => json("ok"));
  await server.start();
  const isShedding = () => debug.topics().includes("shedder");
  assertEquals([isShedding(), await ask()], [false, 200]);
  server.reload({ ...BASE, CpuThreshold: 500 });
  assertEquals([await ask(), isShedding()], [200, true]);
  server.reload({ ...BASE, CpuThreshold: 0 });
  assertEquals([await ask(), isShedding()], [200, false]);
  await server.stop();
});

Deno.test("Server.reload() keeps breakers, and middleware of the program, as they are", async () => {
  const { server, ask } = serverOf();
  let made = 0;
  server.use((next) => {
    made++;
    return next;
  });
  server.get("/", () => {
    throw new Error("broken");
  });
  for (let i = 0; i < 300; i++) await ask();
  server.reload({ ...BASE, Timeout: 100 });
  // A new breaker would let the first of them in.
  const statuses = [await ask(), await ask(), await ask(), await ask()];
  assertEquals([statuses.includes(503), made], [true, 1]);
  await server.stop();
});

Deno.test("Server.reload() says once what has to wait for the next start", async () => {
  const { server, log } = serverOf();
  for (const Timeout of [1, 2, 3]) {
    server.reload({ ...BASE, Port: 81, Timeout, Log: { Path: "elsewhere" } });
  }
  assertEquals([server.config.Port, server.config.Timeout], [0, 3]);
  assertEquals(log.contents("info"), [
    "Cannot change Port, Log.Path while serving: it holds from the next start",
  ]);
  await server.stop();
});

Deno.test("Server.reload() refuses what is not valid, and changes nothing", async () => {
  const { server } = serverOf();
  const before = server.config;
  assertThrows(
    () => server.reload({ ...BASE, Timeout: 1, CpuThreshold: 5_000 }),
    ValidationError,
    "CpuThreshold",
  );
  assertEquals(server.config, before);
  await server.stop();
  server.reload({ ...BASE, Timeout: 1 }); // Too late, and no harm.
  assertEquals(server.config, before);
});

Deno.test("a server follows a configuration, keeps the last good one, and says on the admin page what holds", async () => {
  const textOf = (Timeout: number) => JSON.stringify({ ...BASE, DevServer: { Port: 0 }, Timeout });
  const source = new MemoryConfigSource(textOf(100));
  const logger = new MemoryLog();
  await using center = await ConfigCenter.open(source, textParser(restConfig), { logger });
  await using server = new Server(center.get(), { log: logger, debug: new DebugRegistry() });
  using _reload = center.attach(server);
  await server.start();
  source.set(textOf(200));
  assertEquals(server.config.Timeout, 200);
  source.set("Timeout: [");
  source.set("Timeout: abc");
  assertEquals(server.config.Timeout, 200);
  assertEquals(logger.contents("error").length, 2);
  const { port } = server.runtime.devServer!.address;
  const page = await (await fetch(`http://127.0.0.1:${port}/debug/config`)).text();
  assert(page.includes(`"Timeout":200`) || page.includes(`"Timeout": 200`), page);
});

/** Collects garbage, so that what is left is in use. */
function bytesInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  return Deno.memoryUsage().heapUsed;
}

Deno.test("S8: a thousand reloads under load fail no request and leave nothing behind", async () => {
  const quiet = { ...BASE, Log: { Level: "severe" as const } };
  const { server, log } = serverOf(quiet);
  log.setLevel("severe");
  server.get("/users/:id", (_request, context) => json(context.params));
  await server.start();
  const source = new MemoryConfigSource(JSON.stringify(quiet));
  const center = await ConfigCenter.open(source, textParser(restConfig), { logger: log });
  const reload = center.attach(server);
  const url = `http://127.0.0.1:${server.address.port}/users/7`;
  const failed: unknown[] = [];
  let answered = 0;
  let running = true;
  const caller = async () => {
    while (running) {
      const response = await fetch(url).catch((error) => void failed.push(error));
      const body = await response?.text();
      if (response?.status === 200) answered++;
      else failed.push(body);
    }
  };
  const callers = Array.from({ length: 16 }, caller);
  const reloads = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const text = { ...quiet, Timeout: 1_000 + i, MaxConns: 100 + i, CpuThreshold: 900 + i % 50 };
      source.set(JSON.stringify(text));
      if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await reloads(0, 1_000);
  const before = bytesInUse();
  await reloads(1_000, 2_000);
  const grownBytes = bytesInUse() - before;
  running = false;
  await Promise.all(callers);
  assertEquals([failed, server.config.Timeout, server.config.MaxConns], [[], 2_999, 2_099]);
  assert(answered > 500, `${answered} answers`);
  assert(grownBytes < 1_000_000, `grown by ${grownBytes} bytes`);
  reload[Symbol.dispose]();
  source.set(JSON.stringify({ ...quiet, Timeout: 1 }));
  assertEquals(server.config.Timeout, 2_999);
  await center[Symbol.asyncDispose]();
  await server.stop();
});
