import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { FakeIncomingCall } from "../testing/fake_incoming_call.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { defaultServerChain } from "./chain.ts";

const hang = () => new Promise<never>(() => {});
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("gives up after the method's time, and aborts its signal", async (kind) => {
  const aborted = Promise.withResolvers<unknown>();
  await using pair = await openPair(kind, {
    server: { Timeout: 60 },
    handlers: {
      say: (_request, { signal }) => {
        signal.addEventListener("abort", () => aborted.resolve(signal.reason));
        return hang();
      },
    },
  });
  const error = await assertRejects(() => pair.stub.say(echo("")), DeadlineExceededError);
  assert(error.message.includes("60 ms"), error.message);
  assertEquals((await aborted.promise as Error).name, "TimeoutError");
});

testEachKind("gives single methods another time, and 0 means none", async (kind) => {
  await using pair = await openPair(kind, {
    server: {
      Timeout: 40,
      MethodTimeouts: [
        { FullMethod: echoService.methods.say.path, Timeout: 500 },
        { FullMethod: echoService.methods.look.path, Timeout: 0 },
      ],
    },
    handlers: {
      say: (request) => sleep(100).then(() => request),
      look: (request) => sleep(100).then(() => request),
    },
  });
  assertEquals((await pair.stub.say(echo("a"))).text, "a");
  assertEquals((await pair.stub.look(echo("b"))).text, "b");
});

testEachKind("aborts the signal of a handler whose caller goes", async (kind) => {
  const begun = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<unknown>();
  await using pair = await openPair(kind, {
    handlers: {
      say: (_request, { signal }) => {
        signal.addEventListener("abort", () => aborted.resolve(signal.reason));
        begun.resolve();
        return hang();
      },
    },
  });
  const controller = new AbortController();
  const rejected = assertRejects(
    () => pair.stub.say(echo(""), { signal: controller.signal }),
    Error,
    "enough",
  );
  await begun.promise;
  controller.abort(new Error("enough"));
  await rejected;
  assertEquals((await aborted.promise as Error).name, "AbortError");
});

const SAY = echoService.methods.say.path;

interface LimitCase {
  name: string;
  /** `Timeout` of the server. */
  limit: number;
  own?: { FullMethod?: string; Timeout: number }[];
  /** What the caller gives. */
  caller?: number;
  /** How long the handler takes. */
  run: number;
  code?: string;
}

const LIMITS: LimitCase[] = [
  {
    name: "the caller's time is shorter",
    limit: 10,
    caller: 1,
    run: 50,
    code: "deadline_exceeded",
  },
  {
    name: "the method's time is shorter",
    limit: 10,
    caller: 90,
    run: 50,
    code: "deadline_exceeded",
  },
  { name: "there is time enough", limit: 1_000, run: 50 },
  { name: "the handler takes too long", limit: 1_000, run: 2_000, code: "deadline_exceeded" },
  {
    name: "the method has more time than the others",
    limit: 1_000,
    own: [{ FullMethod: SAY, Timeout: 3_000 }],
    run: 2_000,
  },
  {
    name: "the method has less time than the others",
    limit: 1_000,
    own: [{ FullMethod: SAY, Timeout: 100 }],
    run: 500,
    code: "deadline_exceeded",
  },
  {
    name: "only the method has a limit",
    limit: 0,
    own: [{ FullMethod: SAY, Timeout: 100 }],
    run: 500,
    code: "deadline_exceeded",
  },
  {
    name: "the method alone has none",
    limit: 100,
    own: [{ FullMethod: SAY, Timeout: 0 }],
    run: 500,
  },
  {
    name: "the method has two limits, of which the last counts",
    limit: 100,
    own: [{ FullMethod: SAY, Timeout: 100 }, { FullMethod: SAY, Timeout: 1_000 }],
    run: 500,
  },
  {
    name: "limits of others and of none do not count",
    limit: 1_000,
    own: [{ Timeout: 1 }, { FullMethod: "", Timeout: 1 }, { FullMethod: "/a.B/C", Timeout: 1 }],
    run: 500,
  },
  { name: "nobody sets a limit", limit: 0, run: 3_600_000 },
  { name: "the limit is below zero", limit: -5, run: 10_000 },
  {
    name: "only the caller sets a limit",
    limit: 0,
    caller: 100,
    run: 500,
    code: "deadline_exceeded",
  },
];

for (const { name, limit, own = [], caller, run, code } of LIMITS) {
  Deno.test(`a call ends ${code ? "by its deadline" : "well"} where ${name}`, async () => {
    using bed: ChainBed = new ChainBed({
      config: { Timeout: limit, MethodTimeouts: own },
      handlers: { say: (request) => bed.clock.sleep(run).then(() => request) },
    });
    const timeoutMs = caller ?? Infinity;
    let outcome: unknown;
    bed.say("", { timeoutMs }).then(() => outcome = undefined, ({ code }) => outcome = code);
    const first = Math.min(run, caller ?? run);
    await bed.clock.advance(
      code ? Math.min(first, limit || first, own[0]?.Timeout ?? first) + 20 : run,
    );
    assertEquals(outcome, code);
    await bed.clock.advance(run);
  });
}

Deno.test("a handler whose caller has gone, or whose caller's time is up, does not begin", async () => {
  let begun = 0;
  using bed = new ChainBed({
    handlers: {
      say: (request) => {
        begun++;
        return request;
      },
    },
    interceptors: [{ unary: (next) => (request, context) => next(request, context) }],
  });
  const late = await assertRejects(() => bed.say("", { timeoutMs: 0 }), ServiceError);
  assertEquals(late.code, "deadline_exceeded");
  for (const Breaker of [true, false]) {
    using other = new ChainBed({
      config: { Middlewares: { Breaker } },
      chain: [{
        name: "Away",
        create: () => ({
          unary: (next) => (request, context) => {
            if (context.call instanceof FakeIncomingCall) context.call.cancel();
            return next(request, context);
          },
        }),
      }, ...defaultServerChain],
      handlers: { say: () => assert(false, "it began") as never },
    });
    const gone = await assertRejects(() => other.say(), ServiceError);
    assertEquals(gone.code, "canceled");
    assertEquals(other.environment.breakers.get(SAY)?.explain().total ?? 0, 0);
  }
  assertEquals(begun, 0);
});

Deno.test("what a handler throws is thrown, and what it throws too late is logged and told nobody", async () => {
  using bed: ChainBed = new ChainBed({
    config: { Timeout: 100 },
    handlers: {
      say: ({ text }) =>
        bed.clock.sleep(Number(text)).then(() => {
          throw text === "150" ? new ServiceError("aborted", "late") : Object.create(null);
        }),
    },
  });
  const outcomes = ["50", "150", "200"].map((ms) =>
    bed.say(ms).catch((error: ServiceError) => error.code)
  );
  await bed.clock.advance(300);
  assertEquals(await Promise.all(outcomes), [
    "internal",
    "deadline_exceeded",
    "deadline_exceeded",
  ]);
  const lines = bed.log.contents("error").filter((line) => String(line).includes("unexpected"));
  assertEquals(lines.length, 2);
});

Deno.test("a call that is over leaves no timer", async () => {
  const bed = new ChainBed({ handlers: { say: (request) => Promise.resolve(request) } });
  await bed.say("", { timeoutMs: 1_000 });
  await bed.say();
  assertEquals(bed.environment.deadlines.size, 0);
  bed[Symbol.dispose]();
  assertEquals(bed.clock.pendingTimers, 0);
});
