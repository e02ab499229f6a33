import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { DebugRegistry } from "../../core/admin/debug_registry.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { MemoryTokenStore } from "../interceptor/server/token_store.ts";
import { testEachKind } from "../testing/each_kind.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";
import { type HealthListResponse, healthService } from "./grpc/health/v1/health.gen.ts";
import { HealthService } from "./health_service.ts";
import { RpcServer } from "./rpc_server.ts";

testEachKind("tells its health, and that it stops", async (kind) => {
  await using pair = await openPair(kind);
  const health = pair.client.stub(healthService);
  assertEquals((await health.check({ service: "" })).status, 1);
  assertEquals((await health.check({ service: echoService.typeName })).status, 1);
  const error = await assertRejects(() => health.check({ service: "x" }), ServiceError);
  assertEquals([error.code, error.message], ["not_found", "unknown service"]);
  const watched = new Map<string, number[]>();
  const watch = async (service: string) => {
    const seen: number[] = [];
    watched.set(service, seen);
    for await (const { status } of health.watch({ service })) seen.push(status);
  };
  const watching = Promise.all(["", echoService.typeName, "x"].map(watch));
  await systemClock.sleep(30, { keepAlive: true });
  const { statuses } = await health.list({});
  assertEquals(Array.from(statuses, ([name, { status }]) => [name, status]), [
    ["", 1],
    [echoService.typeName, 1],
  ]);
  await pair.server.stop();
  await watching;
  assertEquals([...watched.values()], [[1, 2], [1, 2], [3]]);
});

testEachKind(
  "answers for its health while what is in flight ends, and serves nothing then",
  async (kind) => {
    const answer = Promise.withResolvers<void>();
    await using pair = await openPair(kind, {
      handlers: { say: (request) => answer.promise.then(() => request) },
    });
    const health = pair.client.stub(healthService);
    const seen: number[] = [];
    const inFlight = pair.stub.say(echo("a"));
    const statuses = health.watch({ service: echoService.typeName });
    for await (const { status } of statuses) {
      seen.push(status);
      if (seen.length === 1) pair.server.stop();
    }
    pair.server.setServing(echoService.typeName, true); // Too late.
    answer.resolve();
    assertEquals([seen, (await inFlight).text], [[1, 2], "a"]);
  },
);

testEachKind("says of single services whether they serve", async (kind) => {
  await using pair = await openPair(kind);
  const health = pair.client.stub(healthService);
  const service = echoService.typeName;
  const seen: number[] = [];
  for await (const { status } of health.watch({ service })) {
    seen.push(status);
    if (seen.length < 3) pair.server.setServing(service, seen.length === 2);
    else break;
  }
  assertEquals(seen, [1, 2, 1]);
  pair.server.setServing(service, false);
  assertEquals((await health.check({ service })).status, 2);
  assertEquals((await health.check({ service: "" })).status, 1);
  pair.server.setServing("later", true);
  assertEquals((await health.check({ service: "later" })).status, 1);
});

Deno.test("a server is not healthy before it can be found, and need not say", async () => {
  const registering = Promise.withResolvers<void>(), registered = Promise.withResolvers<void>();
  const registrar = {
    async register() {
      registering.resolve();
      await registered.promise;
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    },
  };
  const options = { log: noopLogger, registrars: [registrar], debug: new DebugRegistry() };
  await using server = new RpcServer({ Name: "a", ListenOn: "inproc:///unready" }, options);
  const starting = server.start();
  await registering.promise;
  await using client = new RpcClient({ Target: "inproc:///unready" }, { log: noopLogger });
  const health = client.stub(healthService);
  assertEquals((await health.check({ service: "" })).status, 2);
  registered.resolve();
  await starting;
  assertEquals((await health.check({ service: "" })).status, 1);

  await using silent = await openPair("inproc", { server: { Health: false } });
  const error = await assertRejects(
    () => silent.client.stub(healthService).check({ service: "" }),
    ServiceError,
  );
  assertEquals(error.code, "unimplemented");
});

Deno.test("those who watch a service's health are let go when they leave, and are not too many", async () => {
  await using pair = await openPair("inproc");
  const { watch } = pair.client.stub(healthService);
  const begin = async () => {
    const statuses = watch({ service: "" })[Symbol.asyncIterator]();
    await statuses.next();
    return statuses;
  };
  const watchers = await Promise.all(Array.from({ length: 1_000 }, begin));
  const error = await assertRejects(begin, ServiceError);
  assertEquals(error.code, "resource_exhausted");
  await Promise.all(watchers.map((watcher) => watcher.return?.()));
  const again = await begin();
  await again.return?.();
});

Deno.test("health is asked around the chain: neither tokens nor a full server keep a probe away", async () => {
  await using pair = await openPair("inproc", {
    server: { Auth: true, StrictControl: true, MaxConcurrency: 1 },
    serverOptions: { tokens: new MemoryTokenStore() },
    prepare: (server) =>
      server.use({
        unary: () => () => {
          throw new ServiceError("permission_denied", "no");
        },
      }),
  });
  const health = pair.client.stub(healthService);
  assertEquals((await health.check({ service: "" })).status, 1);
  assertEquals(pair.log.contents("info").filter((line) => String(line).includes("Health")), []);
});

Deno.test("HealthService that is shut down changes no more", () => {
  const health = new HealthService();
  health.set("a", true);
  health.shutdown();
  health.set("a", true);
  health.set("b", true);
  const statuses = health.implementation.list({}, undefined as never) as HealthListResponse;
  assertEquals([...statuses.statuses], [["", { status: 2 }], ["a", { status: 2 }]]);
});
