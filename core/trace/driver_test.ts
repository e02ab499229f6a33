import {
  type Context,
  context as apiContext,
  type ContextManager,
  ROOT_CONTEXT,
  type Span as ApiSpan,
  type SpanContext as ApiSpanContext,
  type SpanOptions as ApiSpanOptions,
  trace,
  type Tracer as ApiTracer,
} from "npm:@opentelemetry/api@^1.9.0";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { activeTracer, currentSpan, runWithSpan, spanContext, withSpan } from "./active_tracer.ts";
import { createTracer } from "./create_tracer.ts";
import { openTelemetryTracer } from "./driver.ts";
import { noopSpan } from "./noop_span.ts";
import { startTelemetry } from "./telemetry.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

/** Keeps one context for the thread, which is enough for code that does not wait. */
class OneContext implements ContextManager {
  #active: Context = ROOT_CONTEXT;

  active(): Context {
    return this.#active;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const before = this.#active;
    this.#active = context;
    try {
      return fn.call(thisArg, ...args);
    } finally {
      this.#active = before;
    }
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

/** A provider that notes the calls it gets, as somebody's own SDK would be registered. */
function registerProvider() {
  const calls: unknown[][] = [];
  let ids = 0;
  const startSpan = (name: string, options?: ApiSpanOptions, context?: Context): ApiSpan => {
    const parent = context && trace.getSpanContext(context);
    const spanId = String(++ids).padStart(16, "0");
    calls.push(["start", name, options, options?.root ? undefined : parent]);
    let recording = true;
    const note = (call: string) => (...args: unknown[]) => {
      calls.push([call, ...args]);
      return span;
    };
    const ownContext: ApiSpanContext = {
      traceId: TRACE_ID,
      spanId,
      traceFlags: 1,
      traceState: parent?.traceState,
    };
    const span: ApiSpan = {
      spanContext: () => ownContext,
      isRecording: () => recording,
      setAttribute: note("setAttribute"),
      setAttributes: note("setAttributes"),
      addEvent: note("addEvent"),
      addLink: note("addLink"),
      addLinks: note("addLinks"),
      setStatus: note("setStatus"),
      updateName: note("updateName"),
      recordException: note("recordException"),
      end() {
        recording = false;
        calls.push(["end", name]);
      },
    };
    return span;
  };
  const tracer: ApiTracer = {
    startSpan,
    startActiveSpan() {
      throw new Error("not used");
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  apiContext.setGlobalContextManager(new OneContext());
  return {
    calls,
    [Symbol.dispose]() {
      trace.disable();
      apiContext.disable();
    },
  };
}

const OPTIONS = { scope: { name: "zeno" }, instrumentsHttp: false };

Deno.test("openTelemetryTracer() hands everything to the API", () => {
  using provider = registerProvider();
  const context = { traceId: TRACE_ID, spanId: "00f067aa0ba902b7", sampled: false };
  const link = { context, attributes: { why: "batch" } };
  const span = openTelemetryTracer(OPTIONS).startSpan("a", {
    kind: "consumer",
    attributes: { a: 1, none: undefined },
    links: [link],
  });
  span.setAttribute("b", 2).addLink(link).updateName("c").setStatus({ code: "ok" });
  span.setStatus({ code: "error", message: "down" }).recordException("gone");
  assertEquals(span.isRecording(), true);
  span.end();
  span[Symbol.dispose]();
  const apiLink = {
    context: { traceId: TRACE_ID, spanId: "00f067aa0ba902b7", traceFlags: 0, isRemote: false },
    attributes: { why: "batch" },
  };
  assertEquals(provider.calls, [
    ["start", "a", { kind: 4, attributes: { a: 1 }, links: [apiLink], root: false }, undefined],
    ["setAttributes", { b: 2 }],
    ["addLink", apiLink],
    ["updateName", "c"],
    ["setStatus", { code: 1 }],
    ["setStatus", { code: 2, message: "down" }],
    ["recordException", "gone"],
    ["end", "a"],
  ]);
});

Deno.test("openTelemetryTracer() continues the trace of a caller with its state", () => {
  using provider = registerProvider();
  const parent = {
    traceId: TRACE_ID,
    spanId: "00f067aa0ba902b7",
    sampled: true,
    traceState: "a=1",
    remote: true,
  };
  const span = openTelemetryTracer(OPTIONS).startSpan("a", { parent });
  const { traceState, ...seen } = Object(provider.calls[0]?.[3]);
  assertEquals(seen, { traceId: TRACE_ID, spanId: parent.spanId, traceFlags: 1, isRemote: true });
  assertEquals([traceState.serialize(), span.spanContext()?.traceState], ["a=1", "a=1"]);
});

Deno.test("openTelemetryTracer() takes the span of somebody else for the current one", () => {
  using _provider = registerProvider();
  const tracer = openTelemetryTracer(OPTIONS);
  assertEquals(tracer.scope(), { span: undefined, baggage: undefined });
  const theirs = trace.getTracer("theirs").startSpan("theirs");
  apiContext.with(trace.setSpan(apiContext.active(), theirs), () => {
    const { span } = tracer.scope();
    assertStrictEquals(span, tracer.scope().span);
    assertEquals(span?.spanContext()?.spanId, theirs.spanContext().spanId);
    tracer.run({}, () => assertEquals(tracer.scope().span, undefined));
  });
});

Deno.test("openTelemetryTracer() passes on the ids of a span that is not the API's", () => {
  using _provider = registerProvider();
  const tracer = openTelemetryTracer(OPTIONS);
  const other = createTracer().startSpan("other");
  tracer.run({ span: other }, () => {
    assertEquals(tracer.scope().span?.spanContext(), other.spanContext());
  });
  tracer.run({ span: noopSpan }, () => assertEquals(tracer.scope().span, undefined));
});

Deno.test("openTelemetryTracer() without a provider has no ids", () => {
  const span = openTelemetryTracer(OPTIONS).startSpan("a");
  assertEquals([span.spanContext(), span.isRecording()], [undefined, false]);
});

Deno.test("startTelemetry() goes through any provider that is registered, and says so", async () => {
  using provider = registerProvider();
  const log = new MemoryLog();
  const config = { Endpoint: "collector:4317" };
  {
    await using telemetry = await startTelemetry(config, { serviceName: "orders", logger: log });
    assertEquals([telemetry.exporting, activeTracer().instrumentsHttp], [true, false]);
    assertEquals(telemetry.stats, { exported: 0, failed: 0, dropped: 0, queued: 0 });
    withSpan("outer", (span) => {
      assertStrictEquals(currentSpan(), span);
      runWithSpan(span, () => assertEquals(spanContext(), span.spanContext()));
    });
  }
  assertEquals(provider.calls.map(([call, name]) => [call, name]), [
    ["start", "outer"],
    ["end", "outer"],
  ]);
  assertEquals(log.contents("info"), [
    "Spans are exported by OpenTelemetry; Endpoint of the Telemetry section is not used",
  ]);
});
