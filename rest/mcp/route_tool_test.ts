import { assertEquals, assertStringIncludes } from "@std/assert";
import { Client, StreamableHTTPClientTransport } from "npm:@modelcontextprotocol/client@2.4.0";
import { ServiceError } from "../../core/errors.ts";
import { bigint, int, string } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Context } from "../context.ts";
import { json } from "../response/json.ts";
import { respond } from "../response/respond.ts";
import { Server, type ServerOptions } from "../server.ts";
import { mcpConfig, mcpFromConfig } from "./config.ts";
import type { ExposedRoute, ExposeOptions } from "./route_tool.ts";

type Answer = (context: Context, request: Request) => unknown;

interface Setup extends ExposeOptions {
  readonly response?: ExposedRoute<unknown>["response"];
  readonly envelope?: ServerOptions["envelope"];
  /** The peer of the client. */
  readonly peer?: { readonly transport: string; hostname?: string; port?: number; path?: string };
}

/** Calls a route as a tool, with the arguments `{ id: 7 }`. */
async function callRoute(answer: Answer, setup: Setup = {}) {
  const { response, envelope, peer, unwrap } = setup;
  const log = new MemoryLog();
  await using server = new Server({ Name: "a", Port: 0 }, { log, ...(envelope && { envelope }) });
  const route = { method: "GET", path: "/v/:id", request: object({ id: int().in("path") }) };
  server.get(route.path, async (request, context) => {
    const value = await answer(context, request);
    return value instanceof Response ? value : respond(context, value);
  });
  await using mcp = mcpFromConfig(mcpConfig.parse({ MessageEndpoint: "/assist" }), { name: "a" });
  mcp.exposeRoutes(server, [{ ...route, name: "get", response }], { unwrap });
  server.addRoutes(mcp.routes());
  const info = peer && { remoteAddr: peer };
  let wire = "";
  const client = new Client({ name: "t", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL("http://localhost/assist"), {
      requestInit: { headers: { "x-forwarded-for": "192.0.2.1", cookie: "a=b" } },
      async fetch(url, init) {
        const response = await server.fetch(new Request(url, init), info);
        if (init?.method !== "POST") return response;
        wire = await response.text();
        return new Response(wire, response);
      },
    }),
  );
  await client.listTools(); // Only then does the client check answers.
  const result = await client.callTool({ name: "get", arguments: { id: 7 } });
  await client.close();
  return { result, log, wire };
}

const peers: { name: string; peer: Setup["peer"]; seen: string }[] = [
  {
    name: "an IPv4 address",
    peer: { transport: "tcp", hostname: "192.0.2.7", port: 9 },
    seen: "192.0.2.7:9",
  },
  {
    name: "an IPv6 address",
    peer: { transport: "tcp", hostname: "::1", port: 9 },
    seen: "[::1]:9",
  },
  { name: "a socket of this machine", peer: { transport: "unix", path: "/run/a" }, seen: "/run/a" },
  { name: "nothing", peer: undefined, seen: "" },
];
for (const { name, peer, seen } of peers) {
  Deno.test(`routeTool() lets the route see the peer of the caller: ${name}`, async () => {
    const { result } = await callRoute(({ remoteAddr }) => ({ remoteAddr }), { peer });
    assertEquals(result.structuredContent, { remoteAddr: seen });
  });
}

Deno.test("routeTool() passes on what names the client, and no cookie", async () => {
  const { result } = await callRoute((_context, { headers }) => ({
    forwarded: headers.get("x-forwarded-for"),
    cookie: headers.get("cookie"),
  }));
  assertEquals(result.structuredContent, { forwarded: "192.0.2.1", cookie: null });
});

Deno.test("routeTool() keeps every digit", async () => {
  const response = object({ id: bigint() });
  const { result, wire } = await callRoute(() => json({ id: 9007199254740993n }), { response });
  assertEquals(result.content, [{ type: "text", text: '{"id":9007199254740993}' }]);
  assertStringIncludes(wire, '"structuredContent":{"id":9007199254740993}');
});

for (const value of [{ id: 1 }, null]) {
  Deno.test(`routeTool() says ${JSON.stringify(value)} where an object may be null`, async () => {
    const response = object({ id: int() }).nullable();
    const { result } = await callRoute(() => json(value), { response });
    assertEquals(result.structuredContent, { result: value });
  });
}

Deno.test("routeTool() takes the value out of an envelope", async () => {
  const { result } = await callRoute(() => ({ name: "x" }), {
    response: object({ name: string() }),
    envelope: (data) => ({ code: 0, data }),
    unwrap: (body) => Object(body).data,
  });
  assertEquals(result.structuredContent, { name: "x" });
  assertEquals(result.content, [{ type: "text", text: '{"name":"x"}' }]);
});

Deno.test("routeTool() tells what unwrap throws as a failure", async () => {
  const { result } = await callRoute(() => ({}), {
    unwrap: () => {
      throw new ServiceError("not_found", "Cannot find user: no id 7");
    },
  });
  assertEquals(result.isError, true);
  assertEquals(result.content, [{ type: "text", text: "Cannot find user: no id 7" }]);
});

for (const answer of [{ id: "x" }, new Response("text"), { code: 0, data: { id: 1 } }]) {
  const name = answer instanceof Response ? "no JSON" : JSON.stringify(answer);
  Deno.test(`routeTool() fails, and logs why, when ${name} does not fit the schema`, async () => {
    const { result, log } = await callRoute(() => answer, { response: object({ id: int() }) });
    assertEquals(result.isError, true);
    assertStringIncludes(JSON.stringify(result.content), "does not fit its schema");
    assertStringIncludes(log.lines.join("\n"), "does not fit its schema");
  });
}
