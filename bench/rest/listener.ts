/**
 * Requests per second of each kind of listener, against `Deno.serve` and `node:http` as they are.
 *
 * All servers run at once on one core and `wrk -t1 -c64` on another asks them in turn, round after round; only the ratio to
 * `Deno.serve` within a round counts. Run with `deno run -A --config bench/deno.json bench/rest/listener.ts`.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("ZENO_BENCH_SECONDS") ?? 2);
const KINDS = ["raw", "serve", "connection", "node:http", "node"] as const;
const FIRST_PORT = 9_471;

const server = fromFileUrl(new URL("listener_server.ts", import.meta.url));
const config = fromFileUrl(new URL("../deno.json", import.meta.url));

function onCore(core: number, program: string, args: string[]): Deno.Command {
  return new Deno.Command("taskset", {
    args: ["-c", String(core), program, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
}

async function untilServing(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (await answer?.text() === '{"id":"42","name":"you"}') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot measure: nothing serves on port ${port}`);
}

async function requestsPerSecond(port: number): Promise<number> {
  const args = ["-t1", "-c64", `-d${SECONDS}s`, `http://127.0.0.1:${port}/`];
  const { stdout } = await onCore(1, "wrk", args).output();
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(new TextDecoder().decode(stdout))?.[1]);
}

const processes = KINDS.map((kind, index) =>
  onCore(0, Deno.execPath(), [
    ...["run", "-A", "--no-check", "--quiet", "--config", config],
    ...[server, String(FIRST_PORT + index), kind],
  ]).spawn()
);
try {
  for (const index of KINDS.keys()) await untilServing(FIRST_PORT + index);
  const ratios = KINDS.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    const rates: number[] = [];
    for (const index of KINDS.keys()) rates.push(await requestsPerSecond(FIRST_PORT + index));
    // Round 0 is the compiler's.
    if (round > 0) rates.forEach((rate, index) => ratios[index]!.push(rate / rates[0]!));
  }
  console.log(
    `listener, of bare Deno.serve (${ROUNDS} rounds of ${SECONDS} s, load ${
      Deno.loadavg()[0]!.toFixed(1)
    })`,
  );
  KINDS.forEach((kind, index) => {
    const sorted = ratios[index]!.toSorted((a, b) => a - b);
    const [low, median, high] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    const cells = [median, low, high].map((ratio) => ratio.toFixed(2).padStart(7)).join("");
    console.log(kind.padEnd(12) + cells);
  });
} finally {
  for (const process of processes) process.kill("SIGKILL");
  await Promise.all(processes.map((process) => process.output()));
}
