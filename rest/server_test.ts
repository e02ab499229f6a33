import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ServiceError } from "../core/errors.ts";
import { FakeClock } from "../core/testing/fake_clock.ts";
import { parseConfig } from "../core/conf/parse.ts";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { array, int, string } from "../core/schema/builders.ts";
import { ValidationError } from "../core/schema/errors.ts";
import { object } from "../core/schema/object.ts";
import type { Handler } from "./handler.ts";
import { json } from "./response/json.ts";
import { restConfig } from "./config.ts";
import { Server, type ServerOptions } from "./server.ts";
import type { RouteOptions } from "./route.ts";

function serverWith(
  handler: Handler,
  options: ServerOptions & { route?: RouteOptions; method?: string; path?: string } = {},
): Server {
  const { route, method = "GET", path = "/", ...rest } = options;
  const server = new Server({ Name: "test", Host: "127.0.0.1", Port: 0 }, {
    log: new MemoryLog(),
    ...rest,
  });
  return server.addRoutes([{ ...route, method, path, handler }]);
}

async function ask(server: Server, path = "/", init?: RequestInit): Promise<Response> {
  return await server.fetch(new Request("http://localhost" + path, init));
}

Deno.test("Server.fetch() answers a route and leaves the rest of the process alone", async () => {
  await using server = serverWith(
    (_request, context) => json({ ...context.params, route: context.route }),
    { path: "/users/:id" },
  );
  const response = await ask(server, "/users/7?x=1");
  assertEquals(await response.json(), { id: "7", route: "/users/:id" });
});

const problems: [
  what: string,
  handler: Handler,
  status: number,
  code: string,
  detail: string,
][] = [
  [
    "a ServiceError",
    () => {
      throw new ServiceError("not_found", "Cannot find user: no id 7");
    },
    404,
    "not_found",
    "Cannot find user: no id 7",
  ],
  [
    "a rejected ServiceError",
    () => Promise.reject(new ServiceError("aborted", "Cannot save: changed meanwhile")),
    409,
    "aborted",
    "Cannot save: changed meanwhile",
  ],
  [
    "an unexpected error",
    () => {
      throw new Error("password is hunter2");
    },
    500,
    "unknown",
    "Cannot answer request: unexpected error",
  ],
  [
    "something that is no error",
    () => Promise.reject("hunter2"),
    500,
    "unknown",
    "Cannot answer request: unexpected error",
  ],
  [
    "a handler that returns nothing",
    () => undefined as never,
    500,
    "unknown",
    "Cannot answer request: unexpected error",
  ],
  [
    "a handler that resolves to an object",
    () => Promise.resolve({ ok: true } as never),
    500,
    "unknown",
    "Cannot answer request: unexpected error",
  ],
  [
    "a response that was read already",
    async () => {
      const response = new Response("x");
      await response.text();
      return response;
    },
    500,
    "unknown",
    "Cannot answer request: unexpected error",
  ],
];

for (const [what, handler, status, code, detail] of problems) {
  Deno.test(`Server answers ${status} to ${what}`, async () => {
    await using server = serverWith(handler);
    const response = await ask(server);
    assertEquals(response.status, status);
    assertEquals(response.headers.get("content-type"), "application/problem+json");
    const { traceId, ...body } = await response.json();
    assertEquals([body.code, body.detail, body.status], [code, detail, status]);
    assertMatch(traceId, /^[0-9a-f]{32}$/);
  });
}

Deno.test("Server logs an unexpected error with its stack and trace, and answers neither", async () => {
  const log = new MemoryLog();
  await using server = serverWith(() => {
    throw new Error("hunter2");
  }, { log });
  const headers = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };
  const text = await (await ask(server, "/", { headers })).text();
  assertEquals(text.includes("hunter2"), false);
  const line = log.lines.find((line) => line.includes("unexpected error"))!;
  assertEquals(line.includes("hunter2") && line.includes("server_test.ts"), true);
  assertEquals(line.includes("4bf92f3577b34da6a3ce929d0e0e4736"), true);
});

const misses: [method: string, path: string, status: number, allow: string | null][] = [
  ["GET", "/nowhere", 404, null],
  ["POST", "/thing", 405, "GET, HEAD, PUT"],
  ["GET", "/%zz", 400, null],
  ["GET", "/%00", 400, null],
  ["HEAD", "/thing", 200, null],
];

for (const [method, path, status, allow] of misses) {
  Deno.test(`Server answers ${status} to ${method} ${path}`, async () => {
    await using server = serverWith(() => json("got"), { path: "/thing" });
    server.put("/thing", () => json("put"));
    const response = await ask(server, path, { method });
    assertEquals([response.status, response.headers.get("allow")], [status, allow]);
    await response.body?.cancel();
  });
}

Deno.test("Server.use() wraps every route, whenever it was added, outside of the route's own", async () => {
  const seen: string[] = [];
  const mark = (name: string) => (next: Handler): Handler => (request, context) => {
    seen.push(name);
    return next(request, context);
  };
  await using server = serverWith(() => json(1), { route: { middleware: [mark("route")] } });
  server.use(mark("first"), mark("second"));
  server.addRoutes([{ method: "GET", path: "/two", handler: () => json(2) }], {
    prefix: "v1/",
    middleware: [mark("group")],
  });
  await (await ask(server)).body?.cancel();
  await (await ask(server, "/v1/two")).body?.cancel();
  assertEquals(seen, ["first", "second", "route", "first", "second", "group"]);
});

Deno.test("Server.addRoutes() throws at once for a clash, a bad path and a bad method", async () => {
  await using server = serverWith(() => json(1), { path: "/a" });
  assertThrows(() => server.get("/a/", () => json(2)), TypeError, "it is there already");
  assertThrows(() => server.get("a", () => json(2)), SyntaxError, 'must begin with "/"');
  assertThrows(
    () => server.addRoutes([{ method: "get", path: "/b", handler: () => json(1) }]),
    SyntaxError,
    "the method must be one of",
  );
});

const order = object({
  id: int().range("[1:]").in("path"),
  dry: string().options(["yes", "no"]).default("no").in("form"),
  tenant: string().in("header", "x-tenant"),
  session: string().optional().in("cookie", "sid"),
  items: array(object({ name: string(), count: int() })),
});

const bound: Handler = async (_request, context) => json(await context.bind(order));

Deno.test("Context.bind() reads path, query, headers, cookies and JSON", async () => {
  await using server = serverWith(bound, { method: "POST", path: "/orders/:id" });
  const response = await ask(server, "/orders/7?dry=yes", {
    method: "POST",
    headers: { "content-type": "application/json", "x-tenant": "t1", cookie: "sid=abc; x=y" },
    body: JSON.stringify({ items: [{ name: "a", count: 2 }] }),
  });
  assertEquals(await response.json(), {
    id: 7,
    dry: "yes",
    tenant: "t1",
    session: "abc",
    items: [{ name: "a", count: 2 }],
  });
});

Deno.test("Context.bind() names every field that is wrong and echoes no body", async () => {
  await using server = serverWith(bound, { method: "POST", path: "/orders/:id" });
  const response = await ask(server, "/orders/0?dry=maybe", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items: [{ name: "hunter2", count: "x" }] }),
  });
  assertEquals(response.status, 400);
  const text = await response.text();
  assertEquals(text.includes("hunter2"), false);
  const paths = JSON.parse(text).issues.map((issue: { path: string }) => issue.path);
  assertEquals(paths.sort(), ["dry", "id", "items[0].count", "x-tenant"]);
});

const bodies: [what: string, type: string, body: string, detail: RegExp][] = [
  ["malformed JSON", "application/json", '{"items":', /JSON/],
  ["a body of another type", "text/plain", '{"items":[]}', /text\/plain.*send application\/json/],
  ["no body at all", "application/json", "", /items/],
];

for (const [what, type, body, detail] of bodies) {
  Deno.test(`Context.bind() explains ${what}`, async () => {
    await using server = serverWith(bound, { method: "POST", path: "/orders/:id" });
    const headers = { "content-type": type, "x-tenant": "t" };
    const response = await ask(server, "/orders/1", { method: "POST", headers, body });
    assertEquals(response.status, 400);
    assertMatch((await response.json()).detail, detail);
  });
}

const search = object({
  tags: array(string()).optional().in("form"),
  page: int().default(1).in("form"),
});

const forms: [what: string, init: RequestInit, query: string, value: unknown][] = [
  ["a query", {}, "?tags=a&tags[]=b&page=2", { tags: ["a", "b"], page: 2 }],
  ["an empty value as absent", {}, "?tags=&page=", { page: 1 }],
  [
    "a urlencoded body before the query",
    { method: "POST", body: new URLSearchParams([["page", "3"], ["tags", "x y"]]) },
    "?page=9",
    { tags: ["x y"], page: 3 },
  ],
];

for (const [what, init, query, value] of forms) {
  Deno.test(`Context.bind() reads ${what}`, async () => {
    const handler: Handler = async (_request, context) => json(await context.bind(search));
    await using server = serverWith(handler, { method: init.method ?? "GET" });
    assertEquals(await (await ask(server, "/" + query, init)).json(), value);
  });
}

Deno.test("Context.bind() reads the values of a multipart body", async () => {
  const handler: Handler = async (_request, context) => json(await context.bind(search));
  await using server = serverWith(handler, { method: "POST" });
  const body = new FormData();
  body.append("tags", "m");
  body.append("page", "4");
  const response = await ask(server, "/", { method: "POST", body });
  assertEquals(await response.json(), { tags: ["m"], page: 4 });
});

Deno.test("Context.bind() refuses more form values than a form has", async () => {
  const handler: Handler = async (_request, context) => json(await context.bind(search));
  await using server = serverWith(handler);
  const response = await ask(server, "/?" + "tags=a&".repeat(2049));
  assertEquals(response.status, 400);
  assertMatch((await response.json()).detail, /more than 2048 values/);
});

Deno.test("Server refuses a configuration and names each key", () => {
  const error = assertThrows(
    () => new Server({ Name: "x", Port: 70_000, Log: { Level: "loud" as "info" } }),
    ValidationError,
  );
  assertEquals(error.issues.map(({ path }) => path).sort(), ["Log.Level", "Port"]);
});

Deno.test("Server.start() says what holds the address and how to go on", async () => {
  await using first = serverWith(() => json(1));
  await first.start();
  await using second = new Server({ Name: "b", Host: "127.0.0.1", Port: first.address.port }, {
    log: new MemoryLog(),
  });
  await assertRejects(() => second.start(), Error, "the address is in use; stop the program");
});

Deno.test("Server.start() says which TLS file is missing", async () => {
  const config = { Name: "tls", Port: 0, CertFile: "/no/such.pem", KeyFile: "/no/key.pem" };
  await using server = new Server(config, { log: new MemoryLog() });
  await assertRejects(() => server.start(), Error, 'CertFile "/no/such.pem" cannot be read');
});

Deno.test("Server tells its readiness at /healthz and stops telling with stop()", async () => {
  const server = serverWith(() => json(1));
  assertEquals((await ask(server, "/healthz")).status, 503);
  await server.start();
  assertEquals(await (await ask(server, "/healthz")).text(), "OK");
  server.markNotReady();
  const response = await ask(server, "/healthz");
  assertEquals(response.status, 503);
  assertMatch(await response.text(), /is not ready/);
  await server.stop();
  await server.finished;
});

for (
  const [method, path, seen] of [
    ["GET", "/files/a/b", "longer GET /b"],
    ["DELETE", "/files/x", "files DELETE /x"],
    ["GET", "/files", "files GET /"],
    ["GET", "/files/own", "route"],
    ["POST", "/files/own", "files POST /own"],
    ["GET", "/filesystem", "404"],
    ["GET", "/", "404"],
  ] as const
) {
  Deno.test(`Server.mount() and routes share ${method} ${path}: ${seen}`, async () => {
    await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog() });
    const app = (name: string) => (request: Request) =>
      new Response(`${name} ${request.method} ${new URL(request.url).pathname}`);
    server.mount("/files", app("files")).mount("/files/a", app("longer"));
    server.get("/files/own", () => new Response("route"));
    const response = await server.fetch(new Request(`http://localhost${path}`, { method }));
    const text = await response.text();
    assertEquals(response.status === 404 ? "404" : text, seen);
  });
}

Deno.test("Server.handle() goes through the chain, with its own options", async () => {
  const clock = new FakeClock();
  await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog(), clock });
  server.handle("/all", () => new Promise<Response>(() => {}), { timeoutMs: 10 });
  const answer = server.fetch(new Request("http://localhost/all/of/it"));
  await clock.advance(30);
  const response = await answer;
  assertEquals([response.status, (await response.json()).code], [504, "deadline_exceeded"]);
  assertThrows(() => server.handle("/all", () => json(1)), TypeError);
  assertThrows(() => server.mount("all", () => json(1)), SyntaxError);
});

Deno.test("Server takes a configuration that was read from a file, spans and all", async () => {
  const text = "Name: t\nPort: 0\nShutdown:\n  WaitTime: 10s\nSignature:\n  PrivateKeys: []\n";
  const config = parseConfig(restConfig, text, "yaml");
  await using server = new Server(config, { log: new MemoryLog() });
  assertEquals(server.config.Shutdown, { WrapUpTime: 1000, WaitTime: 10_000 });
  assertEquals(server.config.Signature?.Expiry, 3_600_000);
});
