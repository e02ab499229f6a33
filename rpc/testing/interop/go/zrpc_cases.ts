/**
 * Tests between a client of one side and servers of the other, which find each other by etcd.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../../core/clock.ts";
import { eventually } from "../../../../core/testing/eventually.ts";
import { freePort } from "../../../../core/testing/server_process.ts";
import { TOKENS } from "./redis.ts";
import type { Config, Order, Side } from "./side.ts";

/** Where the two sides meet. */
export interface Meeting {
  /** Who calls. */
  readonly caller: Side;
  /** Who answers. */
  readonly callee: Side;
  /** `host:port` of an etcd. */
  readonly etcd: string;
  /** `host:port` of a Redis whose hash {@link TOKENS} knows the application `shop` by the token `s3cret`. */
  readonly redis: string;
}

const ONE: Order = { calls: 1, concurrency: 1 };
let keys = 0;

/** A name in etcd that no other test uses, with configurations of servers and clients. */
function meet({ etcd }: Meeting) {
  const Etcd = { Hosts: [etcd], Key: `interop${++keys}.rpc` };
  return {
    server: (more: Config = {}): Config => {
      const port = freePort();
      return { Name: `at ${port}`, ListenOn: `127.0.0.1:${port}`, Etcd, ...more };
    },
    client: (more: Config = {}): Config => ({ Etcd, ...more }),
  };
}

/** One call of a client to a server, each with some configuration. */
async function callOnce(meeting: Meeting, order: Order, server: Config = {}, client: Config = {}) {
  const configs = meet(meeting);
  await using _server = await meeting.callee.serve(configs.server(server));
  await using caller = meeting.caller.open(configs.client(client));
  await caller.call({ ...ONE, metadata: order.metadata }); // The first has to connect.
  return await caller.call(order);
}

/** Each test by its name. */
export const ZRPC_CASES: Readonly<Record<string, (meeting: Meeting) => Promise<void>>> = {
  async "finds the server and gets its answer"(meeting) {
    const { codes, bytes } = await callOnce(meeting, { ...ONE, size: 12_345 });
    assertEquals([codes, bytes], [{ 0: 1 }, 12_345]);
  },
  async "carries status and message"(meeting) {
    const order = { ...ONE, code: 5, message: "no such user: ☺ %" };
    const { codes, message } = await callOnce(meeting, order);
    assertEquals([codes, message], [{ 5: 1 }, order.message]);
  },
  async "carries metadata"(meeting) {
    const { header } = await callOnce(meeting, { ...ONE, metadata: { "x-tag": "a, b" } });
    assertEquals(header["x-seen-tag"], "a, b");
  },
  async "carries the trace"(meeting) {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const { header } = await callOnce(meeting, { ...ONE, trace });
    assertEquals(header["x-seen-trace"], trace);
  },
  async "tells the server of the caller's deadline"(meeting) {
    const { header } = await callOnce(meeting, { ...ONE, timeoutMs: 700 });
    const left = Number(header["x-seen-deadline-ms"]);
    assert(left > 300 && left <= 700, `${left} ms were left`);
  },
  async "tells the server of the client's Timeout"(meeting) {
    const server = { Timeout: 30_000 };
    const { header } = await callOnce(meeting, ONE, server, { Timeout: 1_500 });
    const left = Number(header["x-seen-deadline-ms"]);
    assert(left > 900 && left <= 1_500, `${left} ms were left`);
  },
  async "ends a call at the caller's deadline"(meeting) {
    const configs = meet(meeting);
    await using _server = await meeting.callee.serve(configs.server({ Timeout: 0 }));
    await using caller = meeting.caller.open(configs.client({ Timeout: 0 }));
    await caller.call(ONE);
    const metadata = { "x-sleep-ms": "5000" };
    const { codes, maxMs } = await caller.call({ ...ONE, timeoutMs: 250, metadata });
    assertEquals(codes, { 4: 1 });
    assert(maxMs < 1_500, `it took ${maxMs} ms`);
  },
  async "ends a call at the server's Timeout"(meeting) {
    const configs = meet(meeting);
    await using _server = await meeting.callee.serve(configs.server({ Timeout: 250 }));
    await using caller = meeting.caller.open(configs.client({ Timeout: 20_000 }));
    await caller.call(ONE);
    const { codes, maxMs } = await caller.call({ ...ONE, metadata: { "x-sleep-ms": "5000" } });
    assertEquals(codes, { 4: 1 });
    assert(maxMs < 2_000, `it took ${maxMs} ms`);
  },
  async "lets in an application by its token, and nobody else"(meeting) {
    const configs = meet(meeting);
    const server = {
      Auth: true,
      StrictControl: true,
      Redis: { Host: meeting.redis, Type: "node", Key: TOKENS },
    };
    await using _server = await meeting.callee.serve(configs.server(server));
    const cases: [Config, number][] = [
      [{ App: "shop", Token: "s3cret" }, 0],
      [{ App: "shop", Token: "wrong" }, 16],
      [{}, 16],
    ];
    for (const [client, code] of cases) {
      await using caller = meeting.caller.open(configs.client(client));
      assertEquals((await caller.call(ONE)).codes, { [code]: 1 });
    }
  },
  async "spreads calls over all instances"(meeting) {
    const configs = meet(meeting);
    await using servers = new AsyncDisposableStack();
    for (let i = 0; i < 3; i++) servers.use(await meeting.callee.serve(configs.server()));
    await using caller = meeting.caller.open(configs.client());
    await caller.call({ calls: 60, concurrency: 6 });
    const { codes, instances } = await caller.call({ calls: 600, concurrency: 6 });
    assertEquals(codes, { 0: 600 });
    const shares = Object.values(instances);
    assert(shares.length === 3 && Math.min(...shares) >= 60, `shares were ${shares}`);
  },
  async "calls an instance that comes later"(meeting) {
    const configs = meet(meeting);
    await using _first = await meeting.callee.serve(configs.server());
    await using caller = meeting.caller.open(configs.client());
    await caller.call(ONE);
    const late = configs.server();
    await using _late = await meeting.callee.serve(late);
    await eventually("the new instance is called", async () => {
      const { codes, instances } = await caller.call({ calls: 20, concurrency: 4 });
      assertEquals(codes, { 0: 20 });
      return (instances[String(late.Name)] ?? 0) > 0;
    });
  },
  async "loses no call when an instance leaves"(meeting) {
    const configs = meet(meeting);
    await using servers = new AsyncDisposableStack();
    servers.use(await meeting.callee.serve(configs.server()));
    const leaving = configs.server();
    const instance = await meeting.callee.serve(leaving);
    await using caller = meeting.caller.open(configs.client());
    await caller.call({ calls: 20, concurrency: 2 });
    const flow = caller.call({ calls: 2_000, concurrency: 4, pauseMs: 5 });
    await systemClock.sleep(500, { keepAlive: true });
    await instance[Symbol.asyncDispose]();
    const { codes, instances, message } = await flow;
    assertEquals([codes, message], [{ 0: 2_000 }, ""]);
    assert((instances[String(leaving.Name)] ?? 0) > 0, "it was never called");
    const after = await caller.call({ calls: 40, concurrency: 4 });
    assertEquals([after.codes, after.instances[String(leaving.Name)]], [{ 0: 40 }, undefined]);
  },
};
