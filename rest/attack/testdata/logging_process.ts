/**
 * A server that logs as its only argument says, in JSON; the first line it writes to stderr is its port.
 *
 * @module
 */
import { json } from "../../response/json.ts";
import { runService } from "../../run_service.ts";
import { Server } from "../../server.ts";

const server = new Server({
  Name: "logging",
  Host: "127.0.0.1",
  Port: 0,
  Log: JSON.parse(Deno.args[0]!),
  Shutdown: { WrapUpTime: 50, WaitTime: 2_000 },
  Middlewares: { Shedding: false, Breaker: false },
});
server.get("/", () => json("yes"));
const start = server.start.bind(server);
server.start = async () => {
  await start();
  console.error(server.address.port);
};
await runService(server);
