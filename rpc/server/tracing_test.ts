import { assertEquals, assertMatch } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import { currentBaggage, currentSpan, useTracer } from "../../core/trace/active_tracer.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { echo, type EchoMethods, echoService } from "../testing/echo_service.ts";
import { defaultServerChain } from "./chain.ts";
import type { Implementation } from "./handler.ts";

const { count, sum } = echoService.methods;
const REMOTE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** The echo service, and what is recorded of its calls. */
function recorded(handlers: Partial<Implementation<EchoMethods>> = {}) {
  const recorder = new SpanRecorder();
  const tracing = useTracer(createTracer({ processor: recorder }));
  const bed = new ChainBed({ handlers });
  return {
    bed,
    /** The one span. */
    get span() {
      assertEquals(recorder.spans.length, 1);
      return recorder.spans[0]!;
    },
    get events() {
      return recorder.spans[0]!.events.map(({ name, attributes }) => {
        assertEquals(name, "message");
        const { "message.type": type, "message.id": id, "message.uncompressed_size": size } = Object
          .fromEntries(attributes instanceof Map ? attributes : Object.entries(attributes ?? {}));
        return `${type} ${id} ${size}`;
      });
    },
    [Symbol.dispose]() {
      bed[Symbol.dispose]();
      tracing[Symbol.dispose]();
    },
  };
}

const UNARY: {
  name: string;
  thrown?: unknown;
  code: number;
  events: string[];
  message?: string;
}[] = [
  { name: "is answered", code: 0, events: ["RECEIVED 1 3", "SENT 1 3"] },
  {
    name: "fails with a status",
    thrown: new ServiceError("not_found", "no such"),
    code: 5,
    events: ["RECEIVED 1 3", "SENT 1 undefined"],
    message: "no such",
  },
  {
    name: "fails as nobody meant it to",
    thrown: new TypeError("s3cret"),
    code: 13,
    events: ["RECEIVED 1 3", "SENT 1 undefined"],
    message: "Cannot finish call: unexpected error",
  },
];

for (const { name, thrown, code, events, message } of UNARY) {
  for (const later of [false, true]) {
    Deno.test(`a call that ${name} ${later ? "later" : "at once"} is a span of its caller's trace`, async () => {
      using it = recorded({
        say: (request) => {
          if (thrown && !later) throw thrown;
          return later
            ? Promise.resolve().then(() => thrown ? Promise.reject(thrown) : request)
            : request;
        },
      });
      const metadata = { traceparent: REMOTE, tracestate: "a=b", baggage: "tenant=acme" };
      await it.bed.say("a", { metadata }).catch(() => {});
      const { span } = it;
      assertEquals([span.name, span.kind], ["zeno.testing.EchoService/Say", "server"]);
      const { "net.peer.port": port, ...attributes } = Object.fromEntries(span.attributes);
      assertEquals(String(port), "5000");
      assertEquals(attributes, {
        "rpc.system": "grpc",
        "rpc.service": "zeno.testing.EchoService",
        "rpc.method": "Say",
        "net.peer.ip": "10.0.0.9",
        "rpc.grpc.status_code": code,
      });
      assertEquals(it.events, events);
      assertEquals([span.context.traceId, span.parent?.spanId], [
        REMOTE.slice(3, 35),
        REMOTE.slice(36, 52),
      ]);
      assertEquals(
        [span.status.code, span.status.message],
        message ? ["error", message] : ["unset", undefined],
      );
    });
  }
}

for (
  const traceparent of [
    undefined,
    "",
    "nonsense",
    "00-00000000000000000000000000000000-0000000000000000-01",
  ]
) {
  Deno.test(`a call whose traceparent is ${JSON.stringify(traceparent)} begins a trace`, async () => {
    using it = recorded();
    await it.bed.say("", { metadata: traceparent === undefined ? {} : { traceparent } });
    assertEquals(it.span.parent, undefined);
    assertMatch(it.span.context.traceId, /^(?!0{32})[0-9a-f]{32}$/);
  });
}

Deno.test("a stream is one span, with an event for each message of either side", async () => {
  using it = recorded();
  await Array.fromAsync(it.bed.stream(count, [echo("a", 2)]).answer);
  assertEquals(it.events, ["RECEIVED 1 5", "SENT 1 5", "SENT 2 5"]);
  assertEquals(it.span.attributes.get("rpc.grpc.status_code"), 0);
});

Deno.test("requests of a stream count by themselves", async () => {
  using it = recorded();
  await Array.fromAsync(it.bed.stream(sum, [echo("", 1), echo("", 1)]).answer);
  assertEquals(it.events, ["RECEIVED 1 2", "RECEIVED 2 2", "SENT 1 2"]);
});

Deno.test("the span of a stream tells whether it failed, or its caller left", async () => {
  for (const text of ["fail", "leave"]) {
    using it = recorded({
      async *count() {
        yield echo("");
        if (text === "fail") throw new ServiceError("aborted", "no");
        yield echo("");
      },
    });
    try {
      for await (const _ of it.bed.stream(count, [echo("")]).answer) if (text === "leave") break;
    } catch {
      // As it should.
    }
    assertEquals(it.span.attributes.get("rpc.grpc.status_code"), text === "fail" ? 10 : 1);
    assertEquals(it.span.status.code, text === "fail" ? "error" : "unset");
  }
});

Deno.test("handlers and their logs are within the span, however deep, and hear of the baggage", async () => {
  const seen: unknown[] = [];
  using it = recorded({
    say: async (request, { log, traceId }) => {
      await Promise.resolve();
      log.info("within");
      seen.push(traceId, currentSpan()?.spanContext()?.traceId, currentBaggage().get("tenant"));
      return request;
    },
  });
  await it.bed.say("", { metadata: { traceparent: REMOTE, baggage: "tenant=acme" } });
  assertEquals(seen, [REMOTE.slice(3, 35), REMOTE.slice(3, 35), "acme"]);
  const line = it.bed.log.records.find(({ content }) => content === "within");
  assertEquals([line?.fields.trace, line?.fields.span], [
    REMOTE.slice(3, 35),
    it.span.context.spanId,
  ]);
});

Deno.test("handlers add to the span of their call, and a chain of Trace alone hears of the baggage", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  const chain = defaultServerChain.filter(({ name }) => name === "Trace");
  for (const options of [{}, { chain }]) {
    recorder.clear();
    let tenant: string | undefined;
    using bed = new ChainBed({
      ...options,
      handlers: {
        say: async (request) => {
          await Promise.resolve();
          tenant = currentBaggage().get("tenant");
          currentSpan()?.setAttribute("rows", 7);
          return request;
        },
      },
    });
    await bed.say("", { metadata: { baggage: "tenant=acme" } });
    assertEquals([recorder.spans[0]?.attributes.get("rows"), tenant], [7, "acme"]);
  }
});

Deno.test("a message that cannot be measured is traced all the same", async () => {
  using it = recorded({ say: () => ({ text: 7 }) as never });
  await it.bed.say("a");
  assertEquals(it.events, ["RECEIVED 1 3", "SENT 1 undefined"]);
});

Deno.test("the switch of Trace leaves no span", async () => {
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  using bed = new ChainBed({ config: { Middlewares: { Trace: false } } });
  await bed.say();
  assertEquals(recorder.spans, []);
});
