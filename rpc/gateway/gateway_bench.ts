import { Server } from "../../rest/server.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { frameBytes } from "./protocol/frame.ts";
import { libraryMethod, stand } from "./testdata/library.ts";

// Without yielding to the event loop, the shedder takes the benchmark for an overload.
const gateway = await stand({}, { Middlewares: { Log: false, Shedding: false } });
const bare = new Server({ Name: "bare", Port: 0, Middlewares: { Log: false, Shedding: false } }, {
  log: new MemoryLog(),
});
bare.post("/v1/echo", async (request) => Response.json(await request.json()));

const method = libraryMethod("Echo");
const message = {
  title: "A title of some length",
  kind: "ATLAS",
  big: "123456789",
  tags: ["a", "b", "c"],
  author: { name: "Somebody", born: "1950" },
};
const bytes = method.input.encode(method.input.fromJson(message)) as Uint8Array<ArrayBuffer>;
const framed = frameBytes(0, bytes);
const json = JSON.stringify(message);

const post = (path: string, type: string, body: BodyInit) =>
  new Request(`http://g${path}`, { method: "POST", headers: { "content-type": type }, body });
const PATH = "/library.v1.Library/Echo";

Deno.bench({ name: "rest alone", group: "gateway", baseline: true }, async () => {
  await (await bare.fetch(post("/v1/echo", "application/json", json))).text();
});

Deno.bench({ name: "plain HTTP", group: "gateway" }, async () => {
  await (await gateway.fetch("/v1/echo", { method: "POST", body: json })).text();
});

Deno.bench({ name: "plain HTTP, path and query", group: "gateway" }, async () => {
  await (await gateway.fetch("/v1/shelves/1/books/2?sizes=1&sizes=2&kind=ATLAS")).text();
});

Deno.bench({ name: "Connect, JSON", group: "gateway" }, async () => {
  await (await gateway.server.fetch(post(PATH, "application/json", json))).text();
});

Deno.bench({ name: "Connect, bytes", group: "gateway" }, async () => {
  await (await gateway.server.fetch(post(PATH, "application/proto", bytes))).bytes();
});

Deno.bench({ name: "gRPC-Web, bytes", group: "gateway" }, async () => {
  await (await gateway.server.fetch(post(PATH, "application/grpc-web", framed))).bytes();
});

Deno.bench({ name: "decode", group: "dynamic message" }, () => {
  method.input.decode(bytes);
});

Deno.bench({ name: "encode", group: "dynamic message" }, () => {
  method.input.encode(decoded);
});

const decoded = method.input.decode(bytes);
