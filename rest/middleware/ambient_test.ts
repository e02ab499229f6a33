import { assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
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
