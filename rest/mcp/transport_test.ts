import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { ConnectionInfo } from "../context.ts";
import { Server } from "../server.ts";
import { McpServer, type McpServerOptions } from "./mcp_server.ts";

const ACCEPT = "application/json, text/event-stream";
const HEADERS = { "content-type": "application/json", accept: ACCEPT };

/** A server without a socket, and its clock. */
function mounted(options: Partial<McpServerOptions> = {}) {
  const clock = new FakeClock();
  const mcp = new McpServer({ name: "a", clock, ...options });
  mcp.addTool({ name: "hello", call: () => "hi" });
  const server = new Server({ Name: "a", Port: 0 }, { log: new MemoryLog() });
  server.addRoutes(mcp.routes());
  const send = (init: RequestInit, info?: ConnectionInfo) =>
    server.fetch(new Request("http://localhost/mcp", init), info);
  return {
    mcp,
    clock,
    send,
    post: (message: unknown, headers: HeadersInit = {}, info?: ConnectionInfo) =>
      send(
        { method: "POST", body: JSON.stringify(message), headers: { ...HEADERS, ...headers } },
        info,
      ),
    async [Symbol.asyncDispose]() {
      await mcp[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

const initialize = (protocolVersion: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion, capabilities: {}, clientInfo: { name: "t", version: "1" } },
});
const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

/** The messages of an answer, streamed or not. */
async function messages(response: Response): Promise<{ result?: unknown; error?: unknown }[]> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("event-stream")) return [JSON.parse(text)];
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!));
}

for (
  const [asked, answered] of [["2025-06-18", "2025-06-18"], ["1999-01-01", "2025-11-25"]] as const
) {
  Deno.test(`McpServer answers ${answered} to a client that asks for ${asked}`, async () => {
    await using server = mounted();
    const response = await server.post(initialize(asked));
    assert(response.headers.get("mcp-session-id"));
    const [{ result } = {}] = await messages(response);
    assertEquals(Object(result).protocolVersion, answered);
    assertEquals(Object(result).capabilities, {
      logging: {},
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
    });
  });
}

Deno.test("McpServer keeps a session until it is deleted", async () => {
  await using server = mounted();
  const begun = await server.post(initialize("2025-11-25"));
  await begun.body?.cancel();
  const session = { "mcp-session-id": begun.headers.get("mcp-session-id")! };
  assertEquals(server.mcp.sessionCount, 1);
  const note = { jsonrpc: "2.0", method: "notifications/initialized" };
  assertEquals((await server.post(note, session)).status, 202);
  const [answer] = await messages(await server.post(list, session));
  assertEquals(Object(answer?.result).tools.length, 1);
  const stream = await server.send({ headers: { accept: "text/event-stream", ...session } });
  assertEquals(stream.headers.get("content-type"), "text/event-stream");
  await stream.body?.cancel();
  const ended = await server.send({ method: "DELETE", headers: session });
  await ended.body?.cancel();
  assertEquals([ended.status, server.mcp.sessionCount], [200, 0]);
  const late = await server.post(list, session);
  await late.body?.cancel();
  assertEquals(late.status, 404);
});

const faults: { name: string; init: RequestInit; status: number }[] = [
  {
    name: "another type of body",
    init: { method: "POST", body: "{}", headers: { "content-type": "text/plain", accept: ACCEPT } },
    status: 415,
  },
  {
    name: "a client that takes no stream",
    init: {
      method: "POST",
      body: JSON.stringify(initialize("2025-11-25")),
      headers: { ...HEADERS, accept: "application/json" },
    },
    status: 406,
  },
  { name: "no JSON", init: { method: "POST", body: "{", headers: HEADERS }, status: 400 },
  {
    name: "a call before a session",
    init: { method: "POST", body: JSON.stringify(list), headers: HEADERS },
    status: 400,
  },
  {
    name: "a session of somebody else",
    init: {
      method: "POST",
      body: JSON.stringify(list),
      headers: { ...HEADERS, "mcp-session-id": "none" },
    },
    status: 404,
  },
  {
    name: "a stream without a session",
    init: { headers: { accept: "text/event-stream" } },
    status: 400,
  },
  { name: "another method", init: { method: "PUT", body: "{}" }, status: 405 },
  {
    name: "a message that is too large",
    init: {
      method: "POST",
      body: JSON.stringify({ ...list, params: { x: "x".repeat(3_000) } }),
      headers: { ...HEADERS, "content-length": "3100" },
    },
    status: 413,
  },
];
for (const { name, init, status } of faults) {
  Deno.test(`McpServer answers ${status} to ${name}`, async () => {
    await using server = mounted({ maxBytes: 2_000 });
    const response = await server.send(init);
    await response.body?.cancel();
    assertEquals([response.status, server.mcp.sessionCount], [status, 0]);
  });
}

const local: ConnectionInfo = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } };
const remote: ConnectionInfo = { remoteAddr: { transport: "tcp", hostname: "10.0.0.9", port: 1 } };

const origins: {
  name: string;
  origin?: string;
  host: string;
  info: ConnectionInfo;
  ok: boolean;
}[] = [
  { name: "no browser", host: "a.test", info: remote, ok: true },
  { name: "its own page", origin: "https://a.test", host: "a.test", info: remote, ok: true },
  {
    name: "its own page with a port",
    origin: "http://a.test:8080",
    host: "a.test:8080",
    info: remote,
    ok: true,
  },
  { name: "another page", origin: "https://evil.test", host: "a.test", info: remote, ok: false },
  { name: "another port", origin: "http://a.test:1", host: "a.test:2", info: remote, ok: false },
  { name: "a page without an origin", origin: "null", host: "a.test", info: remote, ok: false },
  {
    name: "a page that is allowed",
    origin: "https://app.test",
    host: "a.test",
    info: remote,
    ok: true,
  },
  {
    name: "a page of this machine",
    origin: "http://localhost:8080",
    host: "localhost:8080",
    info: local,
    ok: true,
  },
  {
    name: "a name that was rebound",
    origin: "http://evil.test:80",
    host: "evil.test:80",
    info: local,
    ok: false,
  },
];
for (const { name, origin, host, info, ok } of origins) {
  Deno.test(`McpServer ${ok ? "serves" : "refuses"} ${name}`, async () => {
    await using server = mounted({ allowedOrigins: ["https://app.test"] });
    const headers = { host, ...(origin === undefined ? {} : { origin }) };
    const response = await server.post(initialize("2025-11-25"), headers, info);
    await response.body?.cancel();
    assertEquals(response.status, ok ? 200 : 403);
  });
}

Deno.test("McpServer holds no more sessions than it may, and drops those that nobody uses", async () => {
  await using server = mounted({ maxSessions: 2, sessionIdleMs: 1_000 });
  const begin = async () => {
    const response = await server.post(initialize("2025-11-25"));
    await response.body?.cancel();
    return response.status;
  };
  assertEquals([await begin(), await begin(), await begin()], [200, 200, 429]);
  await server.clock.advance(1_001);
  assertEquals([await begin(), server.mcp.sessionCount], [200, 1]);
});
