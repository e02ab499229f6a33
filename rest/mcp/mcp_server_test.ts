import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "npm:@modelcontextprotocol/client@2.4.0";
import { ServiceError } from "../../core/errors.ts";
import { array, int, string } from "../../core/schema/builders.ts";
import { object } from "../../core/schema/object.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";
import { ToolResult } from "./content.ts";
import { McpServer, type McpServerOptions } from "./mcp_server.ts";

interface Running extends AsyncDisposable {
  readonly mcp: McpServer;
  readonly url: URL;
  readonly log: MemoryLog;
  /** What the tools have seen. */
  readonly seen: unknown[];
}

/** A server with one thing of each kind, on a free port. */
async function serve(options: Partial<McpServerOptions> = {}): Promise<Running> {
  const log = new MemoryLog();
  const server = new Server({ Name: "shop", Host: "127.0.0.1", Port: 0 }, { log });
  const mcp = new McpServer({
    name: "shop",
    version: "2.0.0",
    instructions: "Be kind.",
    ...options,
  });
  const seen: unknown[] = [];
  addTools(mcp, seen);
  mcp.addPrompt({
    name: "review",
    description: "Reviews code",
    arguments: object({ code: string().describe("The code"), lines: int().optional() }),
    get: ({ code, lines }) => `Review ${lines ?? "all"} lines of ${code}`,
  });
  mcp.addResource({ uri: "shop://motto", name: "motto", read: () => "We sell." });
  mcp.addResource({
    uri: "shop://logo",
    name: "logo",
    mimeType: "image/png",
    read: () => new Uint8Array([1, 2]),
  });
  mcp.addResourceTemplate({
    uriTemplate: "shop://orders/{id}",
    name: "order",
    mimeType: "application/json",
    read: ({ id }) => id === "0" ? undefined : JSON.stringify({ id }),
  });
  server.get(getOrder.path, async (request, context) => {
    seen.push(request.headers.get("authorization"));
    const { id, fields } = await context.bind(getOrder.request);
    if (id === 404) throw new ServiceError("not_found", "Cannot find order: no id 404");
    return json({ id, fields });
  });
  mcp.exposeRoutes(server, [{ ...getOrder, name: "get_order", description: "Looks an order up" }]);
  server.addRoutes(mcp.routes());
  await server.start();
  return {
    mcp,
    url: new URL(`http://127.0.0.1:${server.address.port}/mcp`),
    log,
    seen,
    async [Symbol.asyncDispose]() {
      await mcp[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

const getOrder = {
  method: "GET",
  path: "/orders/:id",
  request: object({ id: int().in("path"), fields: array(string()).in("form").default([]) }),
  response: object({ id: int(), fields: array(string()) }),
};

function addTools(mcp: McpServer, seen: unknown[]): void {
  mcp.addTool({
    name: "add",
    title: "Addition",
    description: "Adds two numbers",
    input: object({ a: int().range("[0:100]"), b: int().default(1) }),
    output: object({ sum: int() }),
    hints: { readOnlyHint: true },
    call: ({ a, b }) => ({ sum: a + b }),
  });
  mcp.addTool({ name: "hello", call: () => "hi" });
  mcp.addTool({ name: "list", output: array(int()), call: () => [1, 2] });
  mcp.addTool({ name: "wrong", output: object({ sum: int() }), call: () => ({ sum: 1.5 }) });
  mcp.addTool({
    name: "fail",
    input: object({ known: string().options(["yes", "no"]) }),
    call: ({ known }) => {
      if (known === "yes") throw new ServiceError("failed_precondition", "Cannot pay: no money");
      throw new Error("secret detail");
    },
  });
  mcp.addTool({
    name: "picture",
    call: () => new ToolResult([{ type: "image", data: "AQI=", mimeType: "image/png" }]),
  });
  mcp.addTool({
    name: "slow",
    async call(_input, context) {
      for (const done of [1, 2]) {
        await context.progress(done, { total: 2, message: `step ${done}` });
      }
      // The client forgets who wants to know with the answer, so that must not come at once.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return `done for ${context.http.request.headers.get("x-user")}`;
    },
  });
  mcp.addTool({
    name: "wait",
    call: (_input, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          seen.push("aborted");
          reject(signal.reason);
        })
      ),
  });
}

const REVISIONS = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

async function connect(url: URL, revision: string): Promise<Client> {
  const isModern = revision === "2026-07-28";
  const client = new Client({ name: "test", version: "1" }, {
    supportedProtocolVersions: [revision],
    versionNegotiation: { mode: isModern ? { pin: revision } : "legacy" },
  });
  await client.connect(
    new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { "x-user": "ada", authorization: "Bearer abc" } },
    }),
  );
  return client;
}

for (const revision of REVISIONS) {
  Deno.test(`McpServer serves a client of ${revision}`, async (t) => {
    await using running = await serve();
    const { mcp, url, seen } = running;
    const client = await connect(url, revision);
    const isModern = revision === "2026-07-28";

    await t.step("says who it is", () => {
      assertEquals(client.getNegotiatedProtocolVersion(), revision);
      assertEquals(client.getServerVersion()?.name, "shop");
      assertEquals(client.getServerVersion()?.version, "2.0.0");
      assertEquals(client.getInstructions(), "Be kind.");
      assertEquals(mcp.sessionCount, isModern ? 0 : 1);
    });

    await t.step("lists tools by name, with their schemas", async () => {
      const { tools } = await client.listTools();
      assertEquals(tools.map(({ name }) => name), [
        "add",
        "fail",
        "get_order",
        "hello",
        "list",
        "picture",
        "slow",
        "wait",
        "wrong",
      ]);
      const [add] = tools;
      assertEquals([add?.title, add?.description], ["Addition", "Adds two numbers"]);
      assertEquals(add?.inputSchema.properties?.a, { type: "integer", minimum: 0, maximum: 100 });
      assertEquals(add?.inputSchema.required, ["a"]);
      assertEquals(add?.annotations?.readOnlyHint, true);
    });

    await t.step("calls a tool, with defaults", async () => {
      const result = await client.callTool({ name: "add", arguments: { a: 2 } });
      assertEquals(result.content, [{ type: "text", text: '{"sum":3}' }]);
      assertEquals(result.structuredContent, { sum: 3 });
      const hello = await client.callTool({ name: "hello" });
      assertEquals(hello.content, [{ type: "text", text: "hi" }]);
      const list = await client.callTool({ name: "list" });
      assertEquals(list.structuredContent, { result: [1, 2] });
      const picture = await client.callTool({ name: "picture" });
      assertEquals(picture.content, [{ type: "image", data: "AQI=", mimeType: "image/png" }]);
    });

    await t.step("answers failures that a model can learn from", async () => {
      const wrong = await client.callTool({ name: "add", arguments: { a: 101 } });
      assertEquals(wrong.isError, true);
      assert(JSON.stringify(wrong.content).includes("wrong number range setting"));
      const known = await client.callTool({ name: "fail", arguments: { known: "yes" } });
      assertEquals([known.isError, known.content], [true, [{
        type: "text",
        text: "Cannot pay: no money",
      }]]);
      const unknown = await client.callTool({ name: "fail", arguments: { known: "no" } });
      assertEquals(unknown.content, [{
        type: "text",
        text: 'Cannot call tool "fail": unexpected error',
      }]);
      const broken = await client.callTool({ name: "wrong" });
      assertEquals(broken.isError, true);
    });

    await t.step("answers an unknown tool with an error of the protocol", async () => {
      await assertRejects(() => client.callTool({ name: "none" }), Error, 'unknown tool "none"');
    });

    await t.step("tells progress, and a tool sees the request of its call", async () => {
      const steps: unknown[] = [];
      const result = await client.callTool({ name: "slow" }, {
        onprogress: ({ progress, total, message }) => steps.push([progress, total, message]),
      });
      assertEquals(result.content, [{ type: "text", text: "done for ada" }]);
      assertEquals(steps, [[1, 2, "step 1"], [2, 2, "step 2"]]);
    });

    await t.step("ends the work of a call that is cancelled", async () => {
      seen.length = 0;
      const controller = new AbortController();
      const call = client.callTool({ name: "wait" }, { signal: controller.signal });
      const outcome = assertRejects(() => call);
      await new Promise((resolve) => setTimeout(resolve, 50));
      controller.abort(new Error("enough"));
      await outcome;
      for (let i = 0; i < 100 && seen.length === 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assertEquals(seen, ["aborted"]);
    });

    await t.step("offers a route as a tool, through its chain", async () => {
      seen.length = 0;
      const args = { id: 7, fields: ["a", "b"] };
      const result = await client.callTool({ name: "get_order", arguments: args });
      assertEquals([result.isError, result.structuredContent], [undefined, args]);
      assertEquals(seen, ["Bearer abc"]);
      const missing = await client.callTool({ name: "get_order", arguments: { id: 404 } });
      assertEquals(missing.isError, true);
      assertEquals(missing.content, [{ type: "text", text: "Cannot find order: no id 404" }]);
    });

    await t.step("writes prompts", async () => {
      const { prompts } = await client.listPrompts();
      assertEquals(prompts.map(({ name }) => name), ["review"]);
      assertEquals(prompts[0]?.arguments, [
        { name: "code", required: true, description: "The code" },
        { name: "lines", required: false },
      ]);
      const written = await client.getPrompt({
        name: "review",
        arguments: { code: "x", lines: "3" },
      });
      assertEquals(written.messages, [
        { role: "user", content: { type: "text", text: "Review 3 lines of x" } },
      ]);
      await assertRejects(() => client.getPrompt({ name: "review" }), Error, "code");
      await assertRejects(() => client.getPrompt({ name: "none" }), Error, 'unknown prompt "none"');
    });

    await t.step("reads resources", async () => {
      const { resources } = await client.listResources();
      assertEquals(resources.map(({ uri }) => uri), ["shop://logo", "shop://motto"]);
      const { resourceTemplates } = await client.listResourceTemplates();
      assertEquals(resourceTemplates.map(({ uriTemplate }) => uriTemplate), ["shop://orders/{id}"]);
      const read = async (uri: string) => (await client.readResource({ uri })).contents;
      assertEquals(await read("shop://motto"), [
        { uri: "shop://motto", mimeType: "text/plain", text: "We sell." },
      ]);
      assertEquals(await read("shop://logo"), [{
        uri: "shop://logo",
        mimeType: "image/png",
        blob: "AQI=",
      }]);
      assertEquals(await read("shop://orders/a%20b"), [
        { uri: "shop://orders/a%20b", mimeType: "application/json", text: '{"id":"a b"}' },
      ]);
      for (const uri of ["shop://none", "shop://orders/0"]) {
        await assertRejects(() => client.readResource({ uri }), Error, "Resource not found");
      }
    });

    await client.close();
  });
}

Deno.test("McpServer serves a client of the old transport, with a stream and messages beside it", async () => {
  await using running = await serve({ ssePath: "/sse/:scope" });
  const { mcp, url, seen } = running;
  const client = new Client({ name: "test", version: "1" }, {
    supportedProtocolVersions: ["2024-11-05"],
  });
  const headers = { "x-user": "ada" };
  await client.connect(
    new SSEClientTransport(new URL("/sse/one?ignored=1", url), { requestInit: { headers } }),
  );
  assertEquals([client.getNegotiatedProtocolVersion(), mcp.sessionCount], ["2024-11-05", 1]);
  const steps: number[] = [];
  const slow = await client.callTool({ name: "slow" }, {
    onprogress: ({ progress }) => void steps.push(progress),
  });
  assertEquals([slow.content, steps], [[{ type: "text", text: "done for ada" }], [1, 2]]);
  const controller = new AbortController();
  const outcome = assertRejects(() =>
    client.callTool({ name: "wait" }, { signal: controller.signal })
  );
  setTimeout(() => controller.abort(new Error("enough")), 50);
  await outcome;
  for (let i = 0; i < 100 && seen.length === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(seen, ["aborted"]);
  for (const [query, body, status] of [["", "{}", 400], ["?sessionid=none", "{}", 404]] as const) {
    const response = await fetch(new URL(`/sse/one${query}`, url), { method: "POST", body });
    await response.body?.cancel();
    assertEquals(response.status, status);
  }
  await client.close();
  for (let i = 0; i < 100 && mcp.sessionCount > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(mcp.sessionCount, 0);
});

Deno.test("McpServer tells a session of tools that came and of resources that changed", async () => {
  await using running = await serve();
  const { mcp, url } = running;
  const client = await connect(url, "2025-11-25");
  const told: string[] = [];
  client.setNotificationHandler("notifications/tools/list_changed", () => void told.push("tools"));
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void told.push(params.uri),
  );
  await client.subscribeResource({ uri: "shop://motto" });
  await new Promise((resolve) => setTimeout(resolve, 100)); // Until its stream is there.
  told.length = 0; // What was added before may have been told.
  await mcp.resourceUpdated("shop://logo");
  await mcp.resourceUpdated("shop://motto");
  mcp.addTool({ name: "new", call: () => "new" });
  mcp.removeTool("hello");
  for (let i = 0; i < 100 && told.length < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(told, ["shop://motto", "tools"]); // Both changes of tools as one.
  await client.close();
});

Deno.test("McpServer logs what a tool failed with, and tells the client nothing of it", async () => {
  await using running = await serve();
  const client = await connect(running.url, "2025-11-25");
  const result = await client.callTool({ name: "fail", arguments: { known: "no" } });
  assert(!JSON.stringify(result).includes("secret detail"));
  assert(
    running.log.lines.some((line) => line.includes("secret detail")),
    running.log.lines.join("\n"),
  );
  await client.close();
});

Deno.test("McpServer says in `result` what an output may be beside an object", async () => {
  await using running = await serve();
  const values = [{ id: 1 }, null];
  running.mcp.addTool({
    name: "maybe",
    output: object({ id: int() }).nullable(),
    call: () => values.shift() ?? null,
  });
  const client = await connect(running.url, "2025-11-25");
  await client.listTools(); // Only then does the client check answers.
  for (const result of [{ id: 1 }, null]) {
    assertEquals((await client.callTool({ name: "maybe" })).structuredContent, { result });
  }
  await client.close();
});

Deno.test("McpServer ends its streams when the server stops", async () => {
  const running = await serve();
  const client = await connect(running.url, "2025-11-25");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const startedAtMs = performance.now();
  await running[Symbol.asyncDispose]();
  assert(performance.now() - startedAtMs < 2_000);
  await client.close();
});

const wrong: { name: string; act: (mcp: McpServer) => unknown; text: string }[] = [
  {
    name: "a tool twice",
    act: (mcp) => mcp.addTool({ name: "a", call: () => 1 }),
    text: "of that name",
  },
  {
    name: "a tool with a space",
    act: (mcp) => mcp.addTool({ name: "a b", call: () => 1 }),
    text: "1 to 128",
  },
  {
    name: "a tool without a name",
    act: (mcp) => mcp.addTool({ name: "", call: () => 1 }),
    text: "1 to 128",
  },
  {
    name: "a route without a slash",
    act: (mcp) => mcp.exposeRoutes({ fetch: () => new Response() }, [{ method: "GET", path: "x" }]),
    text: "must begin with",
  },
];
for (const { name, act, text } of wrong) {
  Deno.test(`McpServer refuses ${name}`, async () => {
    await using mcp = new McpServer({ name: "a" });
    mcp.addTool({ name: "a", call: () => 1 });
    assertThrows(() => act(mcp), Error, text);
  });
}

for (const option of ["maxSessions", "maxBytes"] as const) {
  Deno.test(`McpServer() refuses ${option} of 0`, () => {
    assertThrows(() => new McpServer({ name: "a", [option]: 0 }), RangeError, option);
  });
}
