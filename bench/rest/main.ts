/**
 * Requests per second of the same answers from the bare runtime, from peers and from Zeno.
 *
 * All servers run at once on one core, and `wrk -t1 -c64` asks them in turn from another, round after round, so that
 * what slows the machine slows all of them. Only the ratio to the bare runtime within a round counts; the median of the
 * rounds is given with the lowest and the highest.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { type Contestant, exists, onCore, serve, stop } from "./contestant.ts";

const ROUNDS = Number(Deno.env.get("ZENO_BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("ZENO_BENCH_SECONDS") ?? 2);

const RAW: Contestant = { name: "Deno.serve, no routing", file: "raw.ts" };
const FASTIFY: Contestant = { name: "Fastify 5.12.8 on Node", file: "fastify.mjs" };
const withNode = await exists("node") && await exists("npm");

/** A request that all are asked, and who is asked. */
interface Comparison {
  readonly title: string;
  readonly path: string;
  readonly script?: string;
  readonly answer: string;
  readonly contestants: readonly Contestant[];
}

const GET: Comparison = {
  title: "GET with a path parameter, answered in JSON",
  path: "/from/42",
  answer: '{"id":"42","name":"you"}',
  contestants: [
    RAW,
    { name: "Hono 4.13.19", file: "hono.ts" },
    { name: "Hono, its logger and timeout", file: "hono.ts", mode: "guarded" },
    ...withNode ? [FASTIFY] : [],
    { name: "Zeno, router and JSON alone", file: "zeno.ts", mode: "router", target: ">= 0.82" },
    {
      name: "Zeno, whole chain, access log off",
      file: "zeno.ts",
      mode: "chain",
      target: ">= 0.55, >= Hono guarded, >= 1.5 Fastify",
    },
    { name: "Zeno, the same, async handler", file: "zeno.ts", mode: "async", target: ">= 0.55" },
    { name: "Zeno, access log to a file", file: "zeno.ts", mode: "log", target: ">= 0.45" },
  ],
};

const POST: Comparison = {
  title: "POST with a validated body",
  path: "/orders",
  script: "post.lua",
  answer: '{"customer":"anna","count":6}',
  contestants: [
    { ...RAW, name: "Deno.serve, parsed, not validated" },
    { name: "Hono 4.13.19 with zod 4.6.7", file: "hono.ts" },
    { name: "the same, its logger and timeout", file: "hono.ts", mode: "guarded" },
    { name: "Zeno, router and binding alone", file: "zeno.ts", mode: "router" },
    ...withNode ? [FASTIFY] : [],
    {
      name: "Zeno, whole chain, access log off",
      file: "zeno.ts",
      mode: "chain",
      target: ">= 2 Hono with zod",
    },
  ],
};

const BODY = '{"customer":"anna","items":[{"sku":"a","count":1},{"sku":"b","count":5}]}';

async function untilServing(port: number, { path, script, answer }: Comparison): Promise<void> {
  const headers = { "content-type": "application/json" };
  const init = script ? { method: "POST", body: BODY, headers } : {};
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined);
    if (await response?.text() === answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot measure: the server on port ${port} does not give the right answer`);
}

async function requestsPerSecond(port: number, { path, script }: Comparison): Promise<number> {
  const args = ["-t1", "-c64", `-d${SECONDS}s`, `http://127.0.0.1:${port}${path}`];
  if (script) args.unshift("-s", fromFileUrl(new URL(script, import.meta.url)));
  const { stdout } = await onCore(1, "wrk", args).output();
  const text = new TextDecoder().decode(stdout);
  const total = Number(/(\d+) requests in/.exec(text)?.[1]);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  // A server whose core is taken by others sheds a few; those do not count, and many would be a fault.
  if (/Socket errors/.test(text) || refused > total / 100) {
    throw new Error(`Cannot measure: ${text}`);
  }
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]) * (1 - refused / total);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function report({ title, contestants }: Comparison, figures: readonly number[][]): void {
  const [raw] = figures;
  console.log(`\n${title}\n\n| server | of the bare runtime | lowest to highest | target |`);
  console.log("| --- | --- | --- | --- |");
  for (const [i, { name, target = "" }] of contestants.entries()) {
    const ratios = figures[i]!.map((value, round) => value / raw![round]!);
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`| ${name} | ${median(ratios).toFixed(2)} | ${spread} | ${target} |`);
  }
}

async function compare(comparison: Comparison): Promise<void> {
  const { contestants } = comparison;
  const ports = contestants.map((_, i) => 19_100 + i);
  const servers = await Promise.all(contestants.map((one, i) => serve(one, ports[i]!)));
  try {
    await Promise.all(ports.map((port) => untilServing(port, comparison)));
    const figures: number[][] = contestants.map(() => []);
    for (let round = -1; round < ROUNDS; round++) {
      for (const [i, port] of ports.entries()) {
        const value = await requestsPerSecond(port, comparison);
        if (round >= 0) figures[i]!.push(value); // The first round warms up.
      }
      if (Deno.stderr.isTerminal()) console.error(`round ${round + 1} of ${ROUNDS}`);
    }
    report(comparison, figures);
  } finally {
    await Promise.all(servers.map(stop));
  }
}

if (!await exists("wrk")) {
  console.error("Cannot measure: wrk is not on PATH; install it (apt-get install wrk)");
  Deno.exit(3);
}
if (!withNode) console.error("Node is not on PATH: Fastify is left out");
for (const comparison of [GET, POST]) await compare(comparison);
