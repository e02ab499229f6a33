import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { SpanRecorder } from "../testing/span_recorder.ts";
import {
  currentBaggage,
  currentSpan,
  runWithSpan,
  spanContext,
  startSpan,
  useTracer,
  withBaggage,
  withSpan,
} from "./active_tracer.ts";
import { Baggage } from "./baggage.ts";
import { injectContext } from "./carrier.ts";
import { createTracer, type TracerOptions } from "./create_tracer.ts";
import { noopSpan } from "./noop_span.ts";
import { noopTracer } from "./noop_tracer.ts";
import type { SpanContext } from "./propagation.ts";
import { parentBasedSampler } from "./sampler.ts";
import type { Attributes } from "./span.ts";

const REMOTE: SpanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  sampled: true,
  traceState: "a=1",
  remote: true,
};

function setUp(options: TracerOptions = {}) {
  const clock = new FakeClock({ wallTime: 1_700_000_000_000 });
  const recorder = new SpanRecorder();
  const tracer = createTracer({ processor: recorder, clock, ...options });
  return { clock, recorder, tracer };
}

Deno.test("Span keeps name, kind, times, attributes and who made it", async () => {
  const { clock, recorder, tracer } = setUp({
    resource: { "service.name": "orders" },
    scope: { name: "lib", version: "1" },
  });
  const span = tracer.startSpan("charge", { kind: "client", attributes: { a: 1 } });
  await clock.advance(1.5);
  span.setAttributes({ b: ["x", "y"], c: true, none: undefined }).updateName("charge card").end();
  const data = recorder.span("charge card");
  assertEquals([data.kind, data.startTimeMs, data.endTimeMs], [
    "client",
    1_700_000_000_000,
    1_700_000_000_001.5,
  ]);
  assertEquals(recorder.attributes("charge card"), { a: 1, b: ["x", "y"], c: true });
  assertEquals([data.scope, data.resource.get("service.name")], [
    { name: "lib", version: "1" },
    "orders",
  ]);
  assertMatch(data.context.traceId, /^[0-9a-f]{32}$/);
  assertEquals([data.parent, data.status], [undefined, { code: "unset" }]);
});

Deno.test("Span takes nothing once it has ended, and ends once", async () => {
  const { clock, recorder, tracer } = setUp();
  const span = tracer.startSpan("done");
  assertEquals(span.isRecording(), true);
  span.end();
  await clock.advance(10);
  span.setAttribute("a", 1).addEvent("e").addLink({ context: REMOTE }).updateName("x");
  span.setStatus({ code: "error" }).recordException(new Error("late")).end();
  assertEquals(span.isRecording(), false);
  const [data, ...others] = recorder.spans;
  assertEquals(others, []);
  assertEquals([data?.name, data?.attributes.size, data?.events, data?.links, data?.status.code], [
    "done",
    0,
    [],
    [],
    "unset",
  ]);
  assertEquals(data?.endTimeMs, data?.startTimeMs);
});

Deno.test("Span times are not moved by a clock that is set, and children share their parent's", async () => {
  const { clock, recorder, tracer } = setUp();
  const span = tracer.startSpan("parent");
  await clock.advance(5);
  clock.jumpWallTime(-3_600_000);
  tracer.run({ span }, () => tracer.startSpan("child")).end();
  await clock.advance(5);
  span.addEvent("last").end();
  const parent = recorder.span("parent");
  assertEquals(parent.endTimeMs - parent.startTimeMs, 10);
  assertEquals(parent.events[0]?.timeMs, parent.endTimeMs);
  assertEquals(recorder.span("child").startTimeMs - parent.startTimeMs, 5);
});

const parents: [name: string, parent: SpanContext | null | undefined, traceId: RegExp][] = [
  ["continues the trace of a caller", REMOTE, /^4bf92f3577b34da6a3ce929d0e0e4736$/],
  ["begins a trace if the parent is null", null, /^(?!4bf92f)/],
  ["is a child of the current span", undefined, /^4bf92f3577b34da6a3ce929d0e0e4736$/],
];

for (const [name, parent, traceId] of parents) {
  Deno.test(`startSpan() ${name}`, () => {
    const { recorder, tracer } = setUp();
    const outer = tracer.startSpan("outer", { parent: REMOTE });
    tracer.run({ span: outer }, () => tracer.startSpan("inner", { parent })).end();
    const inner = recorder.span("inner");
    assertMatch(inner.context.traceId, traceId);
    assertEquals(inner.parent, parent === undefined ? outer.spanContext() : parent ?? undefined);
    assertEquals(inner.context.traceState, parent === null ? undefined : "a=1");
  });
}

const statuses: [said: ("unset" | "ok" | "error")[], code: string][] = [
  [[], "unset"],
  [["ok"], "ok"],
  [["error"], "error"],
  [["error", "ok"], "ok"],
  [["ok", "error"], "ok"],
  [["error", "unset"], "error"],
];

for (const [said, code] of statuses) {
  Deno.test(`Span.setStatus() of ${said.join(", ") || "nothing"} is ${code}`, () => {
    const { recorder, tracer } = setUp();
    const span = tracer.startSpan("s");
    for (const one of said) span.setStatus({ code: one });
    span.end();
    assertEquals(recorder.span("s").status.code, code);
  });
}

Deno.test("Span is bounded, and says what found no room", () => {
  const { recorder, tracer } = setUp();
  const span = tracer.startSpan("loop");
  for (let index = 0; index < 200; index++) {
    span.setAttribute(`a${index}`, index).addEvent(`e${index}`).addLink({ context: REMOTE });
  }
  span.setAttribute("a0", "again").end();
  const data = recorder.span("loop");
  assertEquals([data.attributes.size, data.events.length, data.links.length], [128, 128, 128]);
  assertEquals(data.dropped, { attributes: 72, events: 72, links: 72 });
  assertEquals(data.attributes.get("a0"), "again");
});

Deno.test("Span drops what is no attribute", () => {
  const { recorder, tracer } = setUp();
  const wrong = { a: null, b: {}, c: [1, "x"], d: [null], e: () => 1, "": 1, f: 1n, g: Symbol() };
  const span = tracer.startSpan("s");
  Reflect.apply(span.setAttributes, span, [wrong]);
  span.end();
  assertEquals(recorder.attributes("s"), {});
  assertEquals(recorder.span("s").dropped.attributes, 8);
});

const thrown: [name: string, error: unknown, expected: Attributes][] = [
  ["an error", new RangeError("too far"), {
    "exception.type": "RangeError",
    "exception.message": "too far",
  }],
  ["text", "gone", { "exception.type": "string", "exception.message": "gone" }],
  ["nothing", undefined, { "exception.type": "undefined", "exception.message": "undefined" }],
  ["what has no text", Object.create(null), {
    "exception.type": "object",
    "exception.message": "unprintable value",
  }],
];

for (const [name, error, expected] of thrown) {
  Deno.test(`Span.recordException() notes ${name}`, () => {
    const { recorder, tracer } = setUp();
    tracer.startSpan("s").recordException(error).end();
    const [event] = recorder.span("s").events;
    const { "exception.stacktrace": stack, ...rest } = Object.fromEntries(event!.attributes);
    assertEquals([event?.name, rest], ["exception", expected]);
    assertEquals(typeof stack, error instanceof Error ? "string" : "undefined");
  });
}

Deno.test("withSpan() nests over awaits, and parallel work does not mix", async () => {
  const { recorder, tracer } = setUp();
  using _tracing = useTracer(tracer);
  await withSpan("root", async () => {
    await Promise.all(["a", "b"].map((name) =>
      withSpan(name, async () => {
        await Promise.resolve();
        await withSpan(`${name}/child`, () => Promise.resolve());
      })
    ));
  });
  const parentOf = (name: string) => recorder.span(name).parent?.spanId;
  const idOf = (name: string) => recorder.span(name).context.spanId;
  assertEquals(parentOf("a/child"), idOf("a"));
  assertEquals(parentOf("b/child"), idOf("b"));
  assertEquals([parentOf("a"), parentOf("b")], [idOf("root"), idOf("root")]);
  assertEquals(currentSpan(), noopSpan);
});

Deno.test("withSpan() notes what is thrown and what is rejected, and passes it on", async () => {
  const { recorder, tracer } = setUp();
  using _tracing = useTracer(tracer);
  const fail = (): never => {
    throw new Error("down");
  };
  assertThrows(() => withSpan("sync", fail), Error, "down");
  await assertRejects(() => withSpan("async", () => Promise.reject(new Error("down"))), Error);
  for (const name of ["sync", "async"]) {
    const { status, events } = recorder.span(name);
    assertEquals([status, events[0]?.name], [{ code: "error", message: "down" }, "exception"]);
  }
});

Deno.test("withSpan() ends the span of a promise when it settles", async () => {
  const { recorder, tracer } = setUp();
  using _tracing = useTracer(tracer);
  const { promise, resolve } = Promise.withResolvers<number>();
  const result = withSpan("waits", () => promise);
  await Promise.resolve();
  assertEquals(recorder.names, []);
  resolve(7);
  assertEquals([await result, recorder.names], [7, ["waits"]]);
});

Deno.test("runWithSpan() makes current without ending, and keeps the baggage", () => {
  const { recorder, tracer } = setUp();
  using _tracing = useTracer(tracer);
  const span = startSpan("s");
  withBaggage(Baggage.empty.set("tenant", "acme"), () => {
    runWithSpan(span, () => {
      assertEquals(currentSpan(), span);
      assertEquals(spanContext(), span.spanContext());
      assertEquals(currentBaggage().get("tenant"), "acme");
      const headers = new Headers();
      injectContext(headers);
      assertEquals(headers.get("baggage"), "tenant=acme");
      assertEquals(headers.get("traceparent")?.slice(36, 52), span.spanContext()?.spanId);
    });
  });
  assertEquals([recorder.names, currentBaggage().size], [[], 0]);
});

Deno.test("a span can be disposed of", () => {
  const { recorder, tracer } = setUp();
  {
    using _span = tracer.startSpan("s");
  }
  assertEquals(recorder.names, ["s"]);
});

Deno.test("a processor that throws does not touch the work", () => {
  const errors: string[] = [];
  const { tracer } = setUp({
    onError: (message) => errors.push(message),
    processor: {
      onEnd() {
        throw new Error("broken processor");
      },
    },
  });
  tracer.startSpan("s").end();
  assertEquals(errors, ["[otel] error: broken processor"]);
});

const decisions: [ratio: number, sampled: boolean | undefined, kept: boolean][] = [
  [1, undefined, true],
  [0, undefined, false],
  [0, true, true],
  [1, false, false],
  [0.5, true, true],
  [0.5, false, false],
];

for (const [ratio, sampled, kept] of decisions) {
  Deno.test(`parentBasedSampler(${ratio}) with a parent of sampled ${sampled}: ${kept}`, () => {
    const { recorder, tracer } = setUp({ sampler: parentBasedSampler(ratio) });
    const parent = sampled === undefined ? null : { ...REMOTE, sampled };
    const span = tracer.startSpan("s", { parent });
    assertEquals([span.isRecording(), span.spanContext()?.sampled], [kept, kept]);
    span.end();
    assertEquals(recorder.names.length, kept ? 1 : 0);
  });
}

Deno.test("parentBasedSampler() keeps its part of many traces, and all spans of a trace or none", () => {
  const { tracer } = setUp({ sampler: parentBasedSampler(0.2) });
  let kept = 0;
  for (let index = 0; index < 10_000; index++) {
    const span = tracer.startSpan("s");
    if (span.isRecording()) kept++;
    const child = tracer.run({ span }, () => tracer.startSpan("child"));
    assertEquals(child.isRecording(), span.isRecording());
    assertEquals(child.spanContext()?.traceId, span.spanContext()?.traceId);
  }
  // Six standard deviations of 40: fails by chance less than once in 500 million runs.
  assert(Math.abs(kept - 2000) < 240, `kept ${kept} of 10000`);
});

for (const ratio of [-0.1, 1.1, NaN]) {
  Deno.test(`parentBasedSampler() refuses ${ratio}`, () => {
    assertThrows(() => parentBasedSampler(ratio), RangeError, `got ${ratio}`);
  });
}

Deno.test("a span that is not kept has ids that stay, and takes everything", () => {
  const { recorder, tracer } = setUp({ sampler: () => false });
  const span = tracer.startSpan("s", { parent: REMOTE });
  span.setAttribute("a", 1).setAttributes({ b: 1 }).addEvent("e").addLink({ context: REMOTE });
  span.setStatus({ code: "ok" }).updateName("x").recordException(new Error("e"))[Symbol.dispose]();
  const context = span.spanContext();
  assertEquals(span.spanContext(), context);
  assertEquals([context?.traceId, context?.sampled, context?.traceState], [
    REMOTE.traceId,
    false,
    "a=1",
  ]);
  assert(context?.spanId !== REMOTE.spanId);
  assertEquals(recorder.names, []);
});

Deno.test("noopTracer has no ids, and passes on those of a caller", () => {
  const span = noopTracer.startSpan("s");
  assertEquals([span, span.spanContext()], [noopSpan, undefined]);
  const passed = noopTracer.startSpan("s", { parent: REMOTE });
  assertEquals(passed.spanContext(), REMOTE);
  noopTracer.run({ span: passed }, () => {
    assertEquals(noopTracer.startSpan("inner").spanContext(), REMOTE);
    assertEquals(noopTracer.startSpan("root", { parent: null }).spanContext(), undefined);
  });
  assertEquals(noopTracer.scope(), {});
});

Deno.test("useTracer() brings back the tracer before", () => {
  const { tracer, recorder } = setUp();
  {
    using _tracing = useTracer(tracer);
    withSpan("seen", () => {});
  }
  withSpan("not seen", () => {});
  assertEquals(recorder.names, ["seen"]);
});

Deno.test("SpanRecorder names what it has when asked for what it has not", () => {
  const { tracer, recorder } = setUp();
  tracer.startSpan("a").end();
  assertThrows(() => recorder.span("b"), Error, `Cannot find span "b": there are ["a"]`);
  recorder.clear();
  assertEquals(recorder.names, []);
});
