import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { HealthRegistry } from "../../core/proc/health.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair, type PairKind } from "../testing/pair.ts";
import { healthService } from "./grpc/health/v1/health.gen.ts";
import { RpcServer, type RpcServerOptions } from "./rpc_server.ts";

const hang = () => new Promise<never>(() => {});
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

testEachKind("does not hang when it stops with calls and streams open", async (kind) => {
  const aborted: string[] = [];
  const calling = gate(), streaming = gate();
  await using pair = await openPair(kind, {
    server: { Timeout: 0, Shutdown: { WrapUpTime: 10, WaitTime: 700 } },
    client: { Timeout: 0 },
    handlers: {
      say: (_request, { signal }) => {
        signal.addEventListener("abort", () => aborted.push(`say: ${signal.reason.message}`));
        calling.open();
        return hang();
      },
      async *count(_request, { signal }) {
        signal.addEventListener("abort", () => aborted.push(`count: ${signal.reason.message}`));
        streaming.open();
        yield echo("1");
        await hang();
      },
    },
  });
  const failures: Promise<unknown>[] = [
    assertRejects(() => pair.stub.say(echo("")), ServiceError),
    assertRejects(() => Array.fromAsync(pair.stub.count(echo(""))), ServiceError),
  ];
  await Promise.all([calling.promise, streaming.promise]);
  const startedMs = systemClock.now();
  await pair.server.stop();
  assert(systemClock.now() - startedMs < 4_000);
  await Promise.all(failures);
  assertEquals(aborted.sort(), ["count: The server is stopping", "say: The server is stopping"]);
});

testEachKind("finishes what is in flight when it stops", async (kind) => {
  const all = gate();
  let begun = 0;
  await using pair = await openPair(kind, {
    handlers: {
      say: (request) => {
        if (++begun === 3) all.open();
        return sleep(120).then(() => request);
      },
    },
  });
  const answers = [1, 2, 3].map((n) => pair.stub.say(echo("", n)));
  await all.promise;
  await pair.server.stop();
  assertEquals((await Promise.all(answers)).map(({ number }) => number), [1, 2, 3]);
});

/** Something that is done when it is told. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

const removal = (remove: () => Promise<void>) => ({ [Symbol.asyncDispose]: remove });

testEachKind("that is stopped while it starts closes what it has opened", async (kind) => {
  const registering = gate(), registered = gate();
  const seen: string[] = [];
  const registrar = {
    async register() {
      registering.open();
      await registered.promise;
      return removal(() => Promise.resolve(void seen.push("removed")));
    },
  };
  const { server, again } = serverOf(kind, { registrars: [registrar] });
  const starting = server.start();
  await registering.promise;
  const stopping = server.stop();
  registered.open();
  await Promise.all([starting, stopping, server.finished]);
  assertEquals(seen, ["removed"]);
  await again();
});

testEachKind("that cannot make itself known does not go on listening", async (kind) => {
  const registrar = {
    register: () => Promise.reject(new ServiceError("unavailable", "no registry")),
  };
  const { server, again } = serverOf(kind, { registrars: [registrar] });
  await assertRejects(() => server.start(), ServiceError, "no registry");
  await server.finished;
  await again();
});

testEachKind("is not held up by a registry that does not answer", async (kind) => {
  const registrar = { register: () => Promise.resolve(removal(() => new Promise(() => {}))) };
  const { server } = serverOf(kind, { registrars: [registrar] });
  await server.start();
  const startedMs = systemClock.now();
  await server.stop();
  assert(systemClock.now() - startedMs < 4_000);
});

testEachKind("turns callers away before it stops to answer", async (kind) => {
  const seen: string[] = [];
  const health = new HealthRegistry();
  const registrar = {
    register: () => Promise.resolve(removal(() => Promise.resolve(void seen.push(`removed`)))),
  };
  await using pair = await openPair(kind, { serverOptions: { registrars: [registrar], health } });
  assert(health.ready);
  await pair.server.markNotReady();
  assertEquals([health.ready, seen], [false, ["removed"]]);
  assertEquals((await pair.stub.say(echo("still"))).text, "still");
  assertEquals((await pair.client.stub(healthService).check({ service: "" })).status, 1);
});

testEachKind("tells streams that it stops, so that they can end by themselves", async (kind) => {
  await using pair = await openPair(kind, {
    handlers: {
      async *count(_request, { environment: { draining } }) {
        yield echo("1");
        await new Promise((resolve) => draining.addEventListener("abort", resolve));
        yield echo("last");
      },
    },
  });
  const texts: string[] = [];
  for await (const { text } of pair.stub.count(echo(""))) {
    texts.push(text);
    if (text === "1") pair.server.stop();
  }
  assertEquals(texts, ["1", "last"]);
  await pair.server.finished;
});

/** A server that listens somewhere of its own, and `again`, which shows that nobody listens there any more. */
function serverOf(kind: PairKind, options: RpcServerOptions) {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const ListenOn = kind === "inproc" ? `inproc:///stopping-${port}` : `127.0.0.1:${port}`;
  const make = (more: RpcServerOptions = {}) =>
    new RpcServer({ Name: "a", ListenOn }, {
      log: noopLogger,
      debug: new DebugRegistry(),
      metrics: new MetricRegistry(),
      ...more,
    });
  const again = async () => {
    await using second = make();
    await second.start();
  };
  return { server: make(options), again };
}
