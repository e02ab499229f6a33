/**
 * Requests per second of the same answer from the bare runtime, from Hono and from Zeno.
 *
 * All servers run at once on one core, and `wrk -t1 -c64` asks them in turn from another, round after round, so that
 * what slows the machine slows all of them. Only the ratio to the bare runtime within a round counts; the median of the
 * rounds is given with the lowest and the highest.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("ZENO_BENCH_SECONDS") ?? 2);

interface Contestant {
  readonly name: string;
  readonly file: string;
  readonly mode: string;
  readonly target: string;
}

const CONTESTANTS: readonly Contestant[] = [
  { name: "Deno.serve, no routing", file: "raw.ts", mode: "", target: "" },
  { name: "Hono 4.13.19", file: "hono.ts", mode: "", target: "" },
  {
    name: "Zeno, router and JSON alone",
    file: "zeno.ts",
    mode: "router",
    target: ">= 0.82, >= Hono",
  },
  {
    name: "Zeno, default chain, access log off",
    file: "zeno.ts",
    mode: "chain",
    target: ">= 0.65",
  },
  { name: "Zeno, the same, async handler", file: "zeno.ts", mode: "async", target: ">= 0.65" },
  { name: "Zeno, access log to a file", file: "zeno.ts", mode: "log", target: "stated" },
];

/** Whether programs can be pinned to a core here; without, the generator disturbs the servers. */
const pinned = navigator.hardwareConcurrency > 1 && await exists("taskset");

async function exists(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" })
      .output();
    return true;
  } catch {
    return false;
  }
}

function onCore(core: number, program: string, args: string[]): Deno.Command {
  const options = { stdin: "null", stdout: "piped", stderr: "inherit" } as const;
  return pinned
    ? new Deno.Command("taskset", { args: ["-c", String(core), program, ...args], ...options })
    : new Deno.Command(program, { args, ...options });
}

function serve(contestant: Contestant, port: number): Deno.ChildProcess {
  const here = (file: string) => fromFileUrl(new URL(file, import.meta.url));
  return onCore(0, Deno.execPath(), [
    ...["run", "-A", "--no-check", "--quiet", "--config", here("../deno.json")],
    ...[here(contestant.file), String(port), contestant.mode],
  ]).spawn();
}

async function untilServing(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/from/42`).catch(() => undefined);
    const body = await answer?.text();
    if (body === '{"id":"42","name":"you"}') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot measure: the server on port ${port} does not give the right answer`);
}

async function requestsPerSecond(port: number): Promise<number> {
  const args = ["-t1", "-c64", `-d${SECONDS}s`, `http://127.0.0.1:${port}/from/42`];
  const { stdout } = await onCore(1, "wrk", args).output();
  const text = new TextDecoder().decode(stdout);
  const errors = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(text);
  if (errors) throw new Error(`Cannot measure: ${errors[0]}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function report(figures: readonly number[][]): void {
  const [raw] = figures;
  console.log(`\n| server | of the bare runtime | lowest to highest | target |`);
  console.log("| --- | --- | --- | --- |");
  for (const [i, { name, target }] of CONTESTANTS.entries()) {
    const ratios = figures[i]!.map((value, round) => value / raw![round]!);
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`| ${name} | ${median(ratios).toFixed(2)} | ${spread} | ${target} |`);
  }
}

if (!await exists("wrk")) {
  console.error("Cannot measure: wrk is not on PATH; install it (apt-get install wrk)");
  Deno.exit(3);
}
const ports = CONTESTANTS.map((_, i) => 19_100 + i);
const servers = CONTESTANTS.map((contestant, i) => serve(contestant, ports[i]!));
try {
  await Promise.all(ports.map(untilServing));
  const figures: number[][] = CONTESTANTS.map(() => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [i, port] of ports.entries()) {
      const value = await requestsPerSecond(port);
      if (round >= 0) figures[i]!.push(value); // The first round warms up.
    }
    if (Deno.stderr.isTerminal()) console.error(`round ${round + 1} of ${ROUNDS}`);
  }
  report(figures);
} finally {
  for (const server of servers) server.kill("SIGKILL");
  await Promise.all(servers.map((server) => server.status));
}
