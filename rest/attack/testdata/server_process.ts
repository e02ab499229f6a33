/**
 * A target in a process of its own, for what only a process can show: its memory, its end.
 *
 * Run as `server_process.ts <kind> <limits as JSON> <WrapUpTime in ms>`; the first line it writes is its port.
 *
 * @module
 */
import { noopLogger } from "../../../core/log/logger.ts";
import type { ListenerConf, ListenerKind } from "../../listener/config.ts";
import { json } from "../../response/json.ts";
import { runService } from "../../run_service.ts";
import { webSocket } from "../../websocket/web_socket.ts";
import { Target } from "./target.ts";

const [kind = "serve", limits = "{}", wrapUpMs = "1000"] = Deno.args;
const held: Partial<ListenerConf> = JSON.parse(limits);
const target = await Target.prepare(kind as ListenerKind, held, {
  wrapUpMs: Number(wrapUpMs),
  // What is kept of each line would look like a leak.
  log: noopLogger,
});
const { server } = target;

server.get("/memory", () => {
  Reflect.get(globalThis, "gc")?.();
  const { rss, heapUsed } = Deno.memoryUsage();
  return json({ rss, heapUsed });
});
server.get("/slow", async () => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  return json("slow");
});
server.get("/block/:ms", (_request, context) => {
  const until = performance.now() + Number(context.params.ms);
  while (performance.now() < until);
  return json("blocked");
});
server.get("/detached", () => {
  Promise.reject(new Error("hunter2 detached"));
  return json("answered");
});
server.get("/timer", () => {
  setTimeout(() => {
    throw new Error("hunter2 timer");
  });
  return json("answered");
});
server.get("/throw", () => {
  throw new Error("hunter2 thrown");
});
server.get("/reject", () => Promise.reject(new Error("hunter2 rejected")));
server.get("/throw-nothing", () => {
  throw undefined;
});
server.get("/nothing", () => undefined as unknown as Response); // What a slip in JavaScript would return.
server.get("/used", async () => {
  const response = json("used");
  await response.text();
  return response;
});
server.get("/broken-stream", () => {
  const chunks = (function* () {
    yield new TextEncoder().encode("some");
    throw new Error("hunter2 stream");
  })();
  return new Response(ReadableStream.from(chunks));
});
server.get(
  "/ws",
  webSocket(async (session) => {
    for await (const message of session) await session.send(message);
  }),
);
const announced = server.start.bind(server);
server.start = async () => {
  await announced();
  console.log(server.address.port);
};
await runService(server);
