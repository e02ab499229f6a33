// Zeno. The second argument picks what is on: "router", "chain", "async" or "log".
import { defaultChain, json, Server } from "@zeno/zeno/rest";
import { PATTERNS } from "./patterns.ts";

const [port, mode] = Deno.args;
const server = new Server({
  Name: "bench",
  Host: "127.0.0.1",
  Port: Number(port),
  Log: { Mode: "file", Path: Deno.makeTempDirSync(), Level: mode === "log" ? "info" : "error" },
  Middlewares: { Log: mode === "log" },
}, { chain: mode === "router" ? [] : defaultChain });
for (const pattern of PATTERNS) {
  server.get(
    pattern,
    mode === "async"
      ? async (_request, context) => json({ id: await context.params.id, name: "you" })
      : (_request, context) => json({ id: context.params.id, name: "you" }),
  );
}
await server.start();
