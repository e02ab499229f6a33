import { assert, assertEquals } from "@std/assert";
import { DebugRegistry } from "../../../core/admin/debug_registry.ts";
import { DeadlineWheel } from "../../../core/async/deadline_wheel.ts";
import { systemClock } from "../../../core/clock.ts";
import { ServiceError } from "../../../core/errors.ts";
import { MetricRegistry } from "../../../core/metric/registry.ts";
import { eventually } from "../../../core/testing/eventually.ts";
import { FaultProxy } from "../../../core/testing/fault_proxy.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { EtcdProcess } from "../../../core/testing/provision_etcd.ts";
import { RpcClient } from "../../client/rpc_client.ts";
import type { RpcClientConfInput } from "../../client/config.ts";
import type { RpcClientOptions } from "../../client/options.ts";
import { RpcServer } from "../../server/rpc_server.ts";
import { echo, type EchoMethods, echoService } from "../echo_service.ts";
import { echoHandlers } from "../pair.ts";
import type { Implementation } from "../../server/handler.ts";
import { directTarget } from "../../resolver/target.ts";

const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

async function startServer(
  config: Partial<ConstructorParameters<typeof RpcServer>[0]> = {},
  handlers: Partial<Implementation<EchoMethods>> = {},
): Promise<RpcServer> {
  const server = new RpcServer({ Name: "echo", ListenOn: "127.0.0.1:0", ...config }, {
    log: new MemoryLog(),
    metrics: new MetricRegistry(),
    debug: new DebugRegistry(),
  });
  server.add(echoService, { ...echoHandlers, ...handlers });
  await server.start();
  return server;
}

/** A client, and what ends it and all that it holds. */
function openClient(config: RpcClientConfInput, options: RpcClientOptions = {}) {
  const deadlines = new DeadlineWheel();
  const client = new RpcClient(config, {
    log: new MemoryLog(),
    metrics: new MetricRegistry(),
    deadlines,
    resolver: { retryMs: 50, maxRetryMs: 200, lossGraceMs: 10_000 },
    ...options,
  });
  return {
    client,
    stub: client.stub(echoService),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      deadlines[Symbol.dispose]();
      await sleep(60); // Sockets close in their own time.
    },
  };
}

/** Calls again and again, and counts. */
class Caller {
  readonly latenciesMs: number[] = [];
  readonly failures: unknown[] = [];
  #running = true;
  readonly #loop: Promise<void>;

  constructor(call: () => Promise<unknown>, everyMs: number) {
    this.#loop = this.#run(call, everyMs);
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #run(call: () => Promise<unknown>, everyMs: number): Promise<void> {
    const open = new Set<Promise<void>>();
    while (this.#running) {
      const startedAt = performance.now();
      const made = call().then(
        () => void this.latenciesMs.push(performance.now() - startedAt),
        (error) => void this.failures.push(error),
      );
      open.add(made);
      made.finally(() => open.delete(made));
      await sleep(everyMs);
    }
    await Promise.all(open);
  }
}

/** gRPC leaves the timers of connections that wait to be tried again to themselves. They keep nothing alive. */
const LEAVES_TIMERS = { sanitizeOps: false, sanitizeResources: false };

/** A server that counts its calls. */
class CountingServer {
  calls = 0;

  private constructor(readonly server: RpcServer) {}

  static async start(
    config: Parameters<typeof startServer>[0] = {},
    answer: Implementation<EchoMethods>["say"] = (request) => request,
  ): Promise<CountingServer> {
    const counting: { self?: CountingServer } = {};
    const say: typeof answer = (request, context) => {
      counting.self!.calls++;
      return answer(request, context);
    };
    const server = await startServer(config, { say, look: say });
    return counting.self = new CountingServer(server);
  }
}

Deno.test(
  "E1, E2, S7: no call fails while etcd dies and loses its data, and servers come and go",
  LEAVES_TIMERS,
  async () => {
    await using etcd = await EtcdProcess.start();
    const Etcd = { Hosts: [etcd.host], Key: "echo.rpc" };
    const servers = await Promise.all([1, 2, 3].map(() => CountingServer.start({ Etcd })));
    {
      await using opened = openClient({ Etcd });
      await opened.client.ready();
      const caller = new Caller(() => opened.stub.look(echo("a")), 2);
      await sleep(300);
      await etcd.kill();
      await sleep(2_000);
      await etcd.restart();
      await sleep(500);
      await etcd.restart({ wipe: true });
      const more = await CountingServer.start({ Etcd });
      servers.push(more);
      await eventually("calls of the new server", () => more.calls > 0);
      // One leaves, as at SIGTERM: it is taken out, and what it has begun it ends.
      const gone = servers.shift()!;
      await gone.server.stop();
      const after = gone.calls;
      await sleep(500);
      await caller.stop();
      assertEquals([caller.failures, gone.calls - after], [[], 0]);
      assert(caller.latenciesMs.length > 500, `${caller.latenciesMs.length} calls`);
    }
    await Promise.all(servers.map(({ server }) => server.stop()));
  },
);

interface Fault {
  readonly name: string;
  /** What the first server does with a call. */
  readonly say?: Implementation<EchoMethods>["say"];
  /** What the network between the client and the first server does. */
  readonly network?: (proxy: FaultProxy) => void;
}

const faults: Fault[] = [
  { name: "is half a second slower", network: (proxy) => proxy.delay(250) },
  {
    name: "is wrong half of the time",
    say: (request) => {
      if (request.number % 2 === 0) throw new ServiceError("unavailable", "Cannot say: broken");
      return request;
    },
  },
  { name: "hangs", say: () => new Promise(() => {}) },
  { name: "is cut off again and again", network: (proxy) => proxy.cut() },
  { name: "is behind a network that swallows everything", network: (proxy) => proxy.silence() },
  { name: "answers drop by drop", network: (proxy) => proxy.throttle(200) },
];

for (const { name, say, network } of faults) {
  Deno.test(
    `S1: one of five that ${name} gets few of the calls`,
    LEAVES_TIMERS,
    async () => {
      let isFaulty = false;
      const bad = await CountingServer.start(
        {},
        (request, context) => isFaulty && say ? say(request, context) : request,
      );
      const good = await Promise.all([1, 2, 3, 4].map(() => CountingServer.start()));
      const port = Number(bad.server.address.split(":")[1]);
      await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port });
      {
        const addresses = [proxy.address, ...good.map(({ server }) => server.address)];
        await using opened = openClient(
          { Target: directTarget(addresses), Timeout: 400 },
          { retry: false },
        );
        await opened.client.ready();
        let number = 0;
        const caller = new Caller(() => opened.stub.say(echo("a", number++)), 3);
        await sleep(700);
        assert(bad.calls > 0);
        isFaulty = true;
        const timer = network && systemClock.setInterval(() => network(proxy), 20);
        await sleep(2_000);
        const before = countsOf(caller, good);
        await sleep(2_000);
        const [ended, toGood] = countsOf(caller, good).map((n, i) => n - before[i]!);
        timer?.cancel();
        proxy.heal();
        await caller.stop();
        // How few is measured by `main.ts` and on virtual time: a machine that has little time makes few calls, and slowly.
        const toBad = ended! - toGood!;
        assert(toBad <= Math.max(0.1 * ended!, 5), `${toBad} of ${ended} calls`);
        // Fails what was there when it began, and what looks whether it is over.
        assert(caller.failures.length < 0.15 * number, `${caller.failures.length} of ${number}`);
      }
      for (const { server } of [bad, ...good]) await server.stop();
    },
  );
}

/** How many calls have ended, and how many have come to servers that are well. */
function countsOf(caller: Caller, good: readonly CountingServer[]): number[] {
  const ended = caller.latenciesMs.length + caller.failures.length;
  return [ended, good.reduce((sum, { calls }) => sum + calls, 0)];
}

Deno.test({
  name: "S8: a server that comes back at its address gets calls again, and none is lost meanwhile",
  ...LEAVES_TIMERS,
  fn: async () => {
    const servers = await Promise.all([1, 2, 3].map(() => CountingServer.start()));
    const addresses = servers.map(({ server }) => server.address);
    await using opened = openClient({ Target: directTarget(addresses), Timeout: 5_000 });
    await opened.client.ready();
    const caller = new Caller(() => opened.stub.say(echo("a")), 3);
    for (const [index, ListenOn] of addresses.entries()) {
      await sleep(200);
      await servers[index]!.server.stop();
      const again = servers[index] = await CountingServer.start({ ListenOn });
      await eventually("calls of the server that is back", () => again.calls > 0);
    }
    await caller.stop();
    assertEquals(caller.failures, []);
    await Promise.all(servers.map(({ server }) => server.stop()));
  },
});

Deno.test({
  name: "S2: calls fail fast when all servers are away",
  ...LEAVES_TIMERS,
  fn: async () => {
    const servers = await Promise.all([1, 2, 3].map(() => CountingServer.start()));
    await using opened = openClient({
      Target: directTarget(servers.map(({ server }) => server.address)),
    });
    await opened.client.ready();
    await Promise.all(servers.map(({ server }) => server.stop()));
    await sleep(300);
    const latencies: number[] = [];
    for (let i = 0; i < 200; i++) {
      const startedAt = performance.now();
      await opened.stub.say(echo("a")).catch(() => {});
      latencies.push(performance.now() - startedAt);
    }
    const p99 = latencies.toSorted((a, b) => a - b)[198]!;
    assert(p99 < 20, `p99 is ${p99} ms`);
  },
});
