import { activeTracer, runWithSpan, startSpan, useTracer, withSpan } from "./active_tracer.ts";
import { extractContext, injectContext, traceResponse } from "./carrier.ts";
import { createTracer } from "./create_tracer.ts";
import { httpServerAttributes } from "./http_span.ts";
import { newTraceId } from "./propagation.ts";
import { parentBasedSampler } from "./sampler.ts";
import type { Tracer } from "./tracer.ts";

const processor = { onEnd() {} };
const on = createTracer({ processor });
const unsampled = createTracer({ processor, sampler: parentBasedSampler(0) });
const tenth = createTracer({ processor, sampler: parentBasedSampler(0.1) });
const attributes = { "http.method": "GET", "http.route": "/users/:id", "http.status_code": 200 };
const headers = new Headers();

Deno.bench({ name: "off", group: "startSpan() and end()", baseline: true }, () => {
  startSpan("GET").end();
});
Deno.bench({ name: "not kept, sampler 0", group: "startSpan() and end()" }, () => {
  unsampled.startSpan("GET").end();
});
Deno.bench({ name: "sampler 0.1", group: "startSpan() and end()" }, () => {
  tenth.startSpan("GET").end();
});
Deno.bench({ name: "kept", group: "startSpan() and end()" }, () => on.startSpan("GET").end());
Deno.bench({ name: "kept, with 3 attributes", group: "startSpan() and end()" }, () => {
  on.startSpan("GET", { kind: "server", attributes }).end();
});

Deno.bench({ name: "off", group: "withSpan()", baseline: true }, () => {
  withSpan("GET", () => {});
});
for (const [name, tracer] of Object.entries({ "not kept, sampler 0": unsampled, kept: on })) {
  Deno.bench({ name, group: "withSpan()" }, (bench) => {
    using _tracing = useTracer(tracer);
    bench.start();
    for (let call = 0; call < 1000; call++) withSpan("GET", () => {});
    bench.end();
  });
}

Deno.bench({ name: "newTraceId()", group: "ids" }, () => void newTraceId());
Deno.bench({ name: "injectContext()", group: "ids" }, (bench) => {
  using _tracing = useTracer(on);
  runWithSpan(startSpan("GET"), () => {
    bench.start();
    for (let call = 0; call < 1000; call++) injectContext(headers);
    bench.end();
  });
});

// What a server does for each request, as the trace layer of `rest` does it.
const incoming = new Request("http://localhost/users/7", { headers: { "user-agent": "bench" } });
const answered = () => {};

function serve(tracer: Tracer): void {
  const remote = extractContext(incoming.headers);
  const span = tracer.startSpan("/users/:id", { kind: "server", parent: remote.span ?? null });
  if (span.isRecording()) {
    span.setAttributes(httpServerAttributes(incoming, { route: "/users/:id" }));
  }
  tracer.run({ span, baggage: remote.baggage }, answered);
  span.end();
}

Deno.bench({ name: "off", group: "a request", baseline: true }, () => serve(activeTracer()));
Deno.bench({ name: "ids only", group: "a request" }, () => serve(unsampled));
Deno.bench({ name: "kept", group: "a request" }, () => serve(on));
Deno.bench({ name: "extractContext() of none", group: "a request" }, () => {
  extractContext(incoming.headers);
});
const answer = new Response("ok");
const ids = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  sampled: true,
};
Deno.bench({ name: "traceResponse()", group: "a request" }, () => void traceResponse(answer, ids));
