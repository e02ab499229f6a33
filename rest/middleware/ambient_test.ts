import { assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { ServiceError } from "../../core/errors.ts";
import { currentPreviousAttempts, markRetryFinal } from "../../core/retry/chain.ts";
import { currentDeadline, runWithDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { currentBaggage, spanContext } from "../../core/trace/active_tracer.ts";
import type { Handler } from "../handler.ts";
import { json } from "../response/json.ts";
import { Server } from "../server.ts";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async function answerOf(handler: Handler, headers: HeadersInit = {}, clock = new FakeClock()) {
  await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog(), clock });
  server.get("/", handler);
  return await (await server.fetch(new Request("http://localhost/", { headers }))).json();
}

Deno.test("ambientContext() passes on the caller's trace and baggage where nothing is traced", async () => {
  const seen = await answerOf(async (_request, context) => {
    await Promise.resolve();
    const { traceId, spanId, sampled } = spanContext()!;
    const own = spanId === context.span.spanId;
    return json({ traceId, sampled, own, tenant: currentBaggage().get("tenant") });
  }, { traceparent: PARENT, baggage: "tenant=acme" });
  assertEquals(seen, {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    sampled: true,
    own: true,
    tenant: "acme",
  });
});

Deno.test("ambientContext() gives requests that run at once a context each", async () => {
  await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog() });
  server.get("/:id", async (_request, context) => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
    return json(spanContext()!.traceId === context.traceId);
  });
  const answers = Array.from({ length: 20 }, async (_, id) => {
    return await (await server.fetch(new Request(`http://localhost/${id}`))).json();
  });
  assertEquals(await Promise.all(answers), Array(20).fill(true));
});

Deno.test("ambientContext() lifts the deadline once the answer is there", async () => {
  const clock = new FakeClock();
  const later = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<unknown>();
  await answerOf(
    async () => {
      await Promise.resolve();
      later.promise.then(() => seen.resolve(currentDeadline()));
      return json(currentDeadline()?.remainingMs);
    },
    {},
    clock,
  );
  later.resolve();
  assertEquals(await seen.promise, undefined);
});

Deno.test("ambientContext() is left out for a handler that never waits, and is back when it does", async () => {
  await using server = new Server({ Name: "t", Port: 0, Timeout: 500 }, { log: new MemoryLog() });
  let waits = false;
  const now = () => json(currentDeadline() !== undefined);
  server.get("/", () => waits ? Promise.resolve().then(now) : now());
  const ask = async () => await (await server.fetch(new Request("http://localhost/"))).json();
  const quick = [];
  for (let i = 0; i < 102; i++) quick.push(await ask());
  assertEquals(quick, [...Array(100).fill(true), false, false]);
  waits = true;
  await ask(); // The one request that nobody could foresee.
  waits = false;
  for (let i = 0; i < 200; i++) assertEquals(await ask(), true);
});

for (const [header, seen] of [["2", 2], ["0", 0], ["many", 0], ["-1", 0]] as const) {
  Deno.test(`ambientContext() knows that a request was attempted before: "${header}" is ${seen}`, async () => {
    const handler: Handler = async () => {
      await Promise.resolve();
      return json(currentPreviousAttempts());
    };
    assertEquals(await answerOf(handler, { "grpc-previous-rpc-attempts": header }), seen);
  });
}

Deno.test("a deadline within keeps the number of the attempt, and the other way round", async () => {
  const seen = await answerOf(async () => {
    using deadline = new Deadline(50);
    return json(
      await runWithDeadline(deadline, () => [currentPreviousAttempts(), spanContext()!.traceId]),
    );
  }, { "grpc-previous-rpc-attempts": "3", traceparent: PARENT });
  assertEquals(seen, [3, "4bf92f3577b34da6a3ce929d0e0e4736"]);
});

Deno.test("an error that was retried already tells the caller not to do it again", async () => {
  await using server = new Server({ Name: "t", Port: 0 }, { log: new MemoryLog() });
  const final = new ServiceError("unavailable", "Cannot reach database");
  markRetryFinal(final);
  server.get("/", () => Promise.reject(final));
  const response = await server.fetch(new Request("http://localhost/"));
  await response.body?.cancel();
  assertEquals(response.headers.get("grpc-retry-pushback-ms"), "-1");
});

Deno.test("work that outlives its request keeps the trace", async () => {
  const over = Promise.withResolvers<void>();
  const later = Promise.withResolvers<string | undefined>();
  const seen = await answerOf(async (_request, context) => {
    await Promise.resolve();
    over.promise.then(() => later.resolve(spanContext()?.traceId));
    return json(context.traceId);
  });
  over.resolve();
  assertEquals(await later.promise, seen);
});
