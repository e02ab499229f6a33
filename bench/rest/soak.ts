/**
 * A service that is used and abused for a long time: what its memory does. Traffic of all kinds, and of clients that leave, break
 * off, stall and lie, each minute alike.
 *
 * `deno run -A --config bench/deno.json bench/rest/soak.ts [KIND] [MINUTES]`
 *
 * @module
 */

import { Child } from "../../rest/attack/testdata/child.ts";
import { request, send } from "../../rest/attack/testdata/raw_client.ts";

const [kind = "serve", minutes = "5"] = Deno.args;
const SAMPLE_MS = 10_000;

const BODY = "x".repeat(10_000);
const HOST = "Host: a";

/** One of each; none waits for long. */
const ACTS: readonly ((child: Child) => Promise<unknown>)[] = [
  (child) => child.text("/alive"),
  (child) => child.text("/slow"),
  (child) => child.text("/throw"),
  (child) => child.text("/detached"),
  (child) => child.text("/nowhere/at/all"),
  (child) => child.text("/broken-stream"),
  (child) => post(child, "/echo", BODY),
  (child) => post(child, "/echo", BODY.repeat(10)),
  (child) => post(child, "/note", '{"name":"a","tags":{}}'),
  (child) => post(child, "/note", '{"name":'),
  // A client that leaves: before its answer, amid its body, amid a stream.
  (child) => send(child.port, request("GET /slow"), { waitMs: 5 }),
  (child) =>
    send(child.port, request("POST /echo", [HOST, "Content-Length: 9"], "x"), { waitMs: 20 }),
  (child) => send(child.port, request("GET /stream"), { waitMs: 20 }),
  (child) => send(child.port, "GET / HT", { waitMs: 20 }),
  (child) => send(child.port, "\x16\x03\x01 no request", { waitMs: 50 }),
  (child) => socket(child, (open) => open.send(BODY)),
  (child) => socket(child, (open) => open.close(3_000, "had enough")),
];

async function post(child: Child, path: string, body: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  return await (await fetch(child.url + path, { method: "POST", body, headers })).text();
}

/** A websocket that says something, hears something, and ends. */
async function socket(child: Child, act: (open: WebSocket) => void): Promise<void> {
  const client = new WebSocket(`${child.url.replace("http", "ws")}/ws`);
  await new Promise((resolve) => {
    client.onopen = () => act(client);
    client.onmessage = () => client.close();
    client.onclose = resolve;
  });
}

const child = await Child.start(kind as "serve" | "node" | "connection");
const ends = performance.now() + Number(minutes) * 60_000;
let acts = 0;
const actors = Array.from({ length: 8 }, async (_, actor) => {
  for (let turn = actor; performance.now() < ends; turn++) {
    // What goes wrong is meant to.
    await ACTS[turn % ACTS.length]!(child).catch(() => {});
    acts++;
  }
});

const samples: [minute: number, rssMiB: number, heapMiB: number][] = [];
const started = performance.now();
while (performance.now() < ends) {
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  const { rss, heapUsed } = await child.memory();
  samples.push([(performance.now() - started) / 60_000, rss / 2 ** 20, heapUsed / 2 ** 20]);
}
await Promise.all(actors);

/** Growth a minute, by least squares, of the second half: the first is the compiler's and the caches'. */
function slope(column: 1 | 2): number {
  const half = samples.slice(samples.length >> 1);
  const mean = (pick: 0 | 1 | 2) => half.reduce((sum, row) => sum + row[pick], 0) / half.length;
  const [x, y] = [mean(0), mean(column)];
  const over = half.reduce((sum, row) => sum + (row[0] - x) * (row[column] - y), 0);
  return over / half.reduce((sum, row) => sum + (row[0] - x) ** 2, 0);
}

console.log(`kind ${kind}: ${acts} acts in ${minutes} min`);
console.log("| minute | RSS MiB | heap MiB |\n| --- | --- | --- |");
for (const [minute, rss, heap] of samples) {
  console.log(`| ${minute.toFixed(1)} | ${rss.toFixed(0)} | ${heap.toFixed(1)} |`);
}
console.log(
  `growth a minute in the second half: RSS ${slope(1).toFixed(2)} MiB, heap ${
    slope(2).toFixed(3)
  } MiB`,
);
child.signal("SIGTERM");
console.log(`ended with ${(await child.status).code}`);
Deno.exit(0);
