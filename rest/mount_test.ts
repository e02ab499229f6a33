import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../core/testing/fake_clock.ts";
import { MemoryLog } from "../core/testing/memory_log.ts";
import { type FetchHandler, mounted, MountTable } from "./mount.ts";
import { Server } from "./server.ts";

const show: FetchHandler = async (request) =>
  Response.json([
    request.method,
    new URL(request.url).pathname,
    new URL(request.url).search,
    request.headers.get("x-a"),
    await request.text(),
  ]);

async function ask(
  prefix: string,
  path: string,
  init: RequestInit = {},
  app = show,
): Promise<Response> {
  const options = { log: new MemoryLog(), notFound: mounted(prefix, app) };
  await using server = new Server({ Name: "test", Port: 0 }, options);
  return await server.fetch(new Request("http://localhost" + path, init));
}

const paths: [prefix: string, path: string, seen: string][] = [
  ["/app", "/app", "/"],
  ["/app", "/app/", "/"],
  ["/app/", "/app/users/7", "/users/7"],
  ["/app", "/app/users/", "/users/"],
  ["/app", "/app//users/../me", "/me"],
  ["/app", "/app/a%2Fb/c%25d/%C3%BC%3F", "/a%2Fb/c%25d/%C3%BC%3F"],
  ["/", "/users/7", "/users/7"],
  ["/a/b", "/a/b/c", "/c"],
];

for (const [prefix, path, seen] of paths) {
  Deno.test(`mounted() at ${prefix} shows ${path} as ${seen}`, async () => {
    const [method, pathname, search] = await (await ask(prefix, path + "?x=1&y=")).json();
    assertEquals([method, pathname, search], ["GET", seen, "?x=1&y="]);
  });
}

Deno.test("mounted() passes on method, headers and body", async () => {
  const init = { method: "POST", headers: { "x-a": "b" }, body: "hello" };
  assertEquals(await (await ask("/app", "/app/x", init)).json(), ["POST", "/x", "", "b", "hello"]);
});

Deno.test("mounted() aborts the request's signal when the time is up", async () => {
  const clock = new FakeClock();
  const aborted = Promise.withResolvers<void>();
  const app: FetchHandler = (request) =>
    new Promise(() => request.signal.addEventListener("abort", () => aborted.resolve()));
  const options = { clock, log: new MemoryLog(), notFound: mounted("/app", app) };
  await using server = new Server({ Name: "test", Port: 0 }, options);
  const asked = server.fetch(new Request("http://localhost/app"));
  await clock.advance(3_020);
  await aborted.promise;
  const response = await asked;
  assertEquals(response.status, 504);
  await response.body?.cancel();
});

Deno.test("mounted() hands over the very request if it is not to strip", async () => {
  let seen: Request | undefined;
  const app: FetchHandler = (request) => new Response(String((seen = request).url));
  const options = { log: new MemoryLog(), notFound: mounted("/app", app, { strip: false }) };
  await using server = new Server({ Name: "test", Port: 0 }, options);
  const request = new Request("http://localhost/app/x");
  assertEquals(await (await server.fetch(request)).text(), request.url);
  assertEquals(seen, request);
});

Deno.test("mounted() says how to pass on websockets", async () => {
  const response = await ask("/app", "/app", { headers: { upgrade: "websocket" } });
  assertEquals(response.status, 501);
  assertEquals(
    (await response.json()).detail,
    "Cannot open websocket: mount at /app with strip: false to pass it on",
  );
});

Deno.test("mounted() mounts one server in another", async () => {
  await using inner = new Server({ Name: "inner", Port: 0 }, { log: new MemoryLog() });
  inner.get("/users/:id", (_request, context) => Response.json(context.params));
  const response = await ask("/v1", "/v1/users/7", {}, (request) => inner.fetch(request));
  assertEquals(await response.json(), { id: "7" });
});

const finds: [path: string, value: string | undefined][] = [
  ["/app", "app"],
  ["/app/x", "app"],
  ["/app/admin", "admin"],
  ["/app/admin/x/y", "admin"],
  ["/app/administration", "app"],
  ["/application", "root"],
  ["/", "root"],
];

for (const [path, value] of finds) {
  Deno.test(`MountTable finds ${value} at ${path}`, () => {
    const table = new MountTable<string>();
    assertEquals(table.find(path), undefined);
    assertEquals([
      table.add("/app/", "app"),
      table.add("/", "root"),
      table.add("/app//admin", "admin"),
    ], ["/app", "", "/app/admin"]);
    assertEquals(table.find(path), value);
  });
}

Deno.test("MountTable refuses a prefix without a slash, and one that is taken", () => {
  const table = new MountTable<string>();
  assertThrows(() => table.add("app", "x"), SyntaxError, 'must begin with "/"');
  table.add("/app", "x");
  assertThrows(() => table.add("/app/", "y"), TypeError, "mounted there already");
});
