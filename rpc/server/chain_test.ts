import { assert, assertEquals, assertRejects } from "@std/assert";
import { noopLogger } from "../../core/log/logger.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { ServiceRuntime } from "../../core/service/service_runtime.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { defaultServerChain } from "./chain.ts";
import { rpcServerConfig, type RpcServerConfInput } from "./config.ts";
import { createEnvironment } from "./create_environment.ts";
import { ServiceError } from "../../core/errors.ts";
import { currentPreviousAttempts, PREVIOUS_ATTEMPTS_HEADER } from "../../core/retry/chain.ts";
import { renderText } from "../../core/metric/exposition.ts";
import { currentDeadline } from "../../core/timeout/ambient_deadline.ts";
import { guard } from "../interceptor/server/guard.ts";
import { ChainBed } from "../testing/chain_bed.ts";
import type { ServerInterceptor } from "./handler.ts";

/** The layers that are there for calls of one message and for streams, by name. Those that go-zero has not are left out. */
function layersOf(config: Partial<RpcServerConfInput>) {
  const parsed = rpcServerConfig.parse({ Name: "a", ListenOn: ":0", ...config }, {
    durationMs: true,
  });
  const options = { log: noopLogger, metrics: new MetricRegistry(), debug: new DebugRegistry() };
  const runtime = new ServiceRuntime(parsed, options);
  const tokens = new MemoryTokenStore();
  const environment = createEnvironment(parsed, runtime, new AbortController().signal, { tokens });
  const made = defaultServerChain.filter(({ name }) => !["Concurrency", "Ambient"].includes(name))
    .map((layer) => ({ name: layer.name, interceptor: layer.create(environment) }));
  const names = (kind: "unary" | "stream") =>
    made.filter(({ interceptor }) => interceptor?.[kind]).map(({ name }) => name);
  environment.parts.dispose();
  return { unary: names("unary"), stream: names("stream") };
}

const ALL = ["Trace", "Recover", "Stat", "Prometheus", "Breaker"];

Deno.test("the default chain has go-zero's layers in go-zero's order", () => {
  assertEquals(layersOf({ CpuThreshold: 0 }), {
    unary: [...ALL, "Timeout"],
    stream: ["Trace", "Recover", "Breaker"],
  });
  assertEquals(layersOf({ CpuThreshold: 900, Timeout: 100 }).unary, [
    ...ALL,
    "Shedding",
    "Timeout",
  ]);
  const withAuth = layersOf({ Auth: true });
  assertEquals([withAuth.unary.at(-1), withAuth.stream.at(-1)], ["Auth", "Auth"]);
});

Deno.test("the default chain has the order that its documentation gives, ours included", () => {
  assertEquals(defaultServerChain.map(({ name }) => name), [
    ...["Trace", "Recover", "Stat", "Prometheus", "Concurrency"],
    ...["Breaker", "Shedding", "Timeout", "Ambient", "Auth"],
  ]);
});

for (const name of ["Trace", "Recover", "Stat", "Prometheus", "Breaker"] as const) {
  Deno.test(`the switch of ${name} takes out that layer alone`, () => {
    const { unary } = layersOf({ CpuThreshold: 0, Middlewares: { [name]: false } });
    assertEquals(unary, [...ALL, "Timeout"].filter((each) => each !== name));
  });
}

Deno.test("interceptors of the user run within the chain, in the order they were added", async () => {
  const seen: string[] = [];
  await using pair = await openPair("inproc", {
    prepare: (server) =>
      server.use({
        unary: (next) => (request, context) => {
          seen.push("first");
          return next(request, context);
        },
        stream: (next) => (requests, context) => {
          seen.push("stream");
          return next(requests, context);
        },
      }, {
        unary: (next) => (request, context) => {
          seen.push("second");
          return next(request, context);
        },
      }),
  });
  await pair.stub.say(echo(""));
  await Array.fromAsync(pair.stub.count(echo("", 1)));
  assertEquals(seen, ["first", "second", "stream"]);
});

Deno.test("calls go through the layers from the first to the last, then through the interceptors, then to the handler", async () => {
  const seen: string[] = [];
  const probe = (name: string): ServerInterceptor => ({
    unary: (next) => async (request, context) => {
      seen.push(`${name} in`);
      const answer = await next(request, context);
      seen.push(`${name} out`);
      return answer;
    },
    stream: (next) =>
      async function* (requests, context) {
        seen.push(`${name} in`);
        yield* next(requests, context);
        seen.push(`${name} out`);
      },
  });
  using bed = new ChainBed({
    chain: ["a", "b"].map((name) => ({ name, create: () => probe(name) })),
    interceptors: ["c", "d"].map(probe),
    handlers: {
      say: (request) => {
        seen.push("handler");
        return request;
      },
      async *count() {
        seen.push("handler");
        yield echo("");
      },
    },
  });
  const through = ["a in", "b in", "c in", "d in", "handler", "d out", "c out", "b out", "a out"];
  await bed.say();
  assertEquals(seen.splice(0), through);
  await Array.fromAsync(bed.stream(echoService.methods.count, [echo("")]).answer);
  assertEquals(seen, through);
});

/** What only the order of the layers explains. */
const ORDERS: readonly { name: string; run: () => Promise<void> }[] = [
  {
    name: "figures are outside of the breaker: what it refuses is counted",
    async run() {
      using bed = new ChainBed({
        handlers: { say: () => Promise.reject(new ServiceError("internal", "no")) },
      });
      for (let i = 0; i < 300; i++) await bed.say().catch(() => {});
      const counted = renderText(bed.metrics.snapshot());
      const [, refused = 0] = /Say",code="14"} (\d+)/.exec(counted) ?? [];
      const [, failed = 0] = /Say",code="13"} (\d+)/.exec(counted) ?? [];
      assertEquals(Number(refused) + Number(failed), 300);
      assert(Number(refused) > 100);
    },
  },
  {
    name: "a token that is long looked up is within the method's time",
    async run() {
      const tokens = { get: () => new Promise<undefined>(() => {}) };
      using bed = new ChainBed({ config: { Auth: true, Timeout: 50 }, tokens });
      const ended = assertRejects(
        () => bed.say("", { metadata: { app: "a", token: "b" } }),
        ServiceError,
      );
      await bed.clock.advance(100);
      assertEquals((await ended).code, "deadline_exceeded");
    },
  },
  {
    name: "interceptors of the program see only those who may call",
    async run() {
      let seen = 0;
      const tokens = new MemoryTokenStore({ a: "b" });
      const interceptors = [guard(() => void seen++)];
      using bed = new ChainBed({ config: { Auth: true }, tokens, interceptors });
      const stream = (metadata: Record<string, string>) =>
        Array.fromAsync(
          bed.stream(echoService.methods.count, [echo("", 1)], { metadata }).answer,
        );
      await assertRejects(() => bed.say("", { metadata: { app: "a", token: "wrong" } }));
      await assertRejects(() => stream({}));
      assertEquals(seen, 0);
      await bed.say("", { metadata: { app: "a", token: "b" } });
      await stream({ app: "a", token: "b" });
      assertEquals(seen, 2);
    },
  },
  {
    name: "a call that is too many does not reach breaker and shedder",
    async run() {
      using bed = new ChainBed({
        config: { MaxConcurrency: 1 },
        handlers: { say: () => new Promise<never>(() => {}) },
      });
      bed.say().catch(() => {});
      for (let i = 0; i < 20; i++) await assertRejects(() => bed.say());
      assertEquals(bed.environment.sheddingStat.take().total, 1);
      assertEquals(bed.environment.breakers.get(echoService.methods.say.path)!.explain().total, 0);
    },
  },
  {
    name: "what handlers call has the time that is left, and the time that is spent waiting counts",
    async run() {
      const left: (number | undefined)[] = [];
      using bed: ChainBed = new ChainBed({
        config: { Timeout: 100 },
        interceptors: [{
          unary: (next) => async (request, context) => {
            await bed.clock.sleep(30);
            return next(request, context);
          },
        }],
        handlers: {
          say: async (request) => {
            await Promise.resolve();
            left.push(currentDeadline()?.remainingMs);
            return request;
          },
        },
      });
      const calls = [bed.say(), bed.say("", { timeoutMs: 50 }), bed.say("", { timeoutMs: 500 })];
      await bed.clock.advance(30);
      await Promise.all(calls);
      assertEquals(left, [70, 20, 70]);
    },
  },
];

for (const [said, attempts] of [["2", 2], ["0", 0], ["nonsense", 0], [undefined, 0]] as const) {
  Deno.test(`who works for attempt ${said} knows of ${attempts} before it`, async () => {
    const seen: number[] = [];
    using bed = new ChainBed({
      handlers: {
        say: async (request) => {
          await Promise.resolve();
          seen.push(currentPreviousAttempts());
          return request;
        },
        async *count() {
          seen.push(currentPreviousAttempts());
          yield echo("");
        },
      },
    });
    const metadata: Record<string, string> = said === undefined
      ? {}
      : { [PREVIOUS_ATTEMPTS_HEADER]: said };
    await bed.say("", { metadata });
    const { count } = echoService.methods;
    await Array.fromAsync(bed.stream(count, [echo("")], { metadata }).answer);
    assertEquals(seen, [attempts, attempts]);
  });
}

Deno.test("what a stream calls has the caller's deadline, also while it cleans up", async () => {
  const left: (number | undefined)[] = [];
  const note = () => void left.push(currentDeadline()?.remainingMs);
  using bed: ChainBed = new ChainBed({
    handlers: {
      async *count() {
        try {
          note();
          yield echo("1");
          await Promise.resolve();
          note();
          yield echo("2");
        } finally {
          note();
        }
      },
    },
  });
  const { count } = echoService.methods;
  let seen = 0;
  for await (const _ of bed.stream(count, [echo("")], { timeoutMs: 500 }).answer) {
    if (++seen === 2) break;
  }
  assertEquals(left, [500, 500, 500]);
});

for (const { name, run } of ORDERS) Deno.test(`in the chain ${name}`, run);

Deno.test("a program's own chain is taken as it is", async () => {
  using bed = new ChainBed({
    chain: [],
    handlers: {
      say: () => Promise.reject(new TypeError("s3cret")),
      // deno-lint-ignore require-yield -- It fails first.
      async *count() {
        throw new TypeError("s3cret");
      },
    },
  });
  const { count } = echoService.methods;
  for (
    const run of [() => bed.say(), () => Array.fromAsync(bed.stream(count, [echo("")]).answer)]
  ) {
    const error = await assertRejects(run, ServiceError);
    assertEquals([error.code, error.message.includes("s3cret")], ["internal", false]);
  }
});
