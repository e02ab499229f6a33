import { assertEquals } from "@std/assert";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { type ChainLayer, defaultChain } from "./chain.ts";
import type { Handler } from "./handler.ts";
import { json } from "./response/json.ts";
import type { LayerSwitches, RouteOptions } from "./route.ts";
import { Server } from "./server.ts";

const fails: Handler = () => {
  throw new Error("oops");
};

async function linesOf(
  switches: Partial<LayerSwitches>,
  route: RouteOptions = {},
): Promise<string[]> {
  const log = new MemoryLog();
  await using server = new Server({ Name: "t", Port: 0, Middlewares: switches }, { log });
  server.get("/", fails, route);
  const response = await server.fetch(new Request("http://localhost/"));
  assertEquals(response.status, 500);
  await response.body?.cancel();
  return log.contents().map((line) => String(line).split(":")[0]!.split(" - ")[0]!);
}

Deno.test("every layer is on unless it is switched off", async () => {
  assertEquals(await linesOf({}), ["Cannot answer GET /", "[HTTP] 500"]);
});

Deno.test("Log: false turns off the access log and nothing else", async () => {
  assertEquals(await linesOf({ Log: false }), ["Cannot answer GET /"]);
});

Deno.test("Recover: false turns off the log of errors and still answers", async () => {
  assertEquals(await linesOf({ Recover: false }), ["[HTTP] 500"]);
});

Deno.test("a route's own switches win over the server's", async () => {
  assertEquals(await linesOf({ Log: false }, { layers: { Log: true, Recover: false } }), [
    "[HTTP] 500",
  ]);
});

Deno.test("MaxBytes: false and maxBytes: 0 let any body pass", async () => {
  const readAll: Handler = async (request) => json((await request.text()).length);
  for (const route of [{ layers: { MaxBytes: false } }, { maxBytes: 0 }, { maxBytes: 4_000_000 }]) {
    await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog() });
    server.post("/", readAll, route);
    const body = "x".repeat(3_000_000);
    const response = await server.fetch(new Request("http://localhost/", { method: "POST", body }));
    assertEquals(await response.json(), 3_000_000);
  }
});

Deno.test("a layer of one's own slots in where it is put, and may leave a route alone", async () => {
  const seen: string[] = [];
  const mine: ChainLayer = {
    name: "Shedding",
    create: (route) =>
      route.priority ? undefined : (next) => (request, context) => {
        seen.push(route.pattern);
        return next(request, context);
      },
  };
  const chain = defaultChain.flatMap((layer) => layer.name === "Timeout" ? [mine, layer] : [layer]);
  await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog(), chain });
  server.get("/bulk", () => json(1));
  server.get("/vital", () => json(1), { priority: true });
  server.get("/off", () => json(1), { layers: { Shedding: false } });
  for (const path of ["/bulk", "/vital", "/off"]) {
    await (await server.fetch(new Request("http://localhost" + path))).body?.cancel();
  }
  assertEquals(seen, ["/bulk"]);
});
