/** Instances that do badly, and what their callers notice of it. */
import { assert } from "@std/assert";
import { systemClock } from "../../core/clock.ts";
import { ServiceError } from "../../core/errors.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { echo, echoService } from "../testing/echo_service.ts";
import { inprocTransport } from "../transport/inproc/client_transport.ts";
import { InprocNetwork } from "../transport/inproc/network.ts";
import { inprocServerTransport } from "../transport/inproc/server_transport.ts";
import { RpcClient } from "./rpc_client.ts";

const { say, look } = echoService.methods;
const sleep = (ms: number) => systemClock.sleep(ms, { keepAlive: true });

/** A client of instances, each with what it does to a call. */
async function open(instances: Record<string, () => Promise<void>>, config = {}) {
  const network = new InprocNetwork();
  const counts: Record<string, number> = {};
  for (const [name, act] of Object.entries(instances)) {
    counts[name] = 0;
    const handle = async (request: unknown) => {
      counts[name]!++;
      await act();
      return request;
    };
    const methods = [say, look].map((method) => ({ kind: "unary", method, handle }) as const);
    await inprocServerTransport(network).listen(methods, name);
  }
  const addresses = Object.keys(instances).map((name) => `${name}:1`);
  const client = new RpcClient({ Endpoints: addresses, Timeout: 1_000, ...config }, {
    transport: {
      name: "test",
      open: (address) => inprocTransport(network).open(address.replace(/:1$/, "")),
    },
    log: noopLogger,
    metrics: new MetricRegistry(),
  });
  return { client, counts };
}

/** Calls for so long with 20 callers that pause between calls; answers how many calls failed. */
async function load(call: () => Promise<unknown>, forMs: number): Promise<number> {
  const endMs = systemClock.now() + forMs;
  let failed = 0;
  // Deadlines do not keep the process alive, so something else must.
  using _alive = systemClock.setTimer(() => {}, 60_000, { keepAlive: true });
  await Promise.all(Array.from({ length: 20 }, async () => {
    while (systemClock.now() < endMs) {
      await call().catch(() => failed++);
      await sleep(2);
    }
  }));
  return failed;
}

const good = () => sleep(1);
const BAD: Record<string, () => Promise<void>> = {
  "is 300 ms slower": () => sleep(300),
  "hangs": () => new Promise(() => {}),
  "fails always": () => Promise.reject(new ServiceError("internal", "broken")),
  "fails half of its calls": () =>
    Math.random() < 0.5 ? Promise.reject(new ServiceError("internal", "broken")) : good(),
};

for (const [name, act] of Object.entries(BAD)) {
  Deno.test({
    name: `of five instances one that ${name} gets few calls`,
    sanitizeOps: false, // What hangs is left hanging.
    sanitizeResources: false,
    async fn() {
      const { client, counts } = await open({ a: good, b: good, c: good, d: good, bad: act });
      await load(() => client.call(say, echo("")), 1_500);
      const before = { ...counts };
      const total = () => Object.values(counts).reduce((sum, count) => sum + count, 0);
      const base = total();
      await load(() => client.call(say, echo("")), 1_500);
      const share = (counts.bad! - before.bad!) / (total() - base);
      await client[Symbol.asyncDispose]();
      assert(share <= 0.05, `${(share * 100).toFixed(1)}% of the calls went to it`);
    },
  });
}

Deno.test({
  name: "when all instances are down calls fail at once, and few are made",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const down = () =>
      sleep(30).then(() => Promise.reject(new ServiceError("unavailable", "down")));
    const { client, counts } = await open({ a: down, b: down });
    await load(() => client.call(say, echo("")), 1_500);
    const before = counts.a! + counts.b!;
    const times: number[] = [];
    await load(async () => {
      const startedMs = systemClock.now();
      try {
        return await client.call(say, echo(""));
      } finally {
        times.push(systemClock.now() - startedMs);
      }
    }, 2_000);
    await client[Symbol.asyncDispose]();
    const most = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
    const made = counts.a! + counts.b! - before;
    assert(most < 20, `a call took ${most} ms`);
    // One a second for each, and the one that was due.
    assert(made <= 2 * 3, `${made} of ${times.length} calls were made`);
  },
});

Deno.test({
  name: "four tiers that retry do not add up to a storm",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    let arrived = 0;
    const down = () => {
      arrived++;
      return Promise.reject(new ServiceError("unavailable", "down"));
    };
    const off = { Middlewares: { Breaker: false } };
    let tier = (await open({ last: down }, off)).client;
    for (const name of ["third", "second", "first"]) {
      const next = tier;
      tier = (await open({ [name]: () => next.call(look, echo("")).then(() => {}) }, off)).client;
    }
    let calls = 0;
    await load(() => {
      calls++;
      return tier.call(look, echo(""));
    }, 1_500);
    const most = 1.2 * calls + 3 * 1.5 + 3; // A few a second are free.
    assert(arrived <= most, `${calls} calls became ${arrived}`);
  },
});
