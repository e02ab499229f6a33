import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { array, int, string } from "../../core/schema/builders.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { object } from "../../core/schema/object.ts";
import { BadCallError, BadResponseError, HttpError } from "./errors.ts";
import { HttpClient } from "./http_client.ts";
import type { HttpClientOptions } from "./options.ts";

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A client whose network is `answer`, and the requests that came there. */
function clientWith(
  answer: (seen: Seen) => Response | Promise<Response>,
  options: Partial<HttpClientOptions> = {},
): { client: HttpClient; seen: Seen[] } {
  const seen: Seen[] = [];
  const client = new HttpClient({
    baseUrl: "http://users.test/base/",
    metrics: false,
    fetch: async (url, init) => {
      const request = {
        url,
        method: init.method ?? "GET",
        headers: new Headers(init.headers),
        body: init.body,
      };
      seen.push(request);
      return await answer(request);
    },
    ...options,
  });
  return { client, seen };
}

const node = {
  method: "POST",
  path: "/nodes/:key",
  request: object({
    key: string().in("path"),
    value: int().in("form"),
    tags: array(string()).in("form").optional(),
    header: string().in("header", "X-Header"),
    session: string().in("cookie").optional(),
    body: string(),
  }),
  response: object({ ok: int(), total: int().in("header", "x-total") }),
};

Deno.test("HttpClient.call() puts each field where its schema says, and reads header and body", async () => {
  const { client, seen } = clientWith(() =>
    Response.json({ ok: 1 }, { headers: { "x-total": "7" } })
  );
  await using _ = client;
  const value = {
    key: "foo",
    value: 10,
    header: "h",
    body: "b",
    tags: ["a", "c d"],
    session: "s;1",
  };
  assertEquals(await client.call(node, value), { ok: 1, total: 7 });
  const [request] = seen;
  assertEquals(request?.url, "http://users.test/base/nodes/foo?tags=a&tags=c+d&value=10");
  assertEquals([request?.method, request?.body], ["POST", '{"body":"b"}']);
  assertEquals(request?.headers.get("x-header"), "h");
  assertEquals(request?.headers.get("cookie"), "session=s%3B1");
  assertEquals(request?.headers.get("content-type"), "application/json");
  assertEquals(request?.headers.get("traceparent"), null);
  assertEquals(/^\d+$/.test(request?.headers.get("zeno-timeout-ms") ?? ""), true);
});

Deno.test("HttpClient.call() refuses a value that breaks its schema before anything is sent", async () => {
  const { client, seen } = clientWith(() => new Response());
  await using _ = client;
  const wrong = { key: "a", value: 1.5, header: "h", body: "b" };
  await assertRejects(() => client.call(node, wrong), ValidationError);
  assertEquals(seen, []);
});

const bodyless: { method: string; text: string }[] = [
  { method: "GET", text: "HTTP GET should not have body" },
  { method: "HEAD", text: "HTTP HEAD should not have body" },
];
for (const { method, text } of bodyless) {
  Deno.test(`HttpClient.call() refuses a body of ${method}`, async () => {
    const { client } = clientWith(() => new Response());
    await using _ = client;
    const route = { method, path: "/a", request: object({ name: string() }) };
    await assertRejects(() => client.call(route, { name: "x" }), BadCallError, text);
  });
}

for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]) {
  Deno.test(`HttpClient.call() sends a body with ${method}`, async () => {
    const { client, seen } = clientWith(() => new Response());
    await using _ = client;
    const route = { method, path: "/a", request: object({ name: string() }) };
    assertEquals(await client.call(route, { name: "x" }), undefined);
    assertEquals(seen[0]?.body, '{"name":"x"}');
  });
}

Deno.test("HttpClient.call() leaves out an empty list that the callee fills in", async () => {
  const { client, seen } = clientWith(() => new Response());
  await using _ = client;
  const request = object({
    tags: array(string()).in("form").default([]),
    ids: array(int()).default([]),
  });
  await client.call({ method: "POST", path: "/x", request }, { tags: [], ids: [] });
  assertEquals([seen[0]?.url, seen[0]?.body], ["http://users.test/base/x", '{"ids":[]}']);
});

Deno.test("HttpClient.call() adds the form to the path's own query, sorted", async () => {
  const { client, seen } = clientWith(() => new Response());
  await using _ = client;
  const route = {
    method: "GET",
    path: "/search?z=1&b=2",
    request: object({ a: string().in("form") }),
  };
  await client.call(route, { a: "x&y" });
  assertEquals(seen[0]?.url, "http://users.test/base/search?a=x%26y&b=2&z=1");
});

Deno.test("HttpClient.call() makes an error of a problem, with its code, details and Retry-After", async () => {
  const body = JSON.stringify({
    type: "about:blank",
    status: 409,
    code: "failed_precondition",
    detail: "Cannot ship: not paid",
    order: 7,
  });
  const { client } = clientWith(() =>
    new Response(body, {
      status: 409,
      headers: { "content-type": "application/problem+json", "retry-after": "3" },
    })
  );
  await using _ = client;
  const route = { method: "POST", path: "/ship" };
  const error = await assertRejects(() => client.call(route, undefined), HttpError);
  assertEquals(
    error.message,
    'Cannot POST "/ship" of users.test: it answered 409: Cannot ship: not paid',
  );
  assertEquals([error.code, error.status, error.retryAfterMs], ["failed_precondition", 409, 3_000]);
  assertEquals(error.details, { order: 7 });
  assertEquals(error.body, body);
  assertEquals(JSON.stringify(error).includes("order"), true);
  assertEquals(Object.keys(error).includes("body"), false);
});

const answers: { name: string; response: () => Response; text: string }[] = [
  {
    name: "broken JSON",
    response: () => new Response("{", { headers: { "content-type": "application/json" } }),
    text: "its answer is not valid JSON",
  },
  {
    name: "a missing field",
    response: () => Response.json({}, { headers: { "x-total": "1" } }),
    text: 'its answer does not fit: field "ok" is not set',
  },
  {
    name: "a missing header",
    response: () => Response.json({ ok: 1 }),
    text: 'its answer does not fit: field "x-total" is not set',
  },
  {
    name: "another type of body, which counts as an empty object",
    response: () => new Response("ok", { headers: { "x-total": "1" } }),
    text: 'its answer does not fit: field "ok" is not set',
  },
];
for (const { name, response, text } of answers) {
  Deno.test(`HttpClient.call() blames the callee for ${name}, and does not call again`, async () => {
    const { client, seen } = clientWith(response);
    await using _ = client;
    const route = { method: "GET", path: "/x", response: node.response };
    const error = await assertRejects(() => client.call(route, undefined), BadResponseError, text);
    assertEquals([error.code, error.httpStatus], ["internal", 502]);
    assertEquals(seen.length, 1);
  });
}

Deno.test("HttpClient.get() fills variables, repeats lists, and leaves undefined out", async () => {
  const { client, seen } = clientWith(() => new Response("hi"));
  await using _ = client;
  const response = await client.get("/users/:id", {
    params: { id: "a/b" },
    query: { tag: ["x", "y"], none: undefined, n: 1n },
    headers: { accept: "text/plain" },
  });
  assertEquals(await response.text(), "hi");
  assertEquals(seen[0]?.url, "http://users.test/base/users/a%2Fb?n=1&tag=x&tag=y");
  assertEquals(seen[0]?.headers.get("accept"), "text/plain");
});

Deno.test("HttpClient.post() sends JSON with bigints, or a body as it is, but not both", async () => {
  const { client, seen } = clientWith(() => new Response(null, { status: 204 }));
  await using _ = client;
  const response = await client.post("/a", { json: { id: 9007199254740993n } });
  assertEquals([response.status, seen[0]?.body], [204, '{"id":9007199254740993}']);
  await client.put("/a", { body: "raw", headers: { "content-type": "text/plain" } });
  assertEquals(seen[1]?.body, "raw");
  await assertRejects(() => client.patch("/a", { json: 1, body: "x" }), BadCallError, "both");
});

Deno.test("HttpClient.get() answers with any status that acceptStatus takes", async () => {
  const { client } = clientWith(() => new Response("gone", { status: 410 }));
  await using _ = client;
  const response = await client.get("/a", { acceptStatus: () => true });
  assertEquals([response.status, await response.text()], [410, "gone"]);
  await assertRejects(() => client.get("/a"), HttpError);
});

Deno.test("HttpClient sends common headers, and those of the call win", async () => {
  let token = 0;
  const headers = () => ({ authorization: `Bearer ${++token}`, "x-app": "orders" });
  const { client, seen } = clientWith(() => new Response(), { headers });
  await using _ = client;
  await client.get("/a");
  await client.get("/a", { headers: { "x-app": "own" } });
  assertEquals(seen.map((each) => each.headers.get("authorization")), ["Bearer 1", "Bearer 2"]);
  assertEquals(seen.map((each) => each.headers.get("x-app")), ["orders", "own"]);
});

Deno.test("HttpClient runs interceptors in order, around each attempt, and they may answer themselves", async () => {
  const steps: string[] = [];
  const { client, seen } = clientWith(() => new Response("far"), {
    interceptors: [
      async (request, next) => {
        steps.push(`in ${request.method} ${request.route} ${request.attempt}`);
        const response = await next(request);
        steps.push("out");
        return response;
      },
      (request, next) => {
        request.headers.set("x-signed", "1");
        if (request.route === "/own") return Promise.resolve(new Response("near"));
        return next({ ...request, url: `${request.url}?signed` });
      },
    ],
  });
  await using _ = client;
  assertEquals(await (await client.get("/far")).text(), "far");
  assertEquals(await (await client.get("/own")).text(), "near");
  assertEquals(steps, ["in GET /far 1", "out", "in GET /own 1", "out"]);
  assertEquals(seen.map((each) => each.url), ["http://users.test/base/far?signed"]);
  assertEquals(seen[0]?.headers.get("x-signed"), "1");
});

const wrongOptions: {
  name: string;
  options: HttpClientOptions;
  error: typeof Error;
  text: string;
}[] = [
  { name: "no place", options: {}, error: TypeError, text: "either baseUrl or target" },
  { name: "a relative URL", options: { baseUrl: "/a" }, error: SyntaxError, text: "whole http" },
  {
    name: "another scheme",
    options: { baseUrl: "ftp://a" },
    error: SyntaxError,
    text: "whole http",
  },
  { name: "a password", options: { baseUrl: "http://u:p@a" }, error: SyntaxError, text: "a user" },
  {
    name: "no time",
    options: { baseUrl: "http://a", timeoutMs: 0 },
    error: RangeError,
    text: "timeoutMs > 0, got 0",
  },
  {
    name: "no bytes",
    options: { baseUrl: "http://a", maxResponseBytes: 0 },
    error: RangeError,
    text: "maxResponseBytes > 0",
  },
  {
    name: "no attempts",
    options: { baseUrl: "http://a", retry: { attempts: 0 } },
    error: RangeError,
    text: "retry.attempts >= 1",
  },
  {
    name: "half a redirect",
    options: { baseUrl: "http://a", maxRedirects: 0.5 },
    error: RangeError,
    text: "maxRedirects >= 0",
  },
  {
    name: "half a connection",
    options: { baseUrl: "http://a", pool: { maxIdlePerHost: 0.5 } },
    error: RangeError,
    text: "maxIdlePerHost >= 0",
  },
];
for (const { name, options, error, text } of wrongOptions) {
  Deno.test(`HttpClient() refuses ${name}`, () => {
    assertThrows(() => new HttpClient(options), error, text);
  });
}

/** A network that never answers, but ends when told to. */
function silentFetch(_url: string, { signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

Deno.test("HttpClient can be closed twice, refuses calls then, and ends those in flight", async () => {
  const baseUrl = "http://users.test";
  const client = new HttpClient({ baseUrl, metrics: false, fetch: silentFetch });
  const outcome = assertRejects(() => client.get("/a"), ServiceError, "the client was closed");
  await Promise.resolve(); // Until the request is on its way.
  await client[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  assertInstanceOf(await outcome, ServiceError);
  await assertRejects(() => client.get("/a"), TypeError, "the client was closed");
  await assertRejects(() => client.call({ method: "GET", path: "/" }, undefined), TypeError);
});
