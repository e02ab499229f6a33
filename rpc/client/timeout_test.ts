import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { runWithDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { sharedDeadlines } from "../../core/timeout/shared_deadlines.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openInstances } from "../testing/instances.ts";

const TIMEOUTS = [
  {
    name: "ends within the client's time",
    config: { Timeout: 500 },
    options: {},
    runMs: 20,
    ok: true,
  },
  {
    name: "is given up after the client's time",
    config: { Timeout: 40 },
    options: {},
    runMs: 5_000,
    ok: false,
  },
  {
    name: "may be given more time",
    config: { Timeout: 40 },
    options: { timeoutMs: 500 },
    runMs: 120,
    ok: true,
  },
  {
    name: "may be given less time",
    config: { Timeout: 5_000 },
    options: { timeoutMs: 40 },
    runMs: 5_000,
    ok: false,
  },
  {
    name: "may be given all time",
    config: { Timeout: 40 },
    options: { timeoutMs: 0 },
    runMs: 120,
    ok: true,
  },
  {
    name: "has no limit where the client has none",
    config: { Timeout: 0 },
    options: {},
    runMs: 60,
    ok: true,
  },
  {
    name: "has no limit where the layer is off",
    config: { Timeout: 20, Middlewares: { Timeout: false } },
    options: {},
    runMs: 60,
    ok: true,
  },
  {
    name: "has the time of its method",
    config: {
      Timeout: 5_000,
      MethodTimeouts: [{ FullMethod: echoService.methods.say.path, Timeout: 40 }],
    },
    options: {},
    runMs: 5_000,
    ok: false,
  },
];

for (const { name, config, options, runMs, ok } of TIMEOUTS) {
  Deno.test(`a call of RpcClient ${name}`, async () => {
    const left: number[] = [];
    const timers: Disposable[] = [];
    await using it = await openInstances(
      {
        a: (request, call) => {
          left.push(call.remainingMs);
          return new Promise((resolve) =>
            timers.push(systemClock.setTimer(() => resolve(request), runMs))
          );
        },
      },
      {},
      config,
    );
    const run = () => it.stub.say(echo("x"), options);
    if (ok) assertEquals((await run()).text, "x");
    else await assertRejects(run, DeadlineExceededError);
    for (const timer of timers) timer[Symbol.dispose]();
    assertEquals(left.length, 1);
  });
}

Deno.test("a call of RpcClient goes no further than the current deadline", async () => {
  const left: number[] = [];
  await using it = await openInstances({
    a: (request, call) => {
      left.push(call.remainingMs);
      return request;
    },
  });
  using deadline = new Deadline(200);
  await runWithDeadline(deadline, () => it.stub.say(echo(""), { timeoutMs: 5_000 }));
  sharedDeadlines[Symbol.dispose]();
  assert(left[0]! <= 200, `${left[0]}`);
});
