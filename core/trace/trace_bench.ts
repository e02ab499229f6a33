import { runWithSpan, startSpan, useTracer, withSpan } from "./active_tracer.ts";
import { injectContext } from "./carrier.ts";
import { createTracer } from "./create_tracer.ts";
import { newTraceId } from "./propagation.ts";
import { parentBasedSampler } from "./sampler.ts";

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
