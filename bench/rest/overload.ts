/**
 * A service under 2, 5 and 10 times what it can carry, with the shedder and without: what part of its peak it still
 * serves, how slow what it serves becomes, and what becomes of the critical requests.
 *
 * The server has one core, an open-loop generator another. Before each load the capacity is measured anew with a few
 * connections, since neighbours on the machine change it; the load is a multiple of that. Only ratios count.
 *
 * `deno run -A --config bench/deno.json bench/rest/overload.ts [WORK_MS:WAIT_MS ...]`
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

const SECONDS = Number(Deno.env.get("ZENO_BENCH_SECONDS") ?? 6);
const CALIBRATION_SECONDS = 2;
const PORT = 19_301;

/** Load at which a service is at rest, and those that are looked at. */
const REST = 0.1;
const LOADS = [0.7, 1, 2, 5, 10];
const LOADS_WITHOUT = [0.7, 2];

/** An answer after this long is an answer to nobody. */
const PATIENCE_MS = 1000;

type Answer = [tier: string, status: number, latencyMs: number];

interface Phase {
  readonly load: number;
  /** Requests served in time, a second. */
  readonly goodput: number;
  /** What could be served a second just before. */
  readonly capacity: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly criticalShare: number;
  readonly shedShare: number;
  readonly lostShare: number;
  /** Latency of refusals. */
  readonly refusalMs: number;
}

const pinned = navigator.hardwareConcurrency > 1 && await exists("taskset");

async function exists(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

function script(core: number, file: string, args: readonly unknown[]): Deno.Command {
  const path = (name: string) => fromFileUrl(new URL(name, import.meta.url));
  const deno = [
    ...["run", "-A", "--no-check", "--quiet", "--config", path("../deno.json"), path(file)],
    ...args.map(String),
  ];
  const options = { stdin: "null", stdout: "piped", stderr: "inherit" } as const;
  return pinned
    ? new Deno.Command("taskset", { args: ["-c", `${core}`, Deno.execPath(), ...deno], ...options })
    : new Deno.Command(Deno.execPath(), { args: deno, ...options });
}

async function generate(mode: "open" | "closed", amount: number, seconds: number) {
  const { stdout } = await script(1, "open_loop.ts", [mode, PORT, amount, seconds]).output();
  return JSON.parse(new TextDecoder().decode(stdout)) as Answer[];
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

async function capacityWith(connections: number): Promise<number> {
  const answers = await generate("closed", connections, CALIBRATION_SECONDS);
  return answers.filter(([, status]) => status === 200).length / CALIBRATION_SECONDS;
}

async function phase(load: number, connections: number): Promise<Phase> {
  const capacity = await capacityWith(connections);
  const answers = await generate("open", load * capacity, SECONDS);
  const served = answers.filter(([, status]) => status === 200);
  const shed = answers.filter(([, status]) => status === 503);
  const critical = answers.filter(([tier]) => tier === "c");
  const times = served.map(([, , latencyMs]) => latencyMs);
  return {
    load,
    goodput: times.filter((ms) => ms <= PATIENCE_MS).length / SECONDS,
    capacity,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    criticalShare: critical.filter(([, status]) => status === 200).length / critical.length,
    shedShare: shed.length / answers.length,
    lostShare: 1 - (served.length + shed.length) / answers.length,
    refusalMs: percentile(shed.map(([, , latencyMs]) => latencyMs), 0.5),
  };
}

async function untilServing(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/n`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot measure: nothing serves on port ${PORT}`);
}

/** `rest` is a server with its default chain, `on` and `off` are the bare runtime with a shedder and without. */
async function measure(workMs: number, waitMs: number, mode: "rest" | "on" | "off"): Promise<void> {
  const server = script(0, "overload_server.ts", [PORT, workMs, waitMs, mode]).spawn();
  try {
    await untilServing();
    // Enough to keep the loop busy, and too few to overload it.
    const connections = 2 + Math.ceil(waitMs / workMs);
    await capacityWith(connections); // Warms up.
    const rest = await phase(REST, connections);
    const phases: Phase[] = [];
    const loads = mode === "off" ? LOADS_WITHOUT : LOADS;
    for (const load of loads) phases.push(await phase(load, connections));
    report(`${workMs} ms of work, ${waitMs} ms of waiting, ${NAMES[mode]}`, rest, phases);
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await server.stdout.cancel();
  }
}

const NAMES = {
  rest: "rest with its default chain",
  on: "Deno.serve with the shedder",
  off: "Deno.serve without",
};

function report(title: string, rest: Phase, phases: readonly Phase[]): void {
  const share = (value: number) => `${(100 * value).toFixed(1)}%`;
  console.log(
    `\n${title}; at rest p50 ${rest.p50Ms.toFixed(1)} ms, p99 ${rest.p99Ms.toFixed(1)} ms`,
  );
  console.log(`load average ${Deno.loadavg()[0]!.toFixed(1)}\n`);
  console.log(
    "| load | of capacity | p50 ms | p99 ms | p99 to rest | critical | shed | lost | refusal ms |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const it of phases) {
    const cells = [
      `${it.load}x`,
      share(it.goodput / it.capacity),
      it.p50Ms.toFixed(1),
      it.p99Ms.toFixed(1),
      (it.p99Ms / rest.p99Ms).toFixed(1),
      share(it.criticalShare),
      share(it.shedShare),
      share(it.lostShare),
      it.refusalMs.toFixed(1),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

const wanted = Deno.args.length > 0 ? Deno.args : ["5:0", "5:20"];
for (const handler of wanted) {
  const [workMs = 5, waitMs = 0] = handler.split(":").map(Number);
  for (const mode of ["rest", "on", "off"] as const) await measure(workMs, waitMs, mode);
}
