/**
 * Requests per second of a service whose handler keeps a processor busy, with one thread and with one for each of two
 * processors, asked in turn.
 *
 * @module
 */

import { type Contestant, exists, serve, stop } from "./contestant.ts";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);

const CONTESTANTS: readonly Contestant[] = [
  { name: "one thread", file: "busy.ts", mode: "1" },
  { name: "two workers", file: "busy.ts", mode: "2", target: ">= 1.8" },
];

async function untilServing(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (await answer?.text()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Cannot measure: the server does not serve");
}

async function requestsPerSecond(port: number): Promise<number> {
  const { stdout } = await new Deno.Command("wrk", {
    args: ["-t1", "-c32", "-d3s", `http://127.0.0.1:${port}/`],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(text);
  if (errors) throw new Error(`Cannot measure: ${errors[0]}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

if (!await exists("wrk")) {
  console.error("Cannot measure: wrk is not on PATH; install it (apt-get install wrk)");
  Deno.exit(3);
}
const servers = await Promise.all(
  CONTESTANTS.map((one, i) => serve(one, 19_400 + i, { pinned: false })),
);
try {
  const ratios: number[] = [];
  for (const i of CONTESTANTS.keys()) await untilServing(19_400 + i);
  for (let round = -1; round < ROUNDS; round++) {
    const [one, two] = [await requestsPerSecond(19_400), await requestsPerSecond(19_401)];
    if (round >= 0) ratios.push(two / one);
  }
  ratios.sort((a, b) => a - b);
  const median = ratios[Math.floor(ratios.length / 2)]!;
  console.log("| server | of one thread | lowest to highest | target |\n| --- | --- | --- | --- |");
  console.log(
    `| two workers | ${median.toFixed(2)} | ${ratios[0]!.toFixed(2)} to ` +
      `${ratios.at(-1)!.toFixed(2)} | >= 1.8 |`,
  );
} finally {
  await Promise.all(servers.map(stop));
}
