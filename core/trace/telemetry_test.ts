import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { TelemetryBatcher, TelemetryConfig } from "../service/sections.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { assertOtlpRequest, type CheckedSpan } from "./_otlp_check_test.ts";
import { activeTracer, spanContext, withSpan } from "./active_tracer.ts";
import { noopTracer } from "./noop_tracer.ts";
import { createExporter } from "./create_exporter.ts";
import type { OtlpTraceRequest } from "./otlp_json.ts";
import { startTelemetry } from "./telemetry.ts";

/** A collector: reads what is posted to it, strictly, and answers as told. */
function startCollector(statuses: number[] = []) {
  const spans: CheckedSpan[] = [];
  const faults: unknown[] = [];
  const requests: { path: string; headers: Headers; status: number }[] = [];
  const handler = async (request: Request) => {
    const status = statuses.shift() ?? 200;
    requests.push({ path: new URL(request.url).pathname, headers: request.headers, status });
    const body: unknown = await request.json();
    if (status !== 200) return new Response(null, { status });
    try {
      spans.push(...assertOtlpRequest(body));
    } catch (error) {
      faults.push(error);
    }
    return Response.json({ partialSuccess: {} });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return {
    spans,
    faults,
    requests,
    address: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const names = (spans: readonly CheckedSpan[]) => spans.map(({ name }) => name);

Deno.test("startTelemetry() sends spans to a collector over HTTP", async () => {
  await using collector = startCollector();
  const log = new MemoryLog();
  const config: Partial<TelemetryConfig> = {
    Endpoint: collector.address,
    Batcher: "otlphttp",
    OtlpHeaders: { "x-key": "k" },
  };
  {
    await using telemetry = await startTelemetry(config, { serviceName: "orders", logger: log });
    assertEquals(telemetry.exporting, true);
    withSpan("outer", () => withSpan("inner", () => {}));
    await telemetry.flush();
    assertEquals(telemetry.stats, { exported: 2, failed: 0, dropped: 0, queued: 0 });
    withSpan("at the end", () => {});
  }
  assertEquals(collector.faults, []);
  assertEquals(names(collector.spans), ["inner", "outer", "at the end"]);
  const [inner, outer] = collector.spans;
  assertEquals([inner?.parentSpanId, inner?.traceId], [outer?.spanId, outer?.traceId]);
  assertEquals(outer?.service, "orders");
  const [request] = collector.requests;
  assertEquals([request?.path, request?.headers.get("x-key")], ["/v1/traces", "k"]);
  assertEquals([log.records, activeTracer()], [[], noopTracer]);
});

Deno.test("startTelemetry() sends spans again while the collector is busy", async () => {
  await using collector = startCollector([503, 429]);
  const options = { serviceName: "orders", random: () => 0 };
  const config = { Endpoint: `http://${collector.address}`, Batcher: "otlphttp" } as const;
  await using telemetry = await startTelemetry(config, options);
  withSpan("s", () => {});
  await telemetry.flush();
  assertEquals(collector.requests.map(({ status }) => status), [503, 429, 200]);
  assertEquals(names(collector.spans), ["s"]);
});

Deno.test("startTelemetry() tells the log, and nobody else, that the collector is gone", async () => {
  const log = new MemoryLog();
  const clock = new FakeClock({ autoAdvance: true });
  const fetch = () => Promise.reject(new TypeError("connection refused"));
  const config = { Endpoint: "collector:4318", Batcher: "otlphttp" } as const;
  const options = { serviceName: "orders", logger: log, clock, fetch, random: () => 0 };
  await using telemetry = await startTelemetry(config, options);
  for (let index = 0; index < 3; index++) {
    assertEquals(withSpan("s", () => "done"), "done");
    await telemetry.flush();
  }
  assertEquals(log.contents("error"), [
    "[otel] error: Cannot post to http://collector:4318/v1/traces: connection refused",
  ]);
  assertEquals(telemetry.stats.failed, 3);
});

Deno.test("startTelemetry() without a section makes ids and keeps only what the caller keeps", async () => {
  await using telemetry = await startTelemetry(undefined, { serviceName: "orders" });
  assertEquals(telemetry.exporting, false);
  const ids = withSpan("s", (span) => {
    assertEquals(span.isRecording(), false);
    return spanContext();
  });
  assertMatch(ids!.traceId, /^[0-9a-f]{32}$/);
  assertEquals(ids!.sampled, false);
  const parent = { ...ids!, sampled: true };
  assertEquals(withSpan("s", (span) => span.isRecording(), { parent }), true);
});

Deno.test("startTelemetry() that is disabled traces nothing, and leaves room for another", async () => {
  const options = { serviceName: "orders" };
  await using off = await startTelemetry({ Disabled: true, Endpoint: "x" }, options);
  assertEquals([off.exporting, withSpan("s", () => spanContext())], [false, undefined]);
  await using on = await startTelemetry({}, options);
  assertEquals(on.tracer, activeTracer());
  assert(withSpan("s", () => spanContext()));
});

Deno.test("startTelemetry() keeps the first enabled config, and stops with the last user", async () => {
  await using collector = startCollector();
  const log = new MemoryLog();
  const first = { Endpoint: collector.address, Batcher: "otlphttp" } as const;
  const configs: Partial<TelemetryConfig>[] = [
    { Disabled: true },
    first,
    { Endpoint: "elsewhere:1", Batcher: "zipkin" },
    { Endpoint: "elsewhere:2", Batcher: "otlpgrpc" },
    first,
  ];
  const options = { serviceName: "orders", logger: log };
  const started = await Promise.all(configs.map((config) => startTelemetry(config, options)));
  assertEquals(started.map(({ exporting }) => exporting), [false, true, true, true, true]);
  assertEquals(log.contents("error").length, 2);
  for (const telemetry of started.slice(0, -1)) {
    for (let time = 0; time < 3; time++) await telemetry[Symbol.asyncDispose]();
  }
  withSpan("s", () => {});
  await started.at(-1)![Symbol.asyncDispose]();
  assertEquals([names(collector.spans), activeTracer()], [["s"], noopTracer]);
});

const wrong: [config: Record<string, unknown>, message: RegExp][] = [
  [{ Endpoint: "x:4317" }, /otlpgrpc needs a gRPC transport.*set Batcher to otlphttp/],
  [{ Endpoint: "x:4317", Batcher: "jaeger" }, /unknown exporter: jaeger/],
  [{ Endpoint: "/no/such/folder/f", Batcher: "file" }, /file exporter endpoint error: .*No such/],
  [{ Endpoint: "not a url", Batcher: "zipkin" }, /Endpoint is no http or https address/],
  [{ Endpoint: "ftp://x/", Batcher: "zipkin" }, /Endpoint is no http or https address/],
  [{ Endpoint: "http://[", Batcher: "otlphttp" }, /Endpoint is no http or https address/],
  [{ Sampler: 2 }, /need a ratio within 0 to 1, got 2/],
];

for (const [config, message] of wrong) {
  Deno.test(`startTelemetry() logs that ${JSON.stringify(config)} will not do, and leaves ids`, async () => {
    const log = new MemoryLog();
    const options = { serviceName: "orders", logger: log };
    await using telemetry = await startTelemetry(config, options);
    assertEquals(telemetry.exporting, false);
    assertMatch(String(log.contents("error")[0]), message);
    assert(withSpan("s", () => spanContext()));
  });
}

const urls: [config: Partial<TelemetryConfig>, url: string][] = [
  [{ Endpoint: "h:4318" }, "http://h:4318/v1/traces"],
  [{ Endpoint: "h:4318", OtlpHttpSecure: true }, "https://h:4318/v1/traces"],
  [{ Endpoint: "h:4318", OtlpHttpPath: "/custom" }, "http://h:4318/custom"],
  [{ Endpoint: "https://h/otlp/v1/traces" }, "https://h/otlp/v1/traces"],
  [{ Endpoint: "http://h:9411/api/v2/spans", Batcher: "zipkin" }, "http://h:9411/api/v2/spans"],
];

for (const [config, url] of urls) {
  Deno.test(`createExporter() of ${JSON.stringify(config)} posts to ${url}`, async () => {
    const posted: string[] = [];
    const fetch = (request: Request) => {
      posted.push(request.url);
      return Promise.resolve(new Response());
    };
    const exporter = await createExporter({ Batcher: "otlphttp", ...config }, { fetch });
    await exporter?.export([], new AbortController().signal);
    assertEquals(posted, [url]);
  });
}

Deno.test("createExporter() makes none without an endpoint, and knows no inherited names", async () => {
  assertEquals(await createExporter({ Batcher: "zipkin" }), undefined);
  const Batcher = "constructor" as TelemetryBatcher;
  await assertRejects(() => createExporter({ Endpoint: "x", Batcher }), TypeError, "constructor");
});

Deno.test("startTelemetry() sends spans through a gRPC transport that is plugged in", async () => {
  const calls: OtlpTraceRequest[] = [];
  let closed = false;
  const grpc = (endpoint: string, headers: Readonly<Record<string, string>>) => {
    assertEquals([endpoint, headers], ["collector:4317", { key: "k" }]);
    return {
      export: (request: OtlpTraceRequest) => Promise.resolve(void calls.push(request)),
      close: () => Promise.resolve(void (closed = true)),
    };
  };
  {
    const config = { Endpoint: "collector:4317", OtlpHeaders: { key: "k" } };
    await using _telemetry = await startTelemetry(config, { serviceName: "orders", grpc });
    withSpan("s", () => {});
  }
  assertEquals(names(calls.flatMap((call) => assertOtlpRequest(structuredClone(call)))), ["s"]);
  assertEquals(closed, true);
});

Deno.test("startTelemetry() writes spans to a file", async () => {
  const path = await Deno.makeTempFile();
  try {
    {
      const config = { Endpoint: path, Batcher: "file" } as const;
      await using _telemetry = await startTelemetry(config, { serviceName: "orders" });
      withSpan("a", () => {});
      withSpan("b", () => {});
    }
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(lines.flatMap((line) => names(assertOtlpRequest(JSON.parse(line)))), ["a", "b"]);
  } finally {
    await Deno.remove(path);
  }
});

/** Runs the service of the test data; answers what it printed. */
async function runService(endpoint: string, env: Record<string, string>): Promise<unknown> {
  const script = fromFileUrl(new URL("./testdata/deno_exporter.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, endpoint],
    env: { NO_COLOR: "1", ...env },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("startTelemetry() leaves the export to Deno when it was started with OTEL_DENO", async () => {
  const traces: { path: string; body: Record<string, unknown> }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    traces.push({ path: new URL(request.url).pathname, body: await request.json() });
    return Response.json({});
  });
  await using own = startCollector();
  const printed = await runService(own.address, {
    OTEL_DENO: "true",
    OTEL_DENO_METRICS: "false",
    OTEL_SERVICE_NAME: "orders",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
  });
  await server.shutdown();
  assertEquals(printed, {
    current: true,
    sameTrace: true,
    root: true,
    tenant: "tenant=acme;secret",
    after: false,
    exporting: true,
    instrumentsHttp: true,
  });
  assertEquals(own.requests, []); // Nothing is sent twice.
  const spans = traces.filter(({ path }) => path === "/v1/traces").flatMap(({ body }) =>
    spansOf(body)
  );
  assertEquals(spans.map(({ name }) => name).sort(), ["inner", "outer", "root"]);
  const [inner, outer] = ["inner", "outer"].map((name) => spans.find((span) => span.name === name));
  assertEquals(inner?.parentSpanId, outer?.spanId);
  assertEquals([outer?.traceId, outer?.parentSpanId, outer?.kind], [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    2,
  ]);
  assertEquals(inner?.events.map(({ name }) => name), ["message", "exception"]);
  assertEquals([inner?.status.code, inner?.status.message], [2, "down"]);
});

Deno.test("startTelemetry() exports by itself when OTEL_DENO is not set", async () => {
  await using own = startCollector();
  const printed = await runService(own.address, { OTEL_DENO: "false" });
  const { exporting, instrumentsHttp, current } = Object(printed);
  assertEquals([exporting, instrumentsHttp, current], [true, false, true]);
  assertEquals(names(own.spans), ["inner", "outer"]); // The root is dropped: Sampler is 0.
});

interface DenoSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  events: { name: string }[];
  status: { code: number; message: string };
}

/** The spans of a request that Deno has sent. */
function spansOf(body: Record<string, unknown>): DenoSpan[] {
  const { resourceSpans } = body as {
    resourceSpans: { scopeSpans: { spans: DenoSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}
