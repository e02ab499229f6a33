// A service whose spans Deno exports: started by telemetry_test.ts with OTEL_DENO=true.
import {
  activeTracer,
  Baggage,
  currentBaggage,
  currentSpan,
  startTelemetry,
  withBaggage,
  withSpan,
} from "@zeno/zeno/core/trace";
import { noopLogger } from "@zeno/zeno/core/log";

const endpoint = Deno.args[0];
const config = { Endpoint: endpoint, Batcher: "otlphttp", Sampler: 0 } as const;
await using telemetry = await startTelemetry(config, {
  serviceName: "orders",
  logger: noopLogger,
});

const parent = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  sampled: true,
  traceState: "a=1",
};
const seen = await withSpan("outer", async (span) => {
  await Promise.resolve();
  return withSpan("inner", (inner) => {
    inner.setAttributes({ whole: 7, list: ["x"] }).addEvent("message");
    inner.recordException(new Error("down")).setStatus({ code: "error", message: "down" });
    return {
      current: currentSpan() === inner,
      sameTrace: inner.spanContext()?.traceId === span.spanContext()?.traceId,
    };
  });
}, { kind: "server", parent });
const root = withSpan("root", (span) => span.spanContext()?.traceId, { parent: null });
const tenant = withBaggage(
  Baggage.empty.set("tenant", "acme", "secret"),
  () => String(currentBaggage()),
);

console.log(JSON.stringify({
  ...seen,
  root: root !== parent.traceId,
  tenant,
  after: currentSpan().isRecording(),
  exporting: telemetry.exporting,
  instrumentsHttp: activeTracer().instrumentsHttp,
}));
