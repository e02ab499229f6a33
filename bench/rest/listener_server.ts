// One listener of a kind with the smallest handler, for listener.ts. It tells the time it has used, in microseconds.
import process from "node:process";
import { listen } from "../../rest/listener/listen.ts";

const [port, kind = "raw"] = Deno.args;

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function answer(request: Request): Response {
  if (request.url.endsWith("/cpu")) return Response.json(cpuMicros());
  return Response.json({ id: "42", name: "you" });
}

if (kind === "raw") {
  Deno.serve({ port: Number(port), onListen() {} }, answer);
} else if (kind === "node:http") {
  const { createServer } = await import("node:http");
  createServer((request, response) => {
    const value = request.url === "/cpu" ? cpuMicros() : { id: "42", name: "you" };
    const body = JSON.stringify(value);
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  }).listen(Number(port));
} else {
  const listener = { Kind: kind as "serve" | "node" | "connection" };
  await listen(answer, { hostname: "127.0.0.1", port: Number(port), listener });
}
