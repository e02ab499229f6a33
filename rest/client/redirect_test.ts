import { assertEquals, assertRejects } from "@std/assert";
import { BadResponseError } from "./errors.ts";
import { HttpClient } from "./http_client.ts";
import type { HttpClientOptions } from "./options.ts";

/** A client for which `hops` says where each URL leads; what leads nowhere answers 200. */
function client(
  hops: Record<string, [status: number, to: string]>,
  options: Partial<HttpClientOptions> = {},
) {
  const seen: { url: string; method: string; headers: Headers; body: unknown }[] = [];
  const http = new HttpClient({
    baseUrl: "https://a.test",
    metrics: false,
    headers: { authorization: "Bearer secret", "x-api-key": "secret", accept: "text/plain" },
    fetch: (url, { method = "GET", headers, body }) => {
      seen.push({ url, method, headers: new Headers(headers), body });
      const hop = hops[url];
      return Promise.resolve(
        hop
          ? new Response(null, { status: hop[0], headers: { location: hop[1] } })
          : new Response("ok"),
      );
    },
    ...options,
  });
  return { http, seen };
}

const methods: { status: number; method: "post" | "put"; then: string; keepsBody: boolean }[] = [
  { status: 301, method: "post", then: "GET", keepsBody: false },
  { status: 302, method: "post", then: "GET", keepsBody: false },
  { status: 303, method: "put", then: "GET", keepsBody: false },
  { status: 301, method: "put", then: "PUT", keepsBody: true },
  { status: 307, method: "post", then: "POST", keepsBody: true },
  { status: 308, method: "post", then: "POST", keepsBody: true },
];
for (const { status, method, then, keepsBody } of methods) {
  Deno.test(`HttpClient.${method}() follows ${status} with ${then}`, async () => {
    const { http, seen } = client({ "https://a.test/x": [status, "/y"] });
    await using _ = http;
    await http[method]("/x", { json: 1 });
    assertEquals(seen.map(({ url }) => url), ["https://a.test/x", "https://a.test/y"]);
    assertEquals([seen[1]?.method, seen[1]?.body], [then, keepsBody ? "1" : undefined]);
    assertEquals(seen[1]?.headers.has("content-type"), keepsBody);
    assertEquals(seen[1]?.headers.get("authorization"), "Bearer secret");
  });
}

Deno.test("HttpClient.get() sends no credentials to another origin, and none in the URL", async () => {
  const { http, seen } = client({ "https://a.test/x": [302, "https://u:p@b.test/y"] });
  await using _ = http;
  await http.get("/x");
  assertEquals(seen[1]?.url, "https://b.test/y");
  assertEquals([...seen[1]?.headers.keys() ?? []].sort(), ["accept"]);
});

const refused: {
  name: string;
  hop: [number, string];
  text: string;
  options?: Partial<HttpClientOptions>;
}[] = [
  { name: "from https to http", hop: [302, "http://a.test/y"], text: "from https to http" },
  { name: "to another scheme", hop: [302, "file:///etc/passwd"], text: "no HTTP URL" },
  { name: "to nowhere", hop: [302, "https://"], text: "no HTTP URL" },
  {
    name: "of a body to another origin",
    hop: [307, "https://b.test/"],
    text: "with a body to another",
  },
  {
    name: "when told not to",
    hop: [302, "/y"],
    text: "redirects with 302",
    options: { redirect: "error" },
  },
  {
    name: "past the limit",
    hop: [307, "/x"],
    text: "more than 3 times",
    options: { maxRedirects: 3 },
  },
];
for (const { name, hop, text, options } of refused) {
  Deno.test(`HttpClient.post() follows no redirect ${name}`, async () => {
    const { http } = client({ "https://a.test/x": hop }, options);
    await using _ = http;
    await assertRejects(() => http.post("/x", { json: 1 }), BadResponseError, text);
  });
}

Deno.test("HttpClient.get() ends a loop of redirects after ten", async () => {
  const { http, seen } = client({
    "https://a.test/x": [302, "/y"],
    "https://a.test/y": [302, "/x"],
  });
  await using _ = http;
  await assertRejects(() => http.get("/x"), BadResponseError, "more than 10 times");
  assertEquals(seen.length, 11);
});

Deno.test("HttpClient.get() answers with a redirect as it is, if told so", async () => {
  const { http, seen } = client({ "https://a.test/x": [302, "/y"] }, { redirect: "manual" });
  await using _ = http;
  const response = await http.get("/x");
  assertEquals([response.status, response.headers.get("location"), seen.length], [302, "/y", 1]);
});

Deno.test("HttpClient's interceptors do not see redirects, so what they add goes to one origin", async () => {
  const { http, seen } = client({ "https://a.test/x": [302, "https://b.test/y"] }, {
    headers: {},
    interceptors: [(request, next) => {
      request.headers.set("x-token", "secret");
      return next(request);
    }],
  });
  await using _ = http;
  await http.get("/x");
  assertEquals(seen.map(({ headers }) => headers.get("x-token")), ["secret", null]);
});
