import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { createTracer } from "../../core/trace/create_tracer.ts";
import {
  currentBaggage,
  useTracer,
  withBaggage,
  withSpan,
} from "../../core/trace/active_tracer.ts";
import { SpanRecorder } from "../../core/testing/span_recorder.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("counts calls and their times", async (kind) => {
  await using pair = await openPair(kind, {
    handlers: { look: () => Promise.reject(new ServiceError("not_found", "no")) },
  });
  await pair.stub.say(echo(""));
  await pair.stub.say(echo(""));
  await assertRejects(() => pair.stub.look(echo("")));
  await sleep(5);
  for (const side of ["server", "client"]) {
    const codes = pair.metrics.counter({
      namespace: `rpc_${side}`,
      subsystem: "requests",
      name: "code_total",
      help: side === "server" ? "Calls served, by status code." : "Calls made, by status code.",
      labels: ["method", "code"],
    });
    assertEquals(codes.labels("/zeno.testing.EchoService/Say", "0").value, 2, side);
    assertEquals(codes.labels("/zeno.testing.EchoService/Look", "5").value, 1, side);
  }
});

testEachKind("logs a line for each call, with secrets masked", async (kind) => {
  await using pair = await openPair(kind, {
    server: {
      Middlewares: { StatConf: { IgnoreContentMethods: [echoService.methods.look.path] } },
    },
  });
  await pair.stub.say(echo("hello", 7));
  await pair.stub.look(echo("hidden"));
  await sleep(5);
  const lines = pair.log.contents("info").map(String).filter((line) =>
    line.includes("EchoService")
  );
  assertEquals(lines.length, 1);
  assert(
    lines[0]!.endsWith('/zeno.testing.EchoService/Say - {"text":"hello","number":7}'),
    lines[0],
  );
});

testEachKind("makes one trace of caller and service, and carries baggage", async (kind) => {
  let tenant: string | undefined;
  await using pair = await openPair(kind, {
    handlers: {
      say: async (request) => {
        await sleep(1);
        tenant = currentBaggage().get("tenant");
        return request;
      },
    },
  });
  const recorder = new SpanRecorder();
  using _tracing = useTracer(createTracer({ processor: recorder }));
  await withBaggage(
    currentBaggage().set("tenant", "acme"),
    () => withSpan("outer", () => pair.stub.say(echo("")).then(() => {})),
  );
  await Array.fromAsync(pair.stub.count(echo("", 2)));
  assertEquals(tenant, "acme");
  const [server, client, outer] = recorder.spans;
  assertEquals([server?.name, client?.name, outer?.name], [
    "zeno.testing.EchoService/Say",
    "zeno.testing.EchoService/Say",
    "outer",
  ]);
  assertEquals([server?.kind, client?.kind], ["server", "client"]);
  assertEquals(server?.parent?.spanId, client?.context.spanId);
  assertEquals(client?.parent?.spanId, outer?.context.spanId);
  assertEquals([server?.events.length, client?.events.length], [2, 2]);
  assertEquals(client?.attributes.get("rpc.grpc.status_code"), 0);
});

testEachKind("passes a trace on though nobody records it", async (kind) => {
  const seen: string[] = [];
  await using back = await openPair(kind, {
    handlers: {
      say: (request, { traceId }) => {
        seen.push(traceId);
        return request;
      },
    },
  });
  await using front = await openPair(kind, {
    handlers: {
      say: async (request, { traceId }) => {
        await sleep(1);
        seen.push(traceId);
        return await back.stub.say(request);
      },
    },
  });
  await front.stub.say(echo(""));
  assertEquals(seen.length, 2);
  assertEquals(seen[0], seen[1]);
});
