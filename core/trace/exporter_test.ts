import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { SpanRecorder } from "../testing/span_recorder.ts";
import { ServiceError } from "../errors.ts";
import { assertOtlpRequest } from "./_otlp_check_test.ts";
import { createTracer } from "./create_tracer.ts";
import { FileExporter } from "./file_exporter.ts";
import { postJson } from "./http_post.ts";
import { OtlpHttpExporter } from "./otlp_http_exporter.ts";
import { otlpTraceRequest } from "./otlp_json.ts";
import type { SpanContext } from "./propagation.ts";
import type { SpanData } from "./span.ts";
import { zipkinSpan } from "./zipkin_exporter.ts";

const REMOTE: SpanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  sampled: true,
  traceState: "a=1",
  remote: true,
};

/** A server span with one of everything, and a child. */
async function sampleSpans(): Promise<SpanData[]> {
  const clock = new FakeClock({ wallTime: 1_700_000_000_000 });
  const recorder = new SpanRecorder();
  const resource = { "service.name": "orders", "service.version": "1" };
  const scope = { name: "lib", version: "2" };
  const tracer = createTracer({ processor: recorder, clock, resource, scope });
  const span = tracer.startSpan("GET /orders", { kind: "server", parent: REMOTE });
  span.setAttributes({
    text: "é\ud800",
    whole: 7,
    part: 0.5,
    big: 2 ** 60,
    nan: NaN,
    yes: true,
    list: [1, 2],
    none: [],
  });
  span.addLink({ context: { ...REMOTE, remote: false }, attributes: { why: "batch" } });
  await clock.advance(1.25);
  span.addEvent("message", { "message.id": 1 });
  tracer.run({ span }, () => tracer.startSpan("internal work")).end();
  await clock.advance(1);
  span.setStatus({ code: "error", message: "gone" }).end();
  return recorder.spans;
}

Deno.test("otlpTraceRequest() writes OTLP/JSON", async () => {
  const spans = await sampleSpans();
  const { resourceSpans } = otlpTraceRequest(spans);
  assertOtlpRequest(JSON.parse(JSON.stringify({ resourceSpans })));
  assertEquals(resourceSpans.length, 1);
  assertEquals(resourceSpans[0]?.resource.attributes, [
    { key: "service.name", value: { stringValue: "orders" } },
    { key: "service.version", value: { stringValue: "1" } },
  ]);
  const [{ scope, spans: written } = { scope: undefined, spans: [] }] =
    resourceSpans[0]!.scopeSpans;
  assertEquals(scope, { name: "lib", version: "2" });
  const server = written.find((span) => span.kind === 2);
  assertEquals(server, {
    traceId: REMOTE.traceId,
    spanId: server!.spanId,
    traceState: "a=1",
    parentSpanId: REMOTE.spanId,
    flags: 0x301,
    name: "GET /orders",
    kind: 2,
    startTimeUnixNano: "1700000000000000000",
    endTimeUnixNano: "1700000000002250000",
    attributes: [
      { key: "text", value: { stringValue: "é\ufffd" } },
      { key: "whole", value: { intValue: "7" } },
      { key: "part", value: { doubleValue: 0.5 } },
      { key: "big", value: { doubleValue: 2 ** 60 } },
      { key: "nan", value: { doubleValue: "NaN" } },
      { key: "yes", value: { boolValue: true } },
      { key: "list", value: { arrayValue: { values: [{ intValue: "1" }, { intValue: "2" }] } } },
      { key: "none", value: { arrayValue: { values: [] } } },
    ],
    droppedAttributesCount: 0,
    events: [{
      timeUnixNano: "1700000000001250000",
      name: "message",
      attributes: [{ key: "message.id", value: { intValue: "1" } }],
    }],
    droppedEventsCount: 0,
    links: [{
      traceId: REMOTE.traceId,
      spanId: REMOTE.spanId,
      traceState: "a=1",
      flags: 0x101,
      attributes: [{ key: "why", value: { stringValue: "batch" } }],
    }],
    droppedLinksCount: 0,
    status: { code: 2, message: "gone" },
  });
  const child = written.find((span) => span.kind === 1);
  assertEquals([child?.parentSpanId, child?.flags, child?.status], [server?.spanId, 0x101, {}]);
});

Deno.test("zipkinSpan() writes Zipkin's JSON", async () => {
  const spans = await sampleSpans();
  const server = spans.find((span) => span.kind === "server")!;
  assertEquals(zipkinSpan(server), {
    traceId: REMOTE.traceId,
    id: server.context.spanId,
    parentId: REMOTE.spanId,
    name: "GET /orders",
    kind: "SERVER",
    timestamp: 1_700_000_000_000_000,
    duration: 2250,
    localEndpoint: { serviceName: "orders" },
    annotations: [{ timestamp: 1_700_000_000_001_250, value: 'message: {"message.id":1}' }],
    tags: {
      "service.version": "1",
      text: "é\ud800",
      whole: "7",
      part: "0.5",
      big: String(2 ** 60),
      nan: "NaN",
      yes: "true",
      list: "[1,2]",
      none: "[]",
      "otel.scope.name": "lib",
      "otel.scope.version": "2",
      "otel.status_code": "ERROR",
      error: "gone",
    },
  });
  const child = zipkinSpan(spans.find((span) => span.kind === "internal")!);
  assertEquals([child.kind, child.duration, "error" in child.tags], [undefined, 1, false]);
});

Deno.test("zipkinSpan() names the other side of a call", () => {
  const recorder = new SpanRecorder();
  const tracer = createTracer({ processor: recorder });
  const attributes = { "net.peer.ip": "192.168.0.2", "net.peer.port": 8080, "error": "false" };
  tracer.startSpan("call", { kind: "client", attributes }).end();
  const { remoteEndpoint, localEndpoint, tags } = zipkinSpan(recorder.span("call"));
  assertEquals(remoteEndpoint, { ipv4: "192.168.0.2", port: 8080 });
  assertEquals(localEndpoint, { serviceName: "unknown_service" });
  assertEquals("error" in tags, false);
});

Deno.test("FileExporter appends one document a line", async () => {
  const path = await Deno.makeTempFile();
  try {
    const spans = await sampleSpans();
    for (let run = 0; run < 2; run++) {
      const exporter = await FileExporter.open(path);
      await exporter.export(spans);
      await exporter.close();
    }
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals(lines.length, 4);
    for (const line of lines) assertEquals(assertOtlpRequest(JSON.parse(line)).length, 1);
  } finally {
    await Deno.remove(path);
  }
});

/** Answers each request with the next of `answers`, the last one for good. */
function answering(...answers: (() => Response | Promise<Response>)[]) {
  const clock = new FakeClock({ wallTime: Date.UTC(2024, 0, 1), autoAdvance: true });
  const requests: Request[] = [];
  const fetch = async (request: Request) => {
    requests.push(request);
    return await (answers.length > 1 ? answers.shift()! : answers[0]!)();
  };
  const post = (signal = new AbortController().signal) =>
    postJson(new URL("http://collector/v1/traces"), "{}", {
      fetch,
      clock,
      signal,
      random: () => 0.5,
    });
  return { clock, requests, post, fetch };
}

const status = (code: number, headers?: Record<string, string>) => () =>
  new Response("{}", { status: code, headers });
const refuse = () => Promise.reject(new TypeError("connection refused"));

const retries: [name: string, answers: Parameters<typeof answering>, waitedMs: number][] = [
  ["does not wait when the first try works", [status(200)], 0],
  ["doubles the wait", [status(503), status(502), status(504), status(200)], 500 + 1000 + 2000],
  ["waits as long as the receiver asks", [status(429, { "retry-after": "3" }), status(200)], 3000],
  [
    "waits until the date the receiver asks for",
    [status(503, { "retry-after": "Mon, 01 Jan 2024 00:00:04 GMT" }), status(200)],
    4000,
  ],
  ["does not wait for hours", [status(429, { "retry-after": "86400" }), status(200)], 10_000],
  ["takes a malformed wait for none", [status(429, { "retry-after": "soon" }), status(200)], 500],
  ["tries again when it cannot connect", [refuse, status(200)], 500],
];

for (const [name, answers, waitedMs] of retries) {
  Deno.test(`postJson() ${name}`, async () => {
    const { clock, post, requests } = answering(...answers);
    assertEquals(await post(), "{}");
    assertEquals([clock.now(), clock.pendingTimers], [waitedMs, 0]);
    assertEquals(requests.at(-1)?.headers.get("content-type"), "application/json");
  });
}

Deno.test("postJson() gives up after five tries", async () => {
  const { post, requests } = answering(status(503));
  const error = await assertRejects(() => post(), ServiceError);
  assertEquals(error.message, "Cannot post to http://collector/v1/traces: status 503");
  assertEquals([error.code, requests.length], ["unavailable", 5]);
});

for (const code of [400, 401, 404, 413, 500]) {
  Deno.test(`postJson() does not try again after ${code}`, async () => {
    const { post, requests } = answering(status(code));
    await assertRejects(() => post(), ServiceError, `status ${code}`);
    assertEquals(requests.length, 1);
  });
}

Deno.test("postJson() gives up a try that has no answer", async () => {
  const clock = new FakeClock();
  let tries = 0;
  const fetch = (request: Request) => {
    if (++tries > 1) return Promise.resolve(new Response("ok"));
    const { promise, reject } = Promise.withResolvers<Response>();
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
    return promise;
  };
  const { signal } = new AbortController();
  const options = { fetch, clock, signal, random: () => 0 };
  const posted = postJson(new URL("http://collector/"), "{}", options);
  await clock.advance(9999);
  assertEquals(tries, 1);
  await clock.advance(1);
  assertEquals([await posted, tries, clock.pendingTimers], ["ok", 2, 0]);
});

Deno.test("postJson() stops when its signal is aborted, before, between and during tries", async () => {
  const before = answering(status(200));
  await assertRejects(() => before.post(AbortSignal.abort(new Error("stop"))), Error, "stop");
  assertEquals(before.requests.length, 0);

  const clock = new FakeClock();
  const controller = new AbortController();
  const fetch = () => Promise.resolve(new Response(null, { status: 503 }));
  const options = { fetch, clock, signal: controller.signal, random: () => 1 };
  const between = postJson(new URL("http://collector/"), "{}", options);
  await clock.advance(500);
  controller.abort(new Error("stop"));
  await assertRejects(() => between, Error, "stop");
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("postJson() does not read an answer without end", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(97)),
    cancel: () => void (cancelled = true),
  });
  const { post } = answering(() => new Response(endless));
  const text = await post();
  assert(text.length < 200_000 && cancelled);
});

const partials: [answer: string, refused: number][] = [
  ["", 0],
  ["{}", 0],
  ["<html>", 0],
  ["null", 0],
  [`{"partialSuccess":{}}`, 0],
  [`{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too long"}}`, 1],
  [`{"partialSuccess":{"rejectedSpans":1}}`, 1],
  [`{"partialSuccess":{"rejectedSpans":"x"}}`, 0],
];

for (const [answer, refused] of partials) {
  Deno.test(`OtlpHttpExporter takes ${answer || "an empty answer"} for ${refused} refused`, async () => {
    const { fetch } = answering(() => new Response(answer));
    const exporter = new OtlpHttpExporter(new URL("http://collector/"), { fetch });
    assertEquals(await exporter.export(await sampleSpans(), new AbortController().signal), refused);
  });
}

Deno.test("OtlpHttpExporter rejects when all spans were refused", async () => {
  const answer = `{"partialSuccess":{"rejectedSpans":"2","errorMessage":"bad ids"}}`;
  const { fetch } = answering(() => new Response(answer));
  const exporter = new OtlpHttpExporter(new URL("http://collector/"), { fetch });
  const spans = await sampleSpans();
  const sent = () => exporter.export(spans, new AbortController().signal);
  await assertRejects(sent, ServiceError, "Cannot export spans: bad ids");
});

Deno.test("OtlpHttpExporter sends its headers, and follows no redirect with them", async () => {
  const { fetch, requests } = answering(status(200));
  const headers = { authorization: "Bearer secret" };
  const exporter = new OtlpHttpExporter(new URL("http://collector/"), { fetch, headers });
  await exporter.export(await sampleSpans(), new AbortController().signal);
  const [request] = requests;
  assertEquals(request?.headers.get("authorization"), "Bearer secret");
  assertEquals(request?.redirect, "error");
  assertMatch(await request!.text(), /^\{"resourceSpans":\[/);
});

Deno.test("assertOtlpRequest() would notice a wrong request", async () => {
  const good = JSON.stringify(otlpTraceRequest(await sampleSpans()));
  const faults: [from: string | RegExp, to: string][] = [
    [`"kind":2`, `"kind":"SPAN_KIND_SERVER"`],
    [`"intValue":"7"`, `"intValue":7`],
    [`"startTimeUnixNano":"17`, `"startTimeUnixNano":"x17`],
    [`"spanId"`, `"span_id"`],
    [REMOTE.traceId, REMOTE.traceId.toUpperCase()],
    [`"status":{}`, `"status":{"code":3}`],
  ];
  for (const [from, to] of faults) {
    const bad = good.replace(from, to);
    assert(bad !== good);
    assertThrows(() => assertOtlpRequest(JSON.parse(bad)));
  }
});
