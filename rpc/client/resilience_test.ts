import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { isRetryFinal, runWithPreviousAttempts } from "../../core/retry/chain.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { echo } from "../testing/echo_service.ts";
import { openInstances } from "../testing/instances.ts";
import { openFake } from "../testing/open_fake.ts";
import type { CallOptions } from "./client_call.ts";
import type { RpcClientOptions } from "./options.ts";

const unavailable = () => Promise.reject(new ServiceError("unavailable", "down"));

Deno.test("RpcClient does not call again what may not be called twice", async () => {
  await using it = await openInstances({ a: unavailable, b: (r) => r });
  const outcomes = await Promise.allSettled([1, 2].map(() => it.stub.say(echo(""))));
  assertEquals(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assertEquals(it.counts, { a: 1, b: 1 });
});

Deno.test("RpcClient calls another instance when one fails that may be called twice", async () => {
  const retryBudget = new RetryBudget({ minPerSecond: 100 });
  await using it = await openInstances({ a: unavailable, b: (r) => r }, {
    retry: { baseMs: 0 },
    retryBudget,
  });
  for (let i = 0; i < 4; i++) assertEquals((await it.stub.look(echo("x"))).text, "x");
  assertEquals(it.counts.b, 4);
  assertEquals((await it.stub.say(echo("y"), { idempotent: true })).text, "y");
});

Deno.test("RpcClient retries no more than its budget", async () => {
  const retryBudget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
  await using it = await openInstances({ a: unavailable }, { retryBudget, retry: { baseMs: 0 } });
  await assertRejects(() => it.stub.look(echo("")), ServiceError, "down");
  assertEquals(it.counts.a, 1);
});

Deno.test("RpcClient does not retry while it works for a retry, and says that it is one", async () => {
  const seen: (string | undefined)[] = [];
  await using it = await openInstances(
    {
      a: (_request, call) => {
        seen.push(call.header("grpc-previous-rpc-attempts"));
        return unavailable();
      },
    },
    { retry: { baseMs: 0 } },
    { Middlewares: { Breaker: false } },
  );
  await runWithPreviousAttempts(1, () => assertRejects(() => it.stub.look(echo(""))));
  assertEquals(seen, ["1"]);
  await assertRejects(() => it.stub.look(echo("")));
  assertEquals(seen, ["1", undefined, "1", "2"]);
});

/** Two instances that answer, until the first hangs, and a client that has earned two second calls. */
async function openHedged(options: RpcClientOptions) {
  let isHanging = false;
  const aborted: unknown[] = [];
  const it = await openFake(["slow", "fast"], (request, { signal }, address) => {
    if (!isHanging || address === "fast") return Promise.resolve(request);
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => (aborted.push(signal.reason), reject(signal.reason)));
    });
  }, { random: () => 0, ...options });
  for (const address of ["slow", "fast"]) it.transport.to(address).enter("ready");
  for (let i = 0; i < 40; i++) await it.stub.look(echo(""), { hedge: { delayMs: 20 } });
  isHanging = true;
  /** Calls, the first instance first; tells after how long there was an outcome. */
  const call = async (callOptions: CallOptions = {}) => {
    const startedMs = it.clock.now();
    const calls = ["slow", "fast"].map((address) => it.transport.to(address).calls);
    let tookMs = NaN;
    const end = () => tookMs = it.clock.now() - startedMs;
    it.stub.look(echo(""), callOptions).then(end, end);
    await it.clock.advance(2_000);
    const made = ["slow", "fast"].map((address, i) => it.transport.to(address).calls - calls[i]!);
    return { tookMs, made };
  };
  return { ...it, call, aborted };
}

Deno.test("RpcClient makes a second call elsewhere when the first is slow, and gives the first up", async () => {
  await using it = await openHedged({ hedge: { delayMs: 20 } });
  assertEquals(await it.call(), { tookMs: 20, made: [1, 1] });
  assertEquals(it.aborted.length, 1);
});

Deno.test("RpcClient makes no second call that is not asked for, or not of this call", async () => {
  await using never = await openHedged({});
  assertEquals((await never.call()).made, [1, 0]);
  await using it = await openHedged({ hedge: { delayMs: 20 } });
  assertEquals((await it.call({ hedge: false })).made, [1, 0]);
  await it.stub.look(echo("")); // The other's turn.
  assertEquals((await it.call({ idempotent: false })).made, [1, 0]);
});

Deno.test("RpcClient makes no more second calls than a twentieth of the calls", async () => {
  await using it = await openHedged({ hedge: { delayMs: 20 } });
  const made: number[][] = [];
  for (let i = 0; i < 4; i++) {
    made.push((await it.call()).made);
    // The turn of the first again.
    if (made.at(-1)![1] === 0) await it.stub.look(echo(""), { hedge: false });
  }
  assertEquals(made, [[1, 1], [1, 1], [1, 0], [1, 0]]);
});

Deno.test("RpcClient retries a call as it is told for this call", async () => {
  const retryBudget = new RetryBudget({ minPerSecond: 100 });
  await using it = await openInstances({ a: unavailable }, { retry: { baseMs: 0 }, retryBudget });
  for (
    const [retry, calls] of [[undefined, 3], [false, 1], [{ attempts: 2, baseMs: 0 }, 2]] as const
  ) {
    const before = it.counts.a!;
    await assertRejects(() => it.stub.look(echo(""), { retry }), ServiceError, "down");
    assertEquals(it.counts.a! - before, calls);
  }
});

Deno.test("what RpcClient has retried in vain nobody further up retries", async () => {
  const retryBudget = new RetryBudget({ minPerSecond: 100 });
  await using it = await openInstances({ a: unavailable }, { retry: { baseMs: 0 }, retryBudget });
  const error = await assertRejects(() => it.stub.look(echo("")), ServiceError, "down");
  assert(isRetryFinal(error));
});
