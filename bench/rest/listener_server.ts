// One listener of a kind with the smallest handler, for listener.ts.
import { listen } from "../../rest/listener/listen.ts";

const [port, kind = "raw"] = Deno.args;
const answer = () => Response.json({ id: "42", name: "you" });

if (kind === "raw") {
  Deno.serve({ port: Number(port), onListen() {} }, (request) => request.url ? answer() : answer());
} else if (kind === "node:http") {
  const { createServer } = await import("node:http");
  createServer((_request, response) => {
    const body = JSON.stringify({ id: "42", name: "you" });
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  }).listen(Number(port));
} else {
  const listener = { Kind: kind as "serve" | "node" | "connection" };
  await listen((request) => request.url ? answer() : answer(), {
    hostname: "127.0.0.1",
    port: Number(port),
    listener,
  });
}
