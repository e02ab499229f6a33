/**
 * Latency at half of the load that a server can take: `wrk` finds what it can take, and `vegeta`, which sends requests when
 * they are due whatever became of those before, sends half as many.
 *
 * @module
 */

import { type Contestant, exists, onCore, serve, stop } from "./contestant.ts";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);
const PORT = 19_500;
const URL_OF = (port: number) => `http://127.0.0.1:${port}/from/42`;

const CONTESTANTS: readonly Contestant[] = [
  { name: "Deno.serve, no routing", file: "raw.ts" },
  { name: "Zeno, whole chain, access log off", file: "zeno.ts", mode: "chain", target: "< 2 ms" },
];

async function untilServing(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(URL_OF(port)).catch(() => undefined);
    if (await answer?.text()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Cannot measure: the server does not serve");
}

async function capacity(port: number): Promise<number> {
  const { stdout } = await onCore(1, "wrk", ["-t1", "-c64", "-d2s", URL_OF(port)]).output();
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(new TextDecoder().decode(stdout))?.[1]);
}

/** 50th and 99th percentile in ms of an open loop at this rate. */
async function latency(port: number, rate: number): Promise<{ p50: number; p99: number }> {
  const attack = ["attack", `-rate=${Math.round(rate)}`, "-duration=3s", "-max-workers=256"];
  const results = new Deno.Command("sh", {
    args: ["-c", `taskset -c 1 vegeta ${attack.join(" ")} | taskset -c 1 vegeta report -type=json`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = results.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`GET ${URL_OF(port)}\n`));
  await writer.close();
  const report = JSON.parse(new TextDecoder().decode((await results.output()).stdout));
  if (report.success < 1) {
    throw new Error(`Cannot measure: ${report.success} of the answers are good`);
  }
  return { p50: report.latencies["50th"] / 1e6, p99: report.latencies["99th"] / 1e6 };
}

function median(values: readonly number[]): string {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!.toFixed(2);
}

for (
  const [program, where] of [["wrk", "apt-get install wrk"], [
    "vegeta",
    "go install github.com/tsenart/vegeta/v12@latest",
  ]]
) {
  if (await exists(program!)) continue;
  console.error(`Cannot measure: ${program} is not on PATH; install it (${where})`);
  Deno.exit(3);
}
const servers = await Promise.all(CONTESTANTS.map((one, i) => serve(one, PORT + i)));
try {
  const figures = CONTESTANTS.map(() => ({ p50: [] as number[], p99: [] as number[] }));
  for (const i of CONTESTANTS.keys()) await untilServing(PORT + i);
  // The generator is dearer than the server: what it cannot send it cannot measure.
  const most = Number(Deno.env.get("ZENO_BENCH_RATE") ?? 15_000);
  const rates: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    for (const i of CONTESTANTS.keys()) {
      rates[i] ??= Math.min(most, await capacity(PORT + i) / 2);
      const { p50, p99 } = await latency(PORT + i, rates[i]);
      if (round < 0) continue;
      figures[i]!.p50.push(p50);
      figures[i]!.p99.push(p99);
    }
  }
  console.log("| server | requests a second | p50, ms | p99, ms (lowest to highest) | target |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const [i, { name, target = "" }] of CONTESTANTS.entries()) {
    const { p50, p99 } = figures[i]!;
    const spread = `${Math.min(...p99).toFixed(2)} to ${Math.max(...p99).toFixed(2)}`;
    const rate = Math.round(rates[i]!);
    console.log(`| ${name} | ${rate} | ${median(p50)} | ${median(p99)} (${spread}) | ${target} |`);
  }
} finally {
  await Promise.all(servers.map(stop));
}
