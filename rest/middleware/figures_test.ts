import { assertEquals, assertMatch } from "@std/assert";
import { renderText } from "../../core/metric/exposition.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { currentSpan, useTracer } from "../../core/trace/active_tracer.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import { ServiceError } from "../../core/errors.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";

async function ask(server: Server, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await server.fetch(new Request(`http://localhost${path}`, init));
  await response.body?.cancel();
  return response;
}

function serverOf(metrics = new MetricRegistry(), clock = new FakeClock(), log = new MemoryLog()) {
  const config = { Name: "orders", Port: 0, TraceIgnorePaths: ["/quiet/:id"] };
  return new Server(config, { metrics, clock, log })
    .get("/orders/:id", async () => {
      await clock.sleep(30);
      return json(currentSpan().spanContext()?.traceId ?? "none");
    })
    .get("/quiet/:id", () => json(1))
    .get("/missing", () => {
      throw new ServiceError("not_found", "Cannot find order");
    })
    .get("/broken", () => Promise.reject(new Error("oops")));
}

async function answerAfter(clock: FakeClock, ms: number, answer: Promise<Response>) {
  await clock.advance(ms);
  return await answer;
}

Deno.test("prometheus() counts by route, method and status, and times", async () => {
  const metrics = new MetricRegistry();
  const clock = new FakeClock();
  await using server = serverOf(metrics, clock);
  for (const id of ["1", "2"]) await answerAfter(clock, 30, ask(server, `/orders/${id}`));
  await answerAfter(clock, 30, ask(server, "/orders/1", { method: "HEAD" }));
  await ask(server, "/missing");
  await ask(server, "/broken");
  await ask(server, "/nowhere");
  await ask(server, "/missing", { method: "BREW" });
  const text = renderText(metrics.snapshot());
  const lines = text.split("\n").filter((line) => /^http_server_requests_code_total/.test(line));
  assertEquals(lines, [
    'http_server_requests_code_total{path="/orders/:id",method="GET",code="200"} 2',
    'http_server_requests_code_total{path="/orders/:id",method="HEAD",code="200"} 1',
    'http_server_requests_code_total{path="/missing",method="GET",code="404"} 1',
    'http_server_requests_code_total{path="/broken",method="GET",code="500"} 1',
    'http_server_requests_code_total{path="",method="GET",code="404"} 1',
    'http_server_requests_code_total{path="",method="_OTHER",code="405"} 1',
  ]);
  assertMatch(text, /duration_ms_bucket\{path="\/orders\/:id",method="GET",code="200",le="25"\} 0/);
  assertMatch(text, /duration_ms_bucket\{path="\/orders\/:id",method="GET",code="200",le="50"\} 2/);
  assertMatch(text, /duration_ms_sum\{path="\/orders\/:id",method="GET",code="200"\} 60/);
});

Deno.test("requestStats() logs the figures of the minute, refusals included", async () => {
  const clock = new FakeClock();
  const log = new MemoryLog();
  await using server = serverOf(new MetricRegistry(), clock, log);
  server.get("/full", () => new Promise<Response>(() => {}), { maxConns: 1, timeoutMs: 40 });
  const full = ask(server, "/full");
  await ask(server, "/full");
  await answerAfter(clock, 50, full);
  await answerAfter(clock, 30, ask(server, "/orders/1"));
  await clock.advance(60_000);
  const line = log.contents().map(String).find((line) => line.startsWith("(orders)"));
  assertMatch(line ?? "", /^\(orders\) - qps: 0\.0\/s, drops: 1, avg time: 3\d\.\dms/);
});

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Deno.test("trace() makes a span of the caller's trace around all that the handler does", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  const clock = new FakeClock();
  await using server = serverOf(new MetricRegistry(), clock);
  const asked = server.fetch(
    new Request("http://localhost/orders/7?x=1", { headers: { traceparent: PARENT } }),
  );
  await clock.advance(30);
  assertEquals(await (await asked).json(), "4bf92f3577b34da6a3ce929d0e0e4736");
  const [span] = recorder.spans;
  assertEquals(
    [span?.name, span?.kind, span?.parent?.spanId, span?.status.code],
    ["/orders/:id", "server", "00f067aa0ba902b7", "unset"],
  );
  assertEquals(span?.attributes.get("http.route"), "/orders/:id");
  assertEquals(span?.attributes.get("http.target"), "/orders/7?x=1");
  assertEquals(span?.attributes.get("http.status_code"), 200);
});

for (
  const [path, status, code] of [
    ["/missing", 404, "unset"],
    ["/broken", 500, "error"],
    ["/nowhere", 404, "unset"],
  ] as const
) {
  Deno.test(`trace() says how ${path} ended: ${status}, ${code}`, async () => {
    const recorder = new SpanRecorder();
    using _tracing = useTracer(createTracer({ processor: recorder }));
    await using server = serverOf();
    await ask(server, path);
    const [span] = recorder.spans;
    assertEquals([span?.attributes.get("http.status_code"), span?.status.code], [status, code]);
  });
}

Deno.test("trace() gives log lines the ids of the span, and leaves ignored routes alone", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  const log = new MemoryLog();
  await using server = serverOf(new MetricRegistry(), new FakeClock(), log);
  await ask(server, "/quiet/1");
  assertEquals(recorder.spans.length, 0);
  await ask(server, "/missing", { headers: { traceparent: PARENT } });
  const { trace, span } = log.records.at(-1)!.fields as { trace?: string; span?: string };
  assertEquals([trace, span], [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    recorder.spans[0]!.context.spanId,
  ]);
});
