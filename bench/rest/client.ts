/**
 * What a call through `rest/client` costs over bare `fetch`, and through other clients: one GET of a small JSON
 * document at a time, from a server in a thread of its own, all in one process and interleaved.
 *
 * @module
 */

import axios from "npm:axios@1.21.1";
import ky from "npm:ky@2.1.0";
import { ofetch } from "npm:ofetch@1.5.1";
import { int, object, string } from "@zeno/zeno/core/schema";
import { HttpClient } from "@zeno/zeno/rest/client";
import { compare } from "../core/compare.ts";

const source = `
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => postMessage(port) },
  () => Response.json({ id: 7, name: "Ada" }));
onmessage = () => server.shutdown().then(() => close());
`;
const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), {
  type: "module",
});
const port = await new Promise<number>((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
});

const baseUrl = `http://127.0.0.1:${port}`;
const url = `${baseUrl}/users/7`;
const route = {
  method: "GET",
  path: "/users/:id",
  request: object({ id: int().in("path") }),
  response: object({ id: int(), name: string() }),
};
await using client = new HttpClient({ baseUrl });
await using plain = new HttpClient({ baseUrl, breakers: false, metrics: false, retry: false });
const http1 = Deno.createHttpClient({ http2: false });

await compare("GET of a small JSON document", {
  "bare fetch": async () => await (await fetch(url)).json(),
  "bare fetch, HTTP/1.1 pool": async () => await (await fetch(url, { client: http1 })).json(),
  "bare fetch, AbortSignal.timeout": async () =>
    await (await fetch(url, { signal: AbortSignal.timeout(3_000) })).json(),
  "zeno call(), typed and checked": () => client.call(route, { id: 7 }),
  "zeno get()": async () => await (await client.get("/users/:id", { params: { id: 7 } })).json(),
  "zeno call(), no breaker, metrics, retry": () => plain.call(route, { id: 7 }),
  "ky, timeout and retry": () => ky(url, { timeout: 3_000, retry: 2 }).json(),
  "ofetch, timeout and retry": () => ofetch(url, { timeout: 3_000, retry: 2 }),
  "axios, timeout": async () => (await axios.get(url, { timeout: 3_000 })).data,
  "axios on fetch, timeout": async () =>
    (await axios.get(url, { timeout: 3_000, adapter: "fetch" })).data,
}, { rounds: 7, iterations: 1_000 });

http1.close();
worker.postMessage("stop");
