// Zeno. The second argument picks what is on: "router", "chain", "async" or "log"; the third the kind of listener.
import { array, boolean, int, object, string } from "@zeno/zeno/core/schema";
import { defaultChain, type Handler, json, Server } from "@zeno/zeno/rest";
import { listenerConfig } from "@zeno/zeno/rest/listener";
import { PATTERNS } from "./patterns.ts";

const [port, mode, kind = "serve"] = Deno.args;
const server = new Server({
  Name: "bench",
  Host: "127.0.0.1",
  Port: Number(port),
  Listener: listenerConfig.parse({
    Kind: kind,
    MaxConnectionsPerIp: kind === "serve" ? undefined : 10_000,
  }),
  Log: { Mode: "file", Path: Deno.makeTempDirSync(), Level: mode === "log" ? "info" : "error" },
  Middlewares: { Log: mode === "log" },
}, { chain: mode === "router" ? [] : defaultChain });
const greet: Handler = mode === "async"
  ? async (_request, context) => json({ id: await context.params.id, name: "you" })
  : (_request, context) => json({ id: context.params.id, name: "you" });
for (const pattern of PATTERNS) server.get(pattern, greet);
const order = object({
  customer: string(),
  express: boolean().default(false),
  items: array(object({ sku: string(), count: int().range("[1:100]") })),
});
server.post("/orders", async (_request, context) => {
  const { customer, items } = await context.bind(order);
  return json({ customer, count: items.reduce((sum, item) => sum + item.count, 0) });
});
await server.start();
