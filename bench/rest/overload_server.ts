// The service that is overloaded: `port workMs waitMs on|off`. The path says how critical a request is.
import process from "node:process";
import { AdaptiveShedder, type Criticality, noopShedder } from "@zeno/zeno/core/load";

const [port, workMs, waitMs] = Deno.args.map(Number) as [number, number, number];
const shedder = Deno.args[3] === "on" ? new AdaptiveShedder() : noopShedder;

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

async function handle(request: Request): Promise<Response> {
  const token = shedder.tryAllow({ criticality: TIERS[request.url.at(-1)!] });
  if (!token) return new Response(null, BUSY);
  // Half to one and a half times the mean.
  const turns = turnsPerMs * workMs * (0.5 + Math.random());
  if (waitMs > 0) {
    spin(turns / 2);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    spin(turns / 2);
  } else {
    spin(turns);
  }
  token.pass();
  return new Response("ok");
}

Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, handle);
