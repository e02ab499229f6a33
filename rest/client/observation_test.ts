import { assert, assertEquals, assertMatch } from "@std/assert";
import { renderText } from "../../core/metric/exposition.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { useTracer, withSpan } from "../../core/trace/active_tracer.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import { HttpClient } from "./http_client.ts";
import type { HttpClientOptions } from "./options.ts";
import type { Fetch } from "./transport.ts";

function watched(fetch: Fetch, options: Partial<HttpClientOptions> = {}) {
  const log = new MemoryLog();
  const metrics = new MetricRegistry();
  const client = new HttpClient({
    baseUrl: "http://users.test:8080",
    service: "users",
    log,
    metrics,
    fetch,
    retry: { baseMs: 0 },
    ...options,
  });
  return { client, log, metrics };
}

Deno.test("HttpClient makes a span for each attempt, and sends it along", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder, httpConventions: "current" }));
  const parents: (string | null)[] = [];
  const { client } = watched((_url, { headers }) => {
    parents.push(new Headers(headers).get("traceparent"));
    return Promise.resolve(new Response(null, { status: parents.length === 1 ? 503 : 200 }));
  });
  await using _ = client;
  await withSpan(
    "work",
    () => client.get("/users/:id", { params: { id: 7 }, query: { token: "secret" } }),
  );
  assertEquals(recorder.names, ["GET /users/:id", "GET /users/:id", "work"]);
  const [first, second, work] = recorder.spans;
  assertEquals(Object.fromEntries(first!.attributes), {
    "http.request.method": "GET",
    "url.full": "http://users.test:8080/users/7",
    "url.template": "/users/:id",
    "server.address": "users.test",
    "server.port": 8080,
    "network.protocol.version": "1.1",
    "http.response.status_code": 503,
    "error.type": "503",
  });
  assertEquals([first?.kind, first?.status.code, second?.status.code], [
    "client",
    "error",
    "unset",
  ]);
  assertEquals(second?.attributes.get("http.request.resend_count"), 1);
  assertEquals(second?.context.traceId, work?.context.traceId);
  const expected = [first, second].map((span) =>
    `00-${span?.context.traceId}-${span?.context.spanId}-01`
  );
  assertEquals(parents, expected);
});

Deno.test("HttpClient notes in the span what went wrong, without the URL's secrets", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder, httpConventions: "current" }));
  const { client } = watched(() => Promise.reject(new TypeError("fetch failed")), { retry: false });
  await using _ = client;
  await client.get("/x?token=secret").catch(() => {});
  const span = recorder.span("GET /x");
  assertEquals([span.attributes.get("error.type"), span.status.code], ["NetworkError", "error"]);
  assertEquals(span.events.map(({ name }) => name), ["exception"]);
  assert(!Deno.inspect(span, { depth: 9 }).includes("secret"));
});

Deno.test("HttpClient sends nothing of deadline and trace to those it must not tell", async () => {
  using _tracing = useTracer(createTracer({ processor: new SpanRecorder() }));
  let names: string[] = [];
  const { client } = watched((_url, { headers }) => {
    names = [...new Headers(headers).keys()];
    return Promise.resolve(new Response());
  }, { propagate: false });
  await using _ = client;
  await client.get("/x");
  assertEquals(names, []);
});

Deno.test("HttpClient counts attempts by callee, method, pattern and status", async () => {
  const outcomes: (() => Promise<Response>)[] = [
    () => Promise.resolve(new Response()),
    () => Promise.resolve(new Response(null, { status: 404 })),
    () => Promise.reject(new TypeError("fetch failed")),
    () => Promise.reject(new DOMException("not needed", "AbortError")),
  ];
  let next = 0;
  const { client, metrics } = watched(() => outcomes[next++]!(), { retry: false });
  await using _ = client;
  for (const _ of outcomes) {
    await client.get("/users/:id", { params: { id: next } }).catch(() => {});
  }
  const text = renderText(metrics.snapshot());
  for (const code of [200, 404, 503, 499]) {
    const labels = `name="users",method="GET",url="/users/:id",code="${code}"`;
    assert(text.includes(`httpc_client_requests_code_total{${labels}} 1`), text);
  }
  assertMatch(text, /httpc_client_requests_duration_ms_count\{[^}]*\} 4/);
});

Deno.test("HttpClient writes a line for each attempt, without query", async () => {
  let status = 200;
  const { client, log } = watched(
    () =>
      status === 0
        ? Promise.reject(new TypeError("fetch failed"))
        : Promise.resolve(new Response(null, { status })),
    { retry: false },
  );
  await using _ = client;
  for (status of [200, 404, 0]) await client.get("/x?token=secret").catch(() => {});
  assertEquals(log.contents("info"), ["[HTTP] 200 - GET http://users.test:8080/x"]);
  assertEquals(log.contents("error"), [
    "[HTTP] 404 - GET http://users.test:8080/x",
    '[HTTP] GET http://users.test:8080/x - Cannot GET "/x" of users: the connection failed',
  ]);
  assert(log.lines.every((line) => line.includes('"duration"') && !line.includes("secret")));
});
