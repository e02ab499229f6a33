/** Tests of a running RPC server whose configuration comes from a centre. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { ConfigCenter } from "../../core/conf/center/config_center.ts";
import { etcdConfigSource } from "../../core/conf/center/etcd_source.ts";
import { MemoryConfigSource } from "../../core/conf/center/memory_source.ts";
import { textParser } from "../../core/conf/center/parser.ts";
import { etcdConfig } from "../../core/discovery/etcd/config.ts";
import { GatewayClient } from "../../core/discovery/etcd/gateway_client.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { provisionEtcd } from "../../core/testing/provision_etcd.ts";
import { rpcServerConfig } from "../server/config.ts";
import { echo } from "../testing/echo_service.ts";
import { openPair } from "../testing/pair.ts";

const BASE = { Name: "echo", Timeout: 60_000, Log: { Level: "severe" as const } };

/** Collects garbage, so that what is left is in use. */
function bytesInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  return Deno.memoryUsage().heapUsed;
}

for (const kind of ["inproc", "grpc_js"] as const) {
  Deno.test(`S8: a thousand reloads under load over ${kind} fail no call and leave nothing behind`, async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const pair = await openPair(kind, {
      server: { ...BASE, MaxConcurrency: 200 },
      client: { Timeout: 60_000, Middlewares: { Breaker: false } },
      clientOptions: { retry: false },
      handlers: {
        look: async (request) => {
          if (request.text === "hold") await held;
          return request;
        },
      },
    });
    pair.log.setLevel("severe");
    const { server, stub } = pair;
    const ListenOn = server.config.ListenOn;
    const source = new MemoryConfigSource(JSON.stringify({ ...BASE, ListenOn }));
    const parse = textParser(rpcServerConfig);
    const center = await ConfigCenter.open(source, parse, { logger: noopLogger });
    const attached = center.attach(server);
    const failures: unknown[] = [];
    let answered = 0;
    let running = true;
    const caller = async () => {
      while (running) {
        await stub.say(echo("a")).then(() => answered++, (error) => failures.push(error));
        // The transport within the process answers before anything else has a turn.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    };
    const callers = Array.from({ length: 16 }, caller);
    const inFlight = Array.from({ length: 50 }, () => stub.look(echo("hold")));
    const reloads = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const text = { ...BASE, ListenOn, Timeout: 60_000 + i, MaxConcurrency: 100 + i % 50 };
        source.set(JSON.stringify(text));
        if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await reloads(0, 1_000);
    const before = bytesInUse();
    await reloads(1_000, 2_000);
    const grownBytes = bytesInUse() - before;
    running = false;
    await Promise.all(callers);
    assertEquals([failures, server.config.Timeout], [[], 61_999]);
    assert(answered > 500, `${answered} answers`);
    assert(grownBytes < 1_500_000, `grown by ${grownBytes} bytes`);

    // Those that were in flight all the while still count.
    source.set(JSON.stringify({ ...BASE, ListenOn, MaxConcurrency: 50 }));
    await assertRejects(() => stub.look(echo("b")), Error, "50");
    release();
    assertEquals((await Promise.all(inFlight)).length, 50);
    assertEquals((await stub.look(echo("b"))).text, "b");
    attached[Symbol.dispose]();
    await center[Symbol.asyncDispose]();
    await pair[Symbol.asyncDispose]();
  });
}

Deno.test("a running server takes the time limit and the log level that a key of etcd says, and keeps the last good ones", async () => {
  await using etcd = await provisionEtcd();
  await using writer = new GatewayClient({ hosts: [etcd.host] });
  const section = etcdConfig.parse({
    Hosts: [etcd.host],
    Key: `zeno_test_${crypto.randomUUID()}`,
  });
  const textOf = (limitMs: number, level: string) =>
    `Name: echo\nListenOn: inproc:///echo\nTimeout: ${limitMs}\nLog: {Level: ${level}}\n`;
  await writer.put(section.Key, textOf(10_000, "severe"));
  const center = await ConfigCenter.open(etcdConfigSource(section), textParser(rpcServerConfig), {
    logger: noopLogger,
  });
  const pair = await openPair("inproc", {
    server: { ...center.get(), ListenOn: "inproc:///echo" },
    handlers: { look: () => new Promise(() => {}) },
  });
  const { server, stub, log } = pair;
  const attached = center.attach(server);
  await writer.put(section.Key, textOf(20, "debug"));
  await eventually("the time limit", () => server.config.Timeout === 20);
  assertEquals(log.enabled("debug"), true);
  await assertRejects(() => stub.look(echo("a")), Error, "20 ms");
  await writer.put(section.Key, textOf(20, "loud"));
  await eventually("the fault", () => center.error !== undefined);
  await writer.delete({ key: section.Key });
  await eventually("the deletion", () => center.text === "");
  assertEquals([server.config.Timeout, log.enabled("debug")], [20, true]);
  await writer.put(section.Key, textOf(30, "error"));
  await eventually("the time limit", () => server.config.Timeout === 30);
  assertEquals([log.enabled("info"), center.error], [false, undefined]);
  attached[Symbol.dispose]();
  await center[Symbol.asyncDispose]();
  await pair[Symbol.asyncDispose]();
});
