// The service that is overloaded: `port workMs waitMs on|off|rest`. The path says how critical a request is.
// "on" and "off" are `Deno.serve` with a shedder and without, "rest" is a server with its default chain.
import process from "node:process";
import { AdaptiveShedder, type Criticality, noopShedder } from "@zeno/zeno/core/load";
import { Server } from "@zeno/zeno/rest";

const [port, workMs, waitMs] = Deno.args.map(Number) as [number, number, number];
const mode = Deno.args[3];

const TIERS: Readonly<Record<string, Criticality>> = { c: "critical", n: "normal", s: "sheddable" };
const BUSY = { status: 503, headers: { "retry-after": "1" } };

function spin(turns: number): void {
  let sum = 0;
  for (let left = turns; left > 0; left--) sum += Math.sqrt(left);
  if (sum < 0) throw new Error("keeps the loop from being left out");
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Turns in a millisecond of processor time, which a neighbour on the machine does not take away. */
let turnsPerMs = 100_000;
for (let round = 0; round < 10; round++) {
  const startedMs = processorMs();
  spin(20 * turnsPerMs);
  turnsPerMs *= 20 / (processorMs() - startedMs);
}

/** A request's share of the processor, and its wait for others. */
async function serve(): Promise<Response> {
  // Half to one and a half times the mean.
  const turns = turnsPerMs * workMs * (0.5 + Math.random());
  if (waitMs > 0) {
    spin(turns / 2);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    spin(turns / 2);
  } else {
    spin(turns);
  }
  return new Response("ok");
}

if (mode === "rest") {
  const server = new Server({
    Name: "overload",
    Host: "127.0.0.1",
    Port: port,
    Log: { Mode: "file", Path: Deno.makeTempDirSync(), Level: "severe" },
  });
  for (const [tier, criticality] of Object.entries(TIERS)) {
    server.addRoutes([{ method: "GET", path: `/${tier}`, handler: serve, criticality }]);
  }
  await server.start();
} else {
  const shedder = mode === "on" ? new AdaptiveShedder() : noopShedder;
  Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const token = shedder.tryAllow({ criticality: TIERS[request.url.at(-1)!] });
    if (!token) return new Response(null, BUSY);
    const response = await serve();
    token.pass();
    return response;
  });
}
