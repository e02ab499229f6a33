import { assertEquals } from "@std/assert";
import {
  httpClientAttributes,
  httpClientStatus,
  httpClientStatusAttributes,
  httpServerAttributes,
  httpServerStatus,
  httpServerStatusAttributes,
  httpSpanName,
} from "./http_span.ts";
import { rpcSpanStart } from "./rpc_span.ts";
import type { Attributes, SpanStatus } from "./span.ts";

/** The attributes that would be set. */
function present(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

Deno.test("httpServerAttributes() of a plain GET", () => {
  const request = new Request("http://localhost:8888/users/7?full=1", {
    headers: { "user-agent": "curl/8" },
  });
  const options = { route: "/users/:id", serviceName: "users" };
  assertEquals(present(httpServerAttributes(request, options)), {
    "http.method": "GET",
    "http.target": "/users/7?full=1",
    "http.server_name": "users",
    "http.route": "/users/:id",
    "http.user_agent": "curl/8",
    "http.scheme": "http",
    "http.host": "localhost:8888",
    "http.flavor": "1.1",
  });
});

Deno.test("httpServerAttributes() of a request with a body, through a proxy", () => {
  const headers = { "content-length": "12", "x-forwarded-for": " 10.0.0.1 , 10.0.0.2" };
  const request = new Request("https://[::1]:8443/", { method: "POST", headers });
  const attributes = httpServerAttributes(request, { route: "/", flavor: "2" });
  assertEquals(present(attributes), {
    "http.method": "POST",
    "http.target": "/",
    "http.route": "/",
    "http.client_ip": "10.0.0.1",
    "http.request_content_length": 12,
    "http.scheme": "https",
    "http.host": "[::1]:8443",
    "http.flavor": "2",
  });
});

Deno.test("httpClientAttributes() shows no credentials", () => {
  const headers = new Headers({ "content-length": "2", "content-type": "application/json" });
  const request = { url: "https://joe:pass@example.com/a?b=1", method: "POST", headers };
  assertEquals(present(httpClientAttributes(request)), {
    "http.method": "POST",
    "http.url": "https://example.com/a?b=1",
    "http.request_content_length": 2,
    "http.scheme": "https",
    "http.host": "example.com",
    "http.flavor": "1.1",
  });
});

type Code = SpanStatus["code"];

const statuses: [status: number, server: Code, client: Code][] = [
  [100, "unset", "unset"],
  [200, "unset", "unset"],
  [226, "unset", "unset"],
  [300, "unset", "unset"],
  [308, "unset", "unset"],
  [400, "unset", "error"],
  [401, "unset", "error"],
  [404, "unset", "error"],
  [451, "unset", "error"],
  [500, "error", "error"],
  [503, "error", "error"],
  [511, "error", "error"],
];

for (const [status, server, client] of statuses) {
  Deno.test(`status ${status} is ${server} for a server and ${client} for a client`, () => {
    assertEquals(httpServerStatus(status), { code: server });
    assertEquals(httpClientStatus(status), { code: client });
  });
}

for (const status of [0, 99, 104, 209, 306, 309, 419, 427, 430, 499, 509, 512, 600, NaN]) {
  Deno.test(`status ${status} means nothing and is an error`, () => {
    const message = `Invalid HTTP status code ${status}`;
    assertEquals(httpServerStatus(status), { code: "error", message });
    assertEquals(httpClientStatus(status), { code: "error", message });
  });
}

const methods: [fullMethod: string, name: string, service?: string, method?: string][] = [
  ["/grpc.test.EchoService/Echo", "grpc.test.EchoService/Echo", "grpc.test.EchoService", "Echo"],
  [
    "/MyServiceWithNoPackage/theMethod",
    "MyServiceWithNoPackage/theMethod",
    "MyServiceWithNoPackage",
    "theMethod",
  ],
  ["/pkg.svr", "pkg.svr", undefined, undefined],
  ["/pkg.svr/", "pkg.svr/", "pkg.svr", undefined],
];

for (const [fullMethod, name, service, method] of methods) {
  Deno.test(`rpcSpanStart() of ${fullMethod}`, () => {
    const start = rpcSpanStart(fullMethod);
    const { "rpc.service": gotService, "rpc.method": gotMethod } = start.attributes;
    assertEquals([start.name, gotService, gotMethod], [name, service, method]);
    assertEquals(start.attributes["rpc.system"], "grpc");
  });
}

const peers: [peer: string, ip?: string, port?: string][] = [
  ["", undefined, undefined],
  [":8080", "127.0.0.1", "8080"],
  ["192.168.0.2:8080", "192.168.0.2", "8080"],
  ["[::1]:8080", "::1", "8080"],
  ["unix", undefined, undefined],
];

for (const [peer, ip, port] of peers) {
  Deno.test(`rpcSpanStart() with the peer ${JSON.stringify(peer)}`, () => {
    const { attributes } = rpcSpanStart("/a/B", peer);
    assertEquals([attributes["net.peer.ip"], attributes["net.peer.port"]], [ip, port]);
  });
}

Deno.test("httpServerAttributes() in the current names", () => {
  const request = new Request("https://shop.example:8443/orders/7?full=1", {
    method: "POST",
    headers: { "user-agent": "curl/8", "x-forwarded-for": "10.0.0.1", "content-length": "5" },
  });
  const options = { route: "/orders/:id", serviceName: "orders", conventions: "current" } as const;
  assertEquals(present(httpServerAttributes(request, options)), {
    "http.request.method": "POST",
    "url.path": "/orders/7",
    "url.query": "full=1",
    "url.scheme": "https",
    "http.route": "/orders/:id",
    "server.address": "shop.example",
    "server.port": 8443,
    "client.address": "10.0.0.1",
    "user_agent.original": "curl/8",
    "network.protocol.version": "1.1",
    "http.request.body.size": 5,
  });
});

Deno.test("httpServerAttributes() in both names is the one and the other", () => {
  const request = new Request("http://localhost/a");
  const [legacy, current, both] = (["legacy", "current", "both"] as const).map((conventions) =>
    present(httpServerAttributes(request, { route: "/a", conventions }))
  );
  assertEquals(both, { ...legacy, ...current });
});

Deno.test("httpClientAttributes() in the current names", () => {
  const request = { url: "https://joe:pass@[::1]/a?b=1", method: "GET", headers: new Headers() };
  assertEquals(present(httpClientAttributes(request, { conventions: "current", flavor: "2" })), {
    "http.request.method": "GET",
    "url.full": "https://[::1]/a?b=1",
    "server.address": "::1",
    "server.port": 443,
    "network.protocol.version": "2",
  });
});

Deno.test("httpServerAttributes() has room for few methods only", () => {
  const request = { url: "http://localhost/", method: "BREW", headers: new Headers() };
  const attributes = httpServerAttributes(request, { route: "/", conventions: "current" });
  assertEquals(attributes["http.request.method"], "_OTHER");
  assertEquals(attributes["http.request.method_original"], "BREW");
});

const spanNames = [
  ["GET", "/users/:id", "legacy", "/users/:id"],
  ["GET", "", "legacy", "GET"],
  ["GET", "/users/:id", "current", "GET /users/:id"],
  ["GET", "/users/:id", "both", "GET /users/:id"],
  ["GET", "", "current", "GET"],
  ["BREW", "/pot", "current", "HTTP /pot"],
] as const;

for (const [method, route, conventions, name] of spanNames) {
  Deno.test(`httpSpanName() of ${method} ${route} in ${conventions} names is ${name}`, () => {
    assertEquals(httpSpanName(method, route, conventions), name);
  });
}

const statusAttributes = [
  [200, "legacy", { "http.status_code": 200 }, { "http.status_code": 200 }],
  [
    404,
    "current",
    { "http.response.status_code": 404 },
    { "http.response.status_code": 404, "error.type": "404" },
  ],
  [
    503,
    "both",
    { "http.response.status_code": 503, "http.status_code": 503, "error.type": "503" },
    { "http.response.status_code": 503, "http.status_code": 503, "error.type": "503" },
  ],
] as const;

for (const [status, conventions, server, client] of statusAttributes) {
  Deno.test(`status ${status} is told to servers and clients in ${conventions} names`, () => {
    assertEquals<unknown>(present(httpServerStatusAttributes(status, conventions)), server);
    assertEquals<unknown>(present(httpClientStatusAttributes(status, conventions)), client);
  });
}
