import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ERROR_CODES, ServiceError } from "../../core/errors.ts";
import { CircuitOpenError } from "../../core/breaker/errors.ts";
import { isShed, OverloadedError } from "../../core/load/errors.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { noopShedder } from "../../core/load/noop_shedder.ts";
import { shedding } from "../interceptor/server/shedding.ts";
import { DECISION_HEADER } from "../interceptor/server/failure.ts";
import type { Metadata } from "../metadata.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import { FakeIncomingCall } from "../testing/fake_incoming_call.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { defaultServerChain, type ServerLayer } from "./chain.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("opens the breaker of a method that fails, and says why", async (kind) => {
  let trailer: Metadata | undefined;
  await using pair = await openPair(kind, {
    client: { Middlewares: { Breaker: false } },
    handlers: { say: () => Promise.reject(new ServiceError("internal", "no")) },
  });
  let refused: ServiceError | undefined;
  for (let i = 0; i < 200 && !refused; i++) {
    const error = await assertRejects(
      () => pair.stub.say(echo(""), { onTrailer: (got) => trailer = got }),
      ServiceError,
    );
    if (error.code === "unavailable") refused = error;
  }
  assert(refused && isShed(refused), String(refused));
  const decision = pair.server.decisions.explain(trailer?.get("zeno-decision") ?? "");
  assertEquals([decision?.protection, decision?.target], [
    "breaker",
    "/zeno.testing.EchoService/Say",
  ]);
  assertEquals((await pair.stub.look(echo("a"))).text, "a");
});

testEachKind("does not open a breaker for answers that say no", async (kind) => {
  await using pair = await openPair(kind, {
    handlers: { say: () => Promise.reject(new ServiceError("not_found", "no")) },
  });
  for (let i = 0; i < 100; i++) {
    const error = await assertRejects(() => pair.stub.say(echo("")), ServiceError);
    assertEquals(error.code, "not_found");
  }
});

testEachKind("refuses calls over MaxConcurrency", async (kind) => {
  const answer = Promise.withResolvers<ReturnType<typeof echo>>();
  await using pair = await openPair(kind, {
    server: { MaxConcurrency: 2 },
    handlers: { say: () => answer.promise },
  });
  const first = [pair.stub.say(echo("")), pair.stub.say(echo(""))];
  await sleep(30);
  const error = await assertRejects(() => pair.stub.say(echo("")), ServiceError);
  assertEquals(error.code, "resource_exhausted");
  answer.resolve(echo("late"));
  assertEquals((await Promise.all(first)).length, 2);
});

/** Calls `say` a number of times, some milliseconds apart, and counts how they end. */
async function outcomes(bed: ChainBed, calls: number, everyMs = 1): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let i = 0; i < calls; i++) {
    const code = await bed.say().then(() => "ok", ({ code }: ServiceError) => code);
    seen.set(code, (seen.get(code) ?? 0) + 1);
    await bed.clock.advance(everyMs);
  }
  return seen;
}

/** Those with which a service says that it could not do its work; `resource_exhausted` says that it protects itself. */
const FAILURES = ["deadline_exceeded", "unimplemented", "internal", "unavailable", "data_loss"];

for (const code of ERROR_CODES) {
  const opens = FAILURES.includes(code);
  Deno.test(`a method that answers ${code} ${opens ? "opens" : "does not open"} its breaker`, async () => {
    using bed = new ChainBed({
      handlers: { say: () => Promise.reject(new ServiceError(code, "no")) },
    });
    const seen = await outcomes(bed, 400);
    const refused = opens ? seen.get("unavailable") ?? 0 : 400 - (seen.get(code) ?? 0);
    if (opens) assert(refused > 100, `${refused} refused`);
    else assertEquals(refused, 0);
    const { total } = bed.environment.breakers.get(echoService.methods.say.path)!.explain();
    assertEquals(total > 0, !["canceled", "resource_exhausted"].includes(code));
  });
}

const THROWN = [
  { name: "an error that nobody meant to throw", thrown: new TypeError("no"), opens: true },
  { name: "that time is up", thrown: new DOMException("late", "TimeoutError"), opens: true },
  { name: "that it was aborted", thrown: new DOMException("gone", "AbortError"), opens: false },
  {
    name: "that a breaker further on is open",
    thrown: new CircuitOpenError("db", { retryAfterMs: 10 }),
    opens: false,
  },
  {
    name: "that somebody further on is overloaded",
    thrown: new OverloadedError("full"),
    opens: false,
  },
];

for (const { name, thrown, opens } of THROWN) {
  Deno.test(`a method that throws ${name} ${opens ? "opens" : "does not open"} its breaker`, async () => {
    using bed = new ChainBed({ handlers: { say: () => Promise.reject(thrown) } });
    await outcomes(bed, 400);
    const { total, accepted } = bed.environment.breakers.get(echoService.methods.say.path)!
      .explain();
    assertEquals(total - accepted > 100, opens, `${total} ${accepted}`);
  });
}

Deno.test("a method that times out opens its breaker; callers who give up early do not", async () => {
  const hung = { handlers: { say: () => new Promise<never>(() => {}) }, config: { Timeout: 50 } };
  for (const timeoutMs of [Infinity, 20]) {
    using bed = new ChainBed(hung);
    for (let i = 0; i < 100; i++) {
      const { call, answer } = bed.call(undefined, undefined, { timeoutMs });
      const ended = answer.catch(() => {});
      await bed.clock.advance(100);
      call.cancel();
      await ended;
    }
    const opened = bed.environment.decisions.list().length > 0;
    assertEquals(opened, timeoutMs === Infinity);
  }
});

Deno.test("who has gone is not told of an open breaker, and is no decision of it", async () => {
  using bed = new ChainBed({
    chain: [
      {
        name: "Gone",
        create: () => ({
          unary: (next) => (request, context) => {
            if (context.header("gone") && context.call instanceof FakeIncomingCall) {
              context.call.cancel();
            }
            return next(request, context);
          },
        }),
      },
      ...defaultServerChain,
    ],
    handlers: { say: () => Promise.reject(new ServiceError("internal", "no")) },
  });
  await outcomes(bed, 300);
  const before = bed.environment.decisions.list().length;
  for (let i = 0; i < 50; i++) {
    const error = await assertRejects(() => bed.say("", { metadata: { gone: "1" } }), ServiceError);
    assertEquals(error.code, "canceled");
  }
  assertEquals(bed.environment.decisions.list().length, before);
});

Deno.test("a breaker lets a call through after a second, and closes when that goes well", async () => {
  let up = false;
  using bed = new ChainBed({
    handlers: {
      say: (request) => up ? request : Promise.reject(new ServiceError("internal", "no")),
    },
  });
  await outcomes(bed, 300);
  up = true;
  await bed.clock.advance(1_100);
  assertEquals((await outcomes(bed, 1)).get("ok"), 1);
  await bed.clock.advance(11_000);
  assertEquals((await outcomes(bed, 50)).get("ok"), 50);
});

Deno.test("a stream that fails opens its breaker; one that is left does not, and other methods go on", async () => {
  const { count, chat } = echoService.methods;
  using bed = new ChainBed({
    handlers: {
      async *count({ text }) {
        yield echo("1");
        if (text === "fail") throw new ServiceError("internal", "no");
        yield echo("2");
      },
    },
  });
  const read = async (text: string, leave: boolean) => {
    for await (const _ of bed.stream(count, [echo(text)]).answer) if (leave) return;
  };
  for (let i = 0; i < 100; i++) await read("", true);
  assertEquals(bed.environment.breakers.get(count.path)!.explain().total, 0);
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    await read("fail", false).catch(({ code }) => refused += Number(code === "unavailable"));
  }
  assert(refused > 50, `${refused} refused`);
  assertEquals((await Array.fromAsync(bed.stream(chat, [echo("a")]).answer)).length, 1);
  await bed.say();
});

Deno.test("a call that is refused is told by which decision, and counted and logged as one", async () => {
  using bed = new ChainBed({
    config: { MaxConcurrency: 1 },
    handlers: { say: () => new Promise<never>(() => {}) },
  });
  bed.say().catch(() => {});
  const { call, answer } = bed.call();
  const error = await assertRejects(() => answer, ServiceError);
  const id = call.trailer.get(DECISION_HEADER) ?? "";
  assertEquals([error.code, bed.environment.decisions.explain(id)?.protection], [
    "resource_exhausted",
    "concurrency",
  ]);
  assert(
    renderText(bed.metrics.snapshot()).includes(
      'code_total{method="/zeno.testing.EchoService/Say",code="8"} 1',
    ),
  );
});

Deno.test("times are counted in whole milliseconds, by method", async () => {
  using bed: ChainBed = new ChainBed({
    handlers: {
      say: (request) => {
        bed.clock.elapse(2.7);
        return request;
      },
    },
  });
  await bed.say();
  const figures = renderText(bed.metrics.snapshot());
  const method = `method="${echoService.methods.say.path}"`;
  assert(figures.includes(`rpc_server_requests_duration_ms_sum{${method}} 2\n`), figures);
  const buckets = [...figures.matchAll(/Say",le="([^"]+)"} (\d)/g)].map(([, le, n]) =>
    `${le}:${n}`
  );
  assertEquals(
    buckets.join(" "),
    "1:0 2:1 5:1 10:1 25:1 50:1 100:1 250:1 500:1 1000:1 2000:1 5000:1 +Inf:1",
  );
});

Deno.test("streams and calls that have ended make room for others, however they ended", async () => {
  using bed = new ChainBed({ config: { MaxConcurrency: 1 } });
  const { count, chat } = echoService.methods;
  for (let i = 0; i < 3; i++) {
    // One that is left before it began was never in.
    await bed.stream(count, [echo("", 9)]).answer[Symbol.asyncIterator]().return?.();
    for await (const _ of bed.stream(count, [echo("", 9)]).answer) break;
    assertEquals((await Array.fromAsync(bed.stream(count, [echo("", 2)]).answer)).length, 2);
    const first = bed.stream(chat, new ReadableStream()).answer[Symbol.asyncIterator]();
    const waiting = first.next();
    const refused = bed.stream(chat, []).answer;
    assertEquals(
      (await assertRejects(() => Array.fromAsync(refused), ServiceError)).code,
      "resource_exhausted",
    );
    first.return?.();
    await Promise.race([waiting, Promise.resolve()]);
  }
});

interface ShedCase {
  thrown?: unknown;
  says: "pass" | "fail";
}

const SHED: ShedCase[] = [
  { says: "pass" },
  { thrown: new ServiceError("not_found", "no"), says: "pass" },
  { thrown: new ServiceError("invalid_argument", "no"), says: "pass" },
  { thrown: new ServiceError("deadline_exceeded", "no"), says: "fail" },
  { thrown: new ServiceError("unavailable", "no"), says: "fail" },
  { thrown: new TypeError("no"), says: "fail" },
];

for (const { thrown, says } of SHED) {
  Deno.test(`the shedder hears ${says} of a call that ${thrown ? `throws ${thrown}` : "is answered"}`, async () => {
    const heard: string[] = [];
    const token = {
      pass: (nowMs?: number) => heard.push(`pass ${nowMs}`),
      fail: () => heard.push("fail"),
      [Symbol.dispose]() {},
    };
    const shedder = { ...noopShedder, tryAllow: () => token };
    using bed: ChainBed = new ChainBed({
      chain: [{ name: "Shedding", create: (env) => shedding(() => shedder, env.sheddingStat) }],
      handlers: {
        say: async (request) => {
          await bed.clock.sleep(7);
          if (thrown) throw thrown;
          return request;
        },
        look: (request) => {
          if (thrown) throw thrown;
          return request;
        },
      },
    });
    const ended = [bed.say(), bed.call(echoService.methods.look).answer].map((it) =>
      it.catch(() => {})
    );
    await bed.clock.advance(10);
    await Promise.all(ended);
    assertEquals(heard, says === "pass" ? ["pass 0", "pass 7"] : ["fail", "fail"]);
    const { total, pass, drop } = bed.environment.sheddingStat.take();
    assertEquals([total, pass, drop], [2, says === "pass" ? 2 : 0, 0]);
  });
}

Deno.test("a call that is shed is unavailable, says when to come back, and does not touch the breaker", async () => {
  const shedder = { ...noopShedder, tryAllow: () => undefined };
  const layer: ServerLayer = {
    name: "Shedding",
    create: (env) => shedding(() => shedder, env.sheddingStat),
  };
  using bed = new ChainBed({
    chain: defaultServerChain.map((each) => each.name === layer.name ? layer : each),
  });
  for (let i = 0; i < 50; i++) {
    const error = await assertRejects(() => bed.say(), ServiceError);
    assertEquals([error.code, isShed(error), error.retryAfterMs! >= 1000], [
      "unavailable",
      true,
      true,
    ]);
  }
  assertEquals(bed.environment.sheddingStat.take(), { total: 50, pass: 0, drop: 50 });
  assertEquals(bed.environment.breakers.get(echoService.methods.say.path)!.explain().total, 0);
  assertEquals(bed.environment.decisions.list()[0]?.protection, "shedding");
});
