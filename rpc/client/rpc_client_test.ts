import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeadlineWheel } from "../../core/async/deadline_wheel.ts";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { runWithPreviousAttempts } from "../../core/retry/chain.ts";
import { RetryBudget } from "../../core/retry/retry_budget.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { runWithDeadline } from "../../core/timeout/ambient_deadline.ts";
import { Deadline } from "../../core/timeout/deadline.ts";
import { sharedDeadlines } from "../../core/timeout/shared_deadlines.ts";
import { DeadlineExceededError } from "../../core/timeout/errors.ts";
import type { Resolver } from "../resolver/resolver.ts";
import { type Echo, echo, echoService } from "../testing/echo_service.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import type { IncomingCall, ServedMethod } from "../transport/transport.ts";
import type { RpcClientConfInput } from "./config.ts";
import type { ClientInterceptor } from "./handler.ts";
import type { RpcClientOptions } from "./options.ts";
import { RpcClient } from "./rpc_client.ts";

type Handler = (request: Echo, call: IncomingCall) => unknown;
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });
const hang = () => new Promise<never>(() => {});
const unavailable = () => Promise.reject(new ServiceError("unavailable", "down"));

/** A list of addresses that a test changes. */
class TestResolver implements Resolver {
  readonly #listeners = new Set<(addresses: readonly string[]) => void>();
  constructor(public addresses: readonly string[]) {}
  resolve() {
    return Promise.resolve(this.addresses);
  }
  subscribe(listener: (addresses: readonly string[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
  update(...addresses: string[]): void {
    this.addresses = addresses;
    for (const listener of this.#listeners) listener(addresses);
  }
  [Symbol.asyncDispose]() {
    return Promise.resolve();
  }
}

/** Instances by name, and a client of all of them. */
async function open(
  instances: Record<string, Handler>,
  options: RpcClientOptions = {},
  config: RpcClientConfInput = {},
) {
  const network = new InprocNetwork();
  const counts: Record<string, number> = {};
  const listen = (name: string, handler: Handler) => {
    counts[name] = 0;
    const handle = (request: unknown, call: IncomingCall) => {
      counts[name]!++;
      return handler(request as Echo, call);
    };
    const { say, look } = echoService.methods;
    const methods: ServedMethod[] = [say, look].map((method) => ({
      kind: "unary",
      method,
      handle,
    }));
    return inprocServerTransport(network).listen(methods, name);
  };
  for (const [name, handler] of Object.entries(instances)) await listen(name, handler);
  const resolver = new TestResolver(Object.keys(instances));
  const log = new MemoryLog();
  const deadlines = new DeadlineWheel();
  const client = new RpcClient({
    Target: "direct:///test:1",
    BalancerName: "round_robin",
    ...config,
  }, {
    transport: inprocTransport(network),
    resolver,
    log,
    metrics: new MetricRegistry(),
    deadlines,
    ...options,
  });
  const alive = systemClock.setTimer(() => {}, 30_000, { keepAlive: true });
  return {
    client,
    stub: client.stub(echoService),
    counts,
    resolver,
    listen,
    log,
    async [Symbol.asyncDispose]() {
      alive.cancel();
      await client[Symbol.asyncDispose]();
      deadlines[Symbol.dispose]();
    },
  };
}

Deno.test("RpcClient gives calls to all instances", async () => {
  await using it = await open({ a: (r) => r, b: (r) => r, c: (r) => r });
  for (let i = 0; i < 30; i++) await it.stub.say(echo(""));
  assertEquals(it.counts, { a: 10, b: 10, c: 10 });
});

Deno.test("RpcClient keeps calls with one key at one instance", async () => {
  await using it = await open({ a: (r) => r, b: (r) => r, c: (r) => r }, {}, {
    BalancerName: "consistent_hash",
  });
  for (let i = 0; i < 20; i++) await it.stub.say(echo(""), { hashKey: "user-7" });
  assertEquals(Object.values(it.counts).sort((a, b) => a - b), [0, 0, 20]);
  const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
  assertEquals(error.code, "invalid_argument");
});

Deno.test("RpcClient does not call again what may not be called twice", async () => {
  await using it = await open({ a: unavailable, b: (r) => r });
  const outcomes = await Promise.allSettled([1, 2].map(() => it.stub.say(echo(""))));
  assertEquals(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assertEquals(it.counts, { a: 1, b: 1 });
});

Deno.test("RpcClient calls another instance when one fails that may be called twice", async () => {
  const retryBudget = new RetryBudget({ minPerSecond: 100 });
  await using it = await open({ a: unavailable, b: (r) => r }, {
    retry: { baseMs: 0 },
    retryBudget,
  });
  for (let i = 0; i < 4; i++) assertEquals((await it.stub.look(echo("x"))).text, "x");
  assertEquals(it.counts.b, 4);
  assertEquals((await it.stub.say(echo("y"), { idempotent: true })).text, "y");
});

Deno.test("RpcClient retries no more than its budget", async () => {
  const retryBudget = new RetryBudget({ ratio: 0, minPerSecond: 0 });
  await using it = await open({ a: unavailable }, { retryBudget, retry: { baseMs: 0 } });
  await assertRejects(() => it.stub.look(echo("")), ServiceError, "down");
  assertEquals(it.counts.a, 1);
});

Deno.test("RpcClient does not retry while it works for a retry, and says that it is one", async () => {
  const seen: (string | undefined)[] = [];
  await using it = await open(
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
  await using it = await open({
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

Deno.test("RpcClient opens the breaker of a bad instance, and not that of a good one", async () => {
  await using it = await open({
    bad: () => Promise.reject(new ServiceError("internal", "broken")),
    good: (r) => r,
  });
  let failed = 0;
  for (let i = 0; i < 1_000; i++) await it.stub.say(echo("")).catch(() => failed++);
  // Without it half of all would fail.
  assert(failed < 60, `${failed} of 1000 failed`);
  const states = it.client.explain().map(({ name, state }) => `${name} ${state}`);
  assert(
    states.some((text) => text.startsWith("bad /zeno.testing.EchoService/Say open")),
    states.join(),
  );
  assert(
    states.some((text) => text.startsWith("good /zeno.testing.EchoService/Say closed")),
    states.join(),
  );
});

Deno.test("RpcClient fails at once when all breakers are open", async () => {
  await using it = await open({ a: () => Promise.reject(new ServiceError("internal", "broken")) });
  let refused = 0;
  for (let i = 0; i < 300; i++) {
    const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
    if (error.code === "unavailable") refused++;
  }
  assert(refused > 200, `${refused} of 300 refused`);
  assert(it.counts.a! < 100, `${it.counts.a} calls`);
});

Deno.test("RpcClient loses no call while all its instances are replaced", async () => {
  await using it = await open({ a0: (r) => sleep(2).then(() => r) });
  let failed = 0, made = 0, going = true;
  const callers = Array.from({ length: 8 }, async () => {
    while (going) {
      made++;
      await it.stub.say(echo("")).catch(() => failed++);
    }
  });
  for (let round = 1; round <= 20; round++) {
    const listener = await it.listen(`a${round}`, (r) => sleep(2).then(() => r));
    void listener;
    it.resolver.update(`a${round}`);
    await sleep(5);
  }
  going = false;
  await Promise.all(callers);
  assert(made > 100);
  assertEquals(failed, 0);
});

Deno.test("RpcClient keeps its instances when the registry says that there are none", async () => {
  await using it = await open({ a: (r) => r });
  await it.stub.say(echo(""));
  it.resolver.update();
  assertEquals((await it.stub.say(echo("x"))).text, "x");
});

Deno.test("RpcClient waits for the first list of instances, but not beyond the deadline", async () => {
  const later = Promise.withResolvers<readonly string[]>();
  const resolver = { ...new TestResolver([]), resolve: () => later.promise };
  const slow: Resolver = {
    resolve: resolver.resolve,
    subscribe: () => ({ [Symbol.dispose]() {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using it = await open({ a: (r) => r }, { resolver: slow });
  await assertRejects(() => it.stub.say(echo(""), { timeoutMs: 30 }), DeadlineExceededError);
  const answer = it.stub.say(echo("x"), { timeoutMs: 5_000 });
  later.resolve(["a"]);
  assertEquals((await answer).text, "x");
});

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
    await using it = await open(
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
  await using it = await open({
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

Deno.test("interceptors of RpcClient run in order, and may answer themselves", async () => {
  const seen: string[] = [];
  const noted = (name: string): ClientInterceptor => ({
    unary: (next) => async (request, call) => {
      seen.push(`${name} in`);
      const answer = await next(request, call);
      seen.push(`${name} out`);
      return answer;
    },
  });
  await using it = await open({ a: (r) => r }, { interceptors: [noted("first")] });
  it.client.use(noted("second"));
  await it.stub.say(echo(""));
  assertEquals(seen, ["first in", "second in", "second out", "first out"]);
  it.client.use({ unary: () => () => Promise.resolve(echo("mine")) });
  assertEquals((await it.stub.say(echo(""))).text, "mine");
  assertEquals(it.counts.a, 1);
});

Deno.test("RpcClient sends its credentials and the metadata of the call", async () => {
  const seen: (string | undefined)[] = [];
  await using it = await open(
    {
      a: (request, call) => {
        seen.push(...["app", "token", "x-mine"].map((name) => call.header(name)));
        return request;
      },
    },
    {},
    { App: "shop", Token: "s3cret" },
  );
  await it.stub.say(echo(""), { metadata: { "x-mine": "1" } });
  assertEquals(seen, ["shop", "s3cret", "1"]);
});

Deno.test("RpcClient logs calls that fail, and those that are slow", async () => {
  await using it = await open({
    a: (request) =>
      request.text === "slow"
        ? sleep(30).then(() => request)
        : Promise.reject(new ServiceError("aborted", "no")),
  }, { slowMs: 10 });
  await it.stub.say(echo("slow", 1));
  await assertRejects(() => it.stub.say(echo("bad", 2)));
  await sleep(1);
  assertEquals(it.log.contents("error").map(String), [
    'fail - direct:/test:1/zeno.testing.EchoService/Say - {"text":"bad","number":2} - no',
  ]);
  const [slow] = it.log.contents("slow").map(String);
  assertEquals(
    slow,
    '[RPC] ok - slowcall - direct:/test:1/zeno.testing.EchoService/Say - {"text":"slow","number":1} - {"text":"slow","number":1}',
  );
});

Deno.test("RpcClient takes no calls once it is closed", async () => {
  await using it = await open({ a: (r) => r });
  await it.client[Symbol.asyncDispose]();
  const error = await assertRejects(() => it.stub.say(echo("")), ServiceError);
  assertEquals(error.code, "canceled");
});

Deno.test({
  name: "RpcClient.connect() waits for an instance where it is told to",
  // A connection that fails waits before it finds that nobody wants it.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const config = { Target: "127.0.0.1:1", NonBlock: true };
    await using client = await RpcClient.connect(config, { log: new MemoryLog() });
    const text = "make sure that the service is started";
    await assertRejects(() => client.ready(50), ServiceError, text);
  },
});
