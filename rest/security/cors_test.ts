import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { Server } from "../server.ts";
import { cors, type CorsOptions } from "./cors.ts";

const ALLOW = "access-control-allow-origin";
const CREDENTIALS = "access-control-allow-credentials";

async function ask(
  options: CorsOptions,
  init: RequestInit & { path?: string },
): Promise<Response> {
  const around = { log: new MemoryLog(), cors: cors(options) };
  await using server = new Server({ Name: "test", Port: 0 }, around);
  server.get("/", () => new Response("hi", { headers: { vary: "Accept" } }));
  server.addRoutes([{ method: "OPTIONS", path: "/own", handler: () => new Response("own") }]);
  return await server.fetch(new Request(`http://api.local${init.path ?? "/"}`, init));
}

/** Origins, `Origin`, and what comes of it. What go-zero does otherwise is said beside it. */
const grants: [
  origins: string[] | undefined,
  origin: string | undefined,
  allowed: string | null,
  credentials: string | null,
][] = [
  [undefined, "http://local", "*", null],
  [undefined, undefined, "*", null],
  [[], "http://local", "*", null],
  [["http://local"], "http://local", "http://local", "true"],
  [["http://local"], "HTTP://LOCAL", "HTTP://LOCAL", "true"],
  [["http://local"], "http://sub.local", null, null],
  [["http://local"], "http://local:8080", null, null],
  [["http://local"], "https://local", null, null],
  [["http://local"], undefined, null, null],
  [["http://local/"], "http://local", "http://local", "true"],
  [["local"], "http://sub.local", "http://sub.local", "true"],
  [["local"], "http://a.b.local", "http://a.b.local", "true"],
  [["local:81"], "http://sub.local:81", "http://sub.local:81", "true"],
  [["local"], "http://sub.local:81", null, null],
  [["safe.com"], "https://not-safe.com", null, null],
  [["safe.com"], "https://safe.com", "https://safe.com", "true"], // go-zero: nothing
  [["safe.com"], "https://safe.com.evil.example", null, null],
  [["safe.com"], "https://evil.example/.safe.com", null, null],
  [["safe.com"], "https://evil.example?.safe.com", null, null],
  [["safe.com"], "https://evil.example#.safe.com", null, null],
  [["safe.com"], "https://evil.example\\.safe.com", null, null],
  [["safe.com"], "https://user@x.safe.com", null, null],
  [["safe.com"], "safe.com", null, null],
  [["safe.com"], ".safe.com", null, null],
  [["http://a", "http://b", "*"], "http://another", "*", null], // go-zero: echoed, credentials
  [["http://a", "http://b", "*"], "http://a", "http://a", "true"],
  [["*"], undefined, "*", null], // go-zero: empty, credentials
  [["*"], "null", "*", null],
  [["http://local"], "null", null, null],
  [["null"], "null", "null", "true"],
];

for (const [origins, origin, allowed, credentials] of grants) {
  const what = `${JSON.stringify(origins)} to ${origin ?? "no origin"}`;
  Deno.test(`cors() grants ${allowed} with credentials ${credentials} for ${what}`, async () => {
    const headers: HeadersInit = origin === undefined ? {} : { origin };
    for (const method of ["GET", "OPTIONS"]) {
      const response = await ask({ ...origins && { origins } }, { method, headers });
      assertEquals(response.status, method === "GET" ? 200 : 204);
      assertEquals(response.headers.get(ALLOW), allowed);
      assertEquals(response.headers.get(CREDENTIALS), credentials);
      assertEquals(await response.text(), method === "GET" ? "hi" : "");
      const expected = method === "GET"
        ? "Accept, Origin"
        : "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
      assertEquals(response.headers.get("vary"), expected);
    }
  });
}

Deno.test("cors() answers preflights of paths that do not exist, with one list of headers", async () => {
  const options = { origins: ["http://a"], headers: ["X-Own", "token"], exposeHeaders: ["ETag"] };
  const headers = { "origin": "http://a", "access-control-request-method": "PUT" };
  const { status, headers: got } = await ask(options, { method: "OPTIONS", path: "/no", headers });
  assertEquals(status, 204);
  assertEquals(got.get("access-control-allow-methods"), "GET, HEAD, POST, PATCH, PUT, DELETE");
  assertEquals(
    got.get("access-control-allow-headers"),
    "Content-Type, Origin, X-CSRF-Token, Authorization, AccessToken, Token, Range, X-Own",
  );
  assertEquals(got.get("access-control-max-age"), "86400");
  const actual = await ask(options, { headers });
  assertEquals(
    actual.headers.get("access-control-expose-headers"),
    "Content-Length, Access-Control-Allow-Origin, Access-Control-Allow-Headers, ETag",
  );
  await actual.body?.cancel();
});

Deno.test("cors() leaves 404 and 405 as they are, with its headers", async () => {
  const headers = { origin: "http://a" };
  for (const [method, path, status] of [["POST", "/", 405], ["GET", "/no", 404]] as const) {
    const response = await ask({}, { method, path, headers });
    assertEquals([response.status, response.headers.get(ALLOW)], [status, "*"]);
    if (status === 405) assertEquals(response.headers.get("allow"), "GET, HEAD");
    await response.body?.cancel();
  }
});

Deno.test("cors() leaves other OPTIONS requests to their routes where it is told so", async () => {
  const options = { preflightOnly: true };
  const own = await ask(options, { method: "OPTIONS", path: "/own" });
  assertEquals(await own.text(), "own");
  const headers = { "origin": "http://a", "access-control-request-method": "PUT" };
  assertEquals((await ask(options, { method: "OPTIONS", path: "/own", headers })).status, 204);
});

Deno.test("cors() asks a function, and takes its error for a no", async () => {
  const headers = { origin: "http://a" };
  for (
    const [origins, allowed] of [
      [() => true, "http://a"],
      [() => false, null],
      [() => {
        throw new Error("down");
      }, null],
    ] as const
  ) {
    const response = await ask({ origins }, { headers });
    assertEquals([response.status, response.headers.get(ALLOW)], [200, allowed]);
    await response.body?.cancel();
  }
});

Deno.test("cors() adds no credentials where it is told so", async () => {
  const headers = { origin: "http://a" };
  const response = await ask({ origins: ["http://a"], credentials: false }, { headers });
  assertEquals([response.headers.get(ALLOW), response.headers.get(CREDENTIALS)], [
    "http://a",
    null,
  ]);
  await response.body?.cancel();
});

Deno.test("cors() copies an answer whose headers cannot be changed", async () => {
  const answer = cors()(() => Response.redirect("http://b/", 302));
  const response = await answer(new Request("http://a/"), undefined);
  assertEquals([response.status, response.headers.get("location")], [302, "http://b/"]);
  assertEquals(response.headers.get(ALLOW), "*");
});

Deno.test("cors() keeps Vary: *", async () => {
  const answer = cors()(() => new Response(null, { headers: { vary: "*" } }));
  assertEquals((await answer(new Request("http://a/"), undefined)).headers.get("vary"), "*");
});

const faults: [options: CorsOptions, error: typeof SyntaxError | typeof RangeError][] = [
  [{ origins: ["https://a/b"] }, SyntaxError],
  [{ origins: ["*.example.com"] }, SyntaxError],
  [{ origins: ["a b"] }, SyntaxError],
  [{ origins: [""] }, SyntaxError],
  [{ methods: ["GET\r\nX: y"] }, SyntaxError],
  [{ headers: ["a, b"] }, SyntaxError],
  [{ maxAgeSeconds: -1 }, RangeError],
];

for (const [options, error] of faults) {
  Deno.test(`cors() refuses ${JSON.stringify(options)}`, () => {
    assert(assertThrows(() => cors(options), error).message.startsWith("Cannot allow "));
  });
}
