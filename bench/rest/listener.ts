/**
 * What a request costs each kind of listener, against `Deno.serve` and `node:http` as they are.
 *
 * `wrk -t1 -c64` asks the servers in turn, round after round. What is compared is the processor time that the server itself
 * has used for a request, so that a busy machine disturbs it little; the ratio is to `Deno.serve` in the same round. Run with `deno run -A --config bench/deno.json bench/rest/listener.ts`.
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

async function cpuMicros(port: number): Promise<number> {
  return await (await fetch(`http://127.0.0.1:${port}/cpu`)).json();
}

async function microsPerRequest(port: number): Promise<number> {
  const before = await cpuMicros(port);
  const args = ["-t1", "-c64", `-d${SECONDS}s`, `http://127.0.0.1:${port}/`];
  const { stdout } = await onCore(1, "wrk", args).output();
  const requests = Number(/(\d+) requests in/.exec(new TextDecoder().decode(stdout))?.[1]);
  return (await cpuMicros(port) - before) / requests;
}

function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1]!;
}

const processes = KINDS.map((kind, index) =>
  onCore(0, Deno.execPath(), [
    ...["run", "-A", "--no-check", "--quiet", "--config", config],
    ...[server, String(FIRST_PORT + index), kind],
  ]).spawn()
);
try {
  for (const index of KINDS.keys()) await untilServing(FIRST_PORT + index);
  const costs = KINDS.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const index of KINDS.keys()) {
      const micros = await microsPerRequest(FIRST_PORT + index);
      // Round 0 is the compiler's.
      if (round > 0) costs[index]!.push(micros);
    }
  }
  const load = Deno.loadavg()[0]!.toFixed(1);
  console.log(
    `listener, processor time a request (${ROUNDS} rounds of ${SECONDS} s, load ${load})`,
  );
  console.log("kind             us    min    max   cost of Deno.serve");
  KINDS.forEach((kind, index) => {
    const micros = costs[index]!.toSorted((a, b) => a - b);
    const ratios = costs[index]!.map((cost, round) => cost / costs[0]![round]!).toSorted((a, b) =>
      a - b
    );
    const cells = [median(micros), micros[0]!, micros.at(-1)!].map((cell) =>
      cell.toFixed(1).padStart(7)
    );
    console.log(kind.padEnd(12) + cells.join("") + median(ratios).toFixed(2).padStart(12));
  });
} finally {
  for (const process of processes) process.kill("SIGKILL");
  await Promise.all(processes.map((process) => process.output()));
}
