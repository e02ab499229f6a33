/**
 * Requests per second of a gateway, HTTP with JSON in front of a gRPC service: a handler by hand over the bare package, the
 * gateway of go-zero, and Zeno with its whole chain.
 *
 * All gateways run at once on one core; `wrk` and the service, which gives back what it is sent, run on another. They are
 * asked in turn, round after round. Beside the requests per second there are those per second of processor that the
 * gateway spent, which other work on the machine changes less.
 *
 * `deno run -A --config bench/deno.json bench/rpc/gateway.ts`; the programs in Go are built in a folder of their own, and
 * left out, saying so, where there is no Go.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { descriptorSet } from "@zeno/zeno/rpc/proto";
import { exists, onCore, stop } from "../rest/contestant.ts";
import { echoFile } from "./gateway/echo.gen.ts";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("ZENO_BENCH_SECONDS") ?? 2);
const FIRST_PORT = 19_300;
const TICKS_PER_SECOND = 100;

const NOTE = {
  id: "note_01HZX3V7Q2M9",
  title: "A note with a title of some length",
  createdMs: "1770000000000",
  count: 3,
  active: true,
  tags: ["winter", "web"],
  author: { name: "Ada Lovelace", email: "ada@example.com" },
  lines: Array.from({ length: 4 }, (_, at) => ({
    sku: `SKU-${at}`,
    quantity: at + 1,
    price: 19.5,
  })),
};

const here = (file: string) => fromFileUrl(new URL(file, import.meta.url));
const folder = await Deno.makeTempDir();
const protoSet = join(folder, "echo.binpb");
await Deno.writeFile(protoSet, descriptorSet(echoFile));

function deno(core: number, file: string, ...args: readonly string[]): Deno.ChildProcess {
  const config = ["--config", here("../deno.json")];
  const run = ["run", "-A", "--no-check", "--quiet", ...config, here(`gateway/${file}`), ...args];
  return onCore(core, Deno.execPath(), run).spawn();
}

/** Builds the programs in Go, if Go is on the machine; tells why if they cannot be had. */
async function buildPeer(): Promise<string | undefined> {
  if (!await exists("go")) {
    console.log("go-zero: not on this machine, for want of Go");
    return undefined;
  }
  for (const file of ["main.go", "go.mod"]) {
    await Deno.copyFile(here(`gateway/go/${file}`), join(folder, file));
  }
  for (const args of [["mod", "tidy"], ["build", "-o", "peer", "."]]) {
    const { success, stderr } = await new Deno.Command("go", { args, cwd: folder }).output();
    if (success) continue;
    console.log(`go-zero: not on this machine, go ${args[0]} says:`);
    console.log(new TextDecoder().decode(stderr));
    return undefined;
  }
  return join(folder, "peer");
}

function goZero(peer: string, port: number, upstream: string): Deno.ChildProcess {
  const file = join(folder, "gateway.json");
  Deno.writeTextFileSync(
    file,
    JSON.stringify({
      Name: "peer",
      Host: "127.0.0.1",
      Port: port,
      Log: { Level: "severe" },
      CpuThreshold: 999, // It would shed some, at full load: the layer stays, and lets all pass.
      Middlewares: { Log: false },
      Upstreams: [{
        Grpc: { Endpoints: [upstream], Middlewares: { Duration: false } },
        ProtoSets: [protoSet],
      }],
    }),
  );
  return onCore(0, peer, ["gateway", file]).spawn();
}

async function firstLine({ stdout }: Deno.ChildProcess): Promise<string> {
  const { value = new Uint8Array() } = await stdout.getReader().read();
  return new TextDecoder().decode(value).trim();
}

async function untilServing(name: string, url: string): Promise<void> {
  let said: unknown = "nothing";
  for (let tries = 0; tries < 200; tries++) {
    try {
      const body = JSON.stringify(NOTE);
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", body, headers });
      said = await response.json();
      if (JSON.stringify(said) === body) return;
    } catch (error) {
      said = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    `Cannot measure: ${name} does not give the right answer but ${Deno.inspect(said)}`,
  );
}

/** Seconds of processor that a process has spent, all its threads together. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

interface Rates {
  readonly perSecond: number;
  readonly perProcessorSecond: number;
}

async function measure(pid: number, url: string, script: string): Promise<Rates> {
  const before = await processorSeconds(pid);
  const args = ["-s", script, "-t1", "-c64", `-d${SECONDS}s`, url];
  const text = new TextDecoder().decode((await onCore(1, "wrk", args).output()).stdout);
  const spent = await processorSeconds(pid) - before;
  const total = Number(/(\d+) requests in/.exec(text)?.[1]);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  // A server whose core is taken by others sheds a few; those do not count, and many would be a fault.
  if (/Socket errors/.test(text) || refused > total / 50) {
    throw new Error(`Cannot measure: ${text}`);
  }
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]) * (1 - refused / total);
  return { perSecond, perProcessorSecond: (total - refused) / spent };
}

function shown(values: readonly number[]): string {
  const [low, middle, high] = spread(values).map((value) => value.toFixed(2));
  return `${middle} (${low} to ${high})`;
}

function spread(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
}

function report(figures: ReadonlyMap<string, readonly Rates[]>): void {
  const [bare] = figures.values();
  console.log(`\nPOST of ${JSON.stringify(NOTE).length} bytes, ${ROUNDS} rounds of ${SECONDS} s\n`);
  console.log(
    "| gateway | us of processor a request | of bare, a second of processor | of bare, a second |",
  );
  console.log("| --- | --- | --- | --- |");
  for (const [name, rates] of figures) {
    const ratios = (key: keyof Rates) =>
      shown(rates.map((it, round) => it[key] / bare![round]![key]));
    const us = spread(rates.map(({ perProcessorSecond }) => 1e6 / perProcessorSecond))[1];
    const all = [us.toFixed(0), ratios("perProcessorSecond"), ratios("perSecond")];
    console.log(`| ${name} | ${all.join(" | ")} |`);
  }
}

async function run(): Promise<void> {
  const script = join(folder, "post.lua");
  await Deno.writeTextFile(
    script,
    `wrk.method = "POST"\nwrk.body = ${JSON.stringify(JSON.stringify(NOTE))}\n` +
      `wrk.headers["content-type"] = "application/json"\n`,
  );
  const peer = await buildPeer();
  const service = peer ? onCore(1, peer, ["upstream"]).spawn() : deno(1, "upstream.ts");
  const upstream = `127.0.0.1:${await firstLine(service)}`;
  const portOf = (at: number) => String(FIRST_PORT + at);
  const gateways: readonly (readonly [string, Deno.ChildProcess])[] = [
    ["bare grpc-js, by hand", deno(0, "bare.ts", portOf(0), upstream)],
    ["zeno, descriptor set", deno(0, "zeno.ts", portOf(1), upstream, "set", protoSet)],
    ["zeno, generated code", deno(0, "zeno.ts", portOf(2), upstream, "code")],
    ...peer ? [["go-zero 1.10.3", goZero(peer, FIRST_PORT + 3, upstream)] as const] : [],
  ];
  const urlOf = (at: number) => `http://127.0.0.1:${portOf(at)}/v1/notes`;
  try {
    await Promise.all(gateways.map(([name], at) => untilServing(name, urlOf(at))));
    const figures = new Map(gateways.map(([name]) => [name, [] as Rates[]]));
    for (let round = -1; round < ROUNDS; round++) {
      for (const [at, [name, { pid }]] of gateways.entries()) {
        const rates = await measure(pid, urlOf(at), script);
        if (round >= 0) figures.get(name)!.push(rates); // The first round warms up.
      }
    }
    report(figures);
  } finally {
    await Promise.all([service, ...gateways.map(([, process]) => process)].map(stop));
  }
}

if (await exists("wrk")) await run();
else console.log("gateway: not measured, for want of wrk on PATH (apt-get install wrk)");
await Deno.remove(folder, { recursive: true });
