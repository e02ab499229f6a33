/**
 * What a service holds on to: its memory over a million requests, and what 5,000 idle connections cost.
 *
 * @module
 */

import { type Contestant, exists, onCore, serve, stop } from "./contestant.ts";

const REQUESTS = Number(Deno.env.get("ZENO_BENCH_REQUESTS") ?? 1_000_000);
const CONNECTIONS = Number(Deno.env.get("ZENO_BENCH_CONNECTIONS") ?? 5_000);
const PORT = 19_300;

/** Memory of a process in MiB. */
async function residentMiB(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function untilServing(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/from/42`).catch(() => undefined);
    if (await answer?.text()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Cannot measure: the server does not serve");
}

async function burst(): Promise<number> {
  const args = ["-t1", "-c64", "-d2s", `http://127.0.0.1:${PORT}/from/42`];
  const { stdout } = await onCore(1, "wrk", args).output();
  return Number(/(\d+) requests in/.exec(new TextDecoder().decode(stdout))?.[1]);
}

/** The process below the one that pinned it, which is the one with the memory. */
async function growth(contestant: Contestant): Promise<void> {
  const server = await serve(contestant, PORT);
  try {
    await untilServing();
    const marks: string[] = [];
    for (let done = 0, next = 0; done < REQUESTS; done += await burst()) {
      if (done >= next) {
        marks.push(`${Math.round(await residentMiB(server.pid))}`);
        next += REQUESTS / 8;
      }
    }
    marks.push(`${Math.round(await residentMiB(server.pid))}`);
    console.log(`| ${contestant.name} | ${marks.join(", ")} |`);
  } finally {
    await stop(server);
  }
}

async function idle(contestant: Contestant): Promise<void> {
  const server = await serve(contestant, PORT);
  const connections: Deno.TcpConn[] = [];
  try {
    await untilServing();
    const before = await residentMiB(server.pid);
    const request = new TextEncoder().encode("GET /from/42 HTTP/1.1\r\nhost: a\r\n\r\n");
    const buffer = new Uint8Array(1024);
    while (connections.length < CONNECTIONS) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: PORT });
      await connection.write(request);
      await connection.read(buffer);
      connections.push(connection);
    }
    const more = await residentMiB(server.pid) - before;
    console.log(`| ${contestant.name} | ${more.toFixed(0)} MiB | < 100 MB |`);
  } finally {
    for (const connection of connections) connection.close();
    await stop(server);
  }
}

if (!await exists("wrk")) {
  console.error("Cannot measure: wrk is not on PATH; install it (apt-get install wrk)");
  Deno.exit(3);
}
const ZENO = { file: "zeno.ts", mode: "chain" };
console.log(`Resident memory in MiB while ${REQUESTS} requests are answered\n`);
console.log("| server | from first to last |\n| --- | --- |");
await growth({ name: "Deno.serve, no routing", file: "raw.ts" });
await growth({ name: "Zeno, whole chain", ...ZENO });
console.log(`\nWhat ${CONNECTIONS} idle connections add, each of which has been answered once\n`);
console.log("| server | memory | target |\n| --- | --- | --- |");
await idle({ name: "Deno.serve, no routing", file: "raw.ts" });
await idle({ name: "Zeno, whole chain, kind serve", ...ZENO });
await idle({ name: "Zeno, kind connection", file: "zeno.ts", mode: "chain connection" });
await idle({ name: "Zeno, kind node", file: "zeno.ts", mode: "chain node" });
