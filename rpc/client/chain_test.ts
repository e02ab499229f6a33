/** What is around calls, and what turns it off. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { runAmbient } from "../../core/ambient.ts";
import { ServiceError } from "../../core/errors.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { PassedSpan } from "../../core/trace/passed_span.ts";
import { newSpanId, newTraceId } from "../../core/trace/propagation.ts";
import { echo } from "../testing/echo_service.ts";
import { openFake } from "../testing/open_fake.ts";
import type { OutgoingCall } from "../transport/transport.ts";
import type { RpcClientConfInput } from "./config.ts";

/** Fails a call of an instance, and tells what became of it: what was sent, logged and counted. */
async function failOne(config: RpcClientConfInput) {
  const log = new MemoryLog();
  const metrics = new MetricRegistry();
  let sent: OutgoingCall | undefined;
  await using it = await openFake(
    ["a"],
    (_request, call) => {
      sent = call;
      return Promise.reject(new ServiceError("aborted", "no"));
    },
    { log, metrics },
    config,
  );
  it.transport.to("a").enter("ready");
  const span = new PassedSpan({ traceId: newTraceId(), spanId: newSpanId(), sampled: false });
  await runAmbient({ span }, () => assertRejects(() => it.stub.say(echo("")), ServiceError, "no"));
  await it.clock.advance(0);
  return {
    sent: (name: string) => sent?.metadata?.get(name),
    hasDeadline: sent?.deadline !== undefined,
    lines: log.contents("error").length,
    figures: renderText(metrics.snapshot()).includes("rpc_client_requests_code_total{"),
  };
}

const SWITCHES = [
  { name: "Trace", trace: false },
  { name: "Duration", lines: 0 },
  { name: "Prometheus", figures: false },
  { name: "Timeout", deadline: false },
  { name: "Breaker" },
] as const;
for (const { name, ...off } of SWITCHES) {
  Deno.test(`Middlewares.${name} turns off that layer alone`, async () => {
    const outcome = await failOne({ Middlewares: { [name]: false } });
    const { trace = true, lines = 1, figures = true, deadline = true } = off as {
      trace?: boolean;
      lines?: number;
      figures?: boolean;
      deadline?: boolean;
    };
    assertEquals(
      [outcome.sent("traceparent") !== undefined, outcome.lines, outcome.figures],
      [trace, lines, figures],
    );
    assertEquals(outcome.hasDeadline, deadline);
  });
}

for (
  const [App, Token, sent] of [
    ["shop", "s3cret", ["shop", "s3cret"]],
    ["shop", "", [undefined, undefined]],
    ["", "s3cret", [undefined, undefined]],
  ] as const
) {
  Deno.test(`credentials "${App}" and "${Token}" are sent if both are there`, async () => {
    const outcome = await failOne({ App, Token });
    assertEquals(["app", "token"].map(outcome.sent), [...sent]);
  });
}

Deno.test("RpcClient.use() holds for streams that were called before, too", async () => {
  await using it = await openFake(["a"]);
  it.transport.to("a").enter("ready");
  const read = () => Array.fromAsync(it.stub.chat([echo("x")]));
  assertEquals((await read())[0]?.text, "x");
  let seen = 0;
  it.client.use({
    stream: (next) => (requests, call) => {
      seen++;
      return next(requests, call);
    },
  });
  await read();
  assertEquals(seen, 1);
});

Deno.test("a call rejects when an interceptor throws", async () => {
  await using it = await openFake(["a"]);
  it.client.use({
    unary: () => () => {
      throw new TypeError("broken interceptor");
    },
  });
  const call = it.stub.say(echo(""));
  await assertRejects(() => call, TypeError, "broken interceptor");
});

for (const [count, text] of [[0, "there is none"], [2, "more than one answer"]] as const) {
  Deno.test(`a call of one answer rejects when there are ${count}`, async () => {
    await using it = await openFake(["a"]);
    it.transport.to("a").enter("ready");
    const requests = Array.from({ length: count }, () => echo(""));
    const error = await assertRejects(() => it.stub.sum(requests), ServiceError, text);
    assertEquals([error.code, it.transport.to("a").openStreams], ["internal", 0]);
    assert(error.message.includes("/zeno.testing.EchoService/Sum"));
  });
}
