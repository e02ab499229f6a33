import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { systemClock } from "../clock.ts";
import { currentSpan, runWithSpan, startSpan, withSpan } from "./active_tracer.ts";
import { httpServerAttributes, httpServerStatus } from "./http_span.ts";
import { parseTraceparent } from "./propagation.ts";
import { startTelemetry } from "./telemetry.ts";

interface ReceivedSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: { key: string; value: Record<string, unknown> }[];
  events?: { name: string; timeUnixNano: string }[];
  links?: unknown[];
  status?: { code?: number; message?: string };
  scope: string;
  resource: { key: string; value: Record<string, unknown> }[];
}

interface Received {
  path: string;
  type: string;
  headers: Record<string, string>;
  spans: ReceivedSpan[];
  fault?: string;
}

/** Starts the receiver, which is a process of its own. */
async function startReceiver() {
  const script = fromFileUrl(new URL("testdata/otlp_receiver.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", script],
    stdout: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const lines = linesOf(child.stdout);
  const { value: port } = await lines.next();
  return {
    address: `127.0.0.1:${port}`,
    /** The next request it has read. */
    async next(): Promise<Received> {
      const { value } = await lines.next();
      const received: Received = JSON.parse(value ?? "");
      assertEquals(received.fault, undefined);
      return received;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await lines.return(undefined);
      await child.status;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function attributesOf(list: ReceivedSpan["attributes"]): Record<string, unknown> {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

Deno.test("spans arrive at a receiver that reads them with OpenTelemetry's own protocol buffers", async () => {
  await using receiver = await startReceiver();
  const began = systemClock.wallTime();
  {
    await using _telemetry = await startTelemetry(
      { Endpoint: receiver.address, Batcher: "otlphttp", OtlpHeaders: { "x-key": "k" } },
      { serviceName: "orders", resource: { "service.version": "1.2.3", "host.cpus": 2 } },
    );
    const parent = {
      ...parseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")!,
      traceState: "vendor=x",
      remote: true,
    };
    const request = new Request("http://shop.example/orders/7?full=1", { method: "PUT" });
    const attributes = httpServerAttributes(request, { route: "/orders/:id" });
    const server = startSpan("/orders/:id", { kind: "server", parent, attributes });
    runWithSpan(server, () => {
      withSpan("write", (span) => {
        span.setAttributes({ ratio: 0.5, big: 2 ** 40, flags: [true, false], text: "ä\u{1F600}" });
        span.addEvent("retry", { attempt: 2 }).addLink({ context: parent });
        span.recordException(new TypeError("no such order"));
      });
    });
    server.setAttribute("http.status_code", 503).setStatus(httpServerStatus(503)).end();
  }
  const { path, type, headers, spans } = await receiver.next();
  assertEquals([path, type, headers["x-key"]], ["/v1/traces", "application/json", "k"]);
  const [write, server] = spans;
  assert(write && server);
  assertEquals([server.name, server.kind, server.scope], ["/orders/:id", 2, "zeno"]);
  assertEquals([server.traceId, server.parentSpanId, server.traceState], [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    "vendor=x",
  ]);
  assertEquals([write.traceId, write.parentSpanId], [server.traceId, server.spanId]);
  assertEquals(server.status?.code, 2);
  const { "http.method": method, "http.status_code": status } = attributesOf(server.attributes);
  assertEquals([method, status], ["PUT", "503"]);
  assertEquals(attributesOf(write.attributes), {
    ratio: 0.5,
    big: String(2 ** 40),
    flags: { values: [{ boolValue: true }, { boolValue: false }] },
    text: "ä\u{1F600}",
  });
  assertEquals(write.events?.map(({ name }) => name), ["retry", "exception"]);
  assertEquals(write.links?.length, 1);
  const resource = attributesOf(server.resource);
  assertEquals([resource["service.name"], resource["service.version"], resource["host.cpus"]], [
    "orders",
    "1.2.3",
    "2",
  ]);
  const startMs = Number(BigInt(write.startTimeUnixNano) / 1_000_000n);
  assert(startMs >= began - 1 && startMs <= systemClock.wallTime() + 1, `${startMs}`);
  assert(BigInt(write.endTimeUnixNano) >= BigInt(write.startTimeUnixNano));
});

Deno.test("spans arrive through Deno's own exporter when it was started with OTEL_DENO", async () => {
  await using receiver = await startReceiver();
  const { address } = receiver;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", fromFileUrl(new URL("../../deno.json", import.meta.url)), "-"],
    cwd: fromFileUrl(new URL("../..", import.meta.url)),
    env: {
      NO_COLOR: "1",
      OTEL_DENO: "true",
      OTEL_SERVICE_NAME: "orders",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_DENO_METRICS: "false",
    },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`
    import { currentSpan, startTelemetry, withSpan } from "./core/trace/mod.ts";
    await using telemetry = await startTelemetry(undefined, { serviceName: "ignored" });
    console.log(telemetry.exporting);
    withSpan("charge", () => withSpan("query", () => currentSpan().setAttribute("db", "shop")));
  `));
  await writer.close();
  const { stdout } = await child.output();
  assertMatch(new TextDecoder().decode(stdout), /^true$/m);
  const { type, spans } = await receiver.next();
  assertEquals(type, "application/x-protobuf");
  const [query, charge] = ["query", "charge"].map((name) => spans.find((it) => it.name === name));
  assert(query && charge);
  assertEquals([query.parentSpanId, query.traceId], [charge.spanId, charge.traceId]);
  assertEquals(attributesOf(query.attributes), { db: "shop" });
  assertEquals(attributesOf(query.resource)["service.name"], "orders");
  assertEquals(currentSpan().isRecording(), false);
});
