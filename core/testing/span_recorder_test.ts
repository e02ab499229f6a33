import { assertEquals, assertThrows } from "@std/assert";
import { createTracer } from "../trace/create_tracer.ts";
import { SpanRecorder } from "./span_recorder.ts";

Deno.test("SpanRecorder keeps spans as they end, finds them by name and forgets them", async () => {
  await using recorder = new SpanRecorder();
  const tracer = createTracer({ processor: recorder });
  const outer = tracer.startSpan("outer", { attributes: { a: 1 } });
  tracer.startSpan("inner").end();
  outer.end();
  await recorder.flush();
  assertEquals(recorder.names, ["inner", "outer"]);
  assertEquals(recorder.attributes("outer"), { a: 1 });
  assertThrows(
    () => recorder.span("absent"),
    Error,
    'Cannot find span "absent": there are ["inner","outer"]',
  );
  recorder.clear();
  assertEquals(recorder.names, []);
});
