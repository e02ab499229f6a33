import { assert, assertEquals, assertRejects } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { runWithPreviousAttempts } from "../../core/retry/chain.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { echo } from "../testing/echo_service.ts";
import { openInstances } from "../testing/instances.ts";

const hang = () => new Promise<never>(() => {});
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

Deno.test("RpcClient makes a second call when the first is slow", async () => {
  let canceled = 0;
  await using it = await openInstances({
    a: (_request, call) => {
      call.onCancel(() => canceled++);
      return hang();
    },
    b: (r) => r,
  }, { hedge: { delayMs: 20 } });
  const budget = Array.from(
    { length: 25 },
    () => it.stub.look(echo(""), { hedge: false, timeoutMs: 5 }).catch(() => {}),
  );
  await Promise.all(budget);
  const hedged = Array.from(
    { length: 21 },
    () => it.stub.look(echo("x"), { timeoutMs: 300, retry: false }).catch(() => undefined),
  );
  const answers = await Promise.all(hedged);
  const before = it.counts.b;
  assert(answers.filter((answer) => answer?.text === "x").length > 10, `${before}`);
  assert(canceled > 0);
});
