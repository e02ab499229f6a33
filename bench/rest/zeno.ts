// Zeno. The second argument picks what is on: "router", "chain" or "log".
import { defaultChain, json, Server } from "@zeno/zeno/rest";
import { PATTERNS } from "./patterns.ts";

const [port, mode] = Deno.args;
const server = new Server({
  Name: "bench",
  Host: "127.0.0.1",
  Port: Number(port),
  Log: { Mode: "file", Path: Deno.makeTempDirSync(), Level: "info" },
  Middlewares: { Log: mode === "log" },
}, { chain: mode === "router" ? [] : defaultChain });
for (const pattern of PATTERNS) {
  server.get(pattern, (_request, context) => json({ id: context.params.id, name: "you" }));
}
await server.start();
