/**
 * What the layers of the client cost: against the bare driver, on the same server.
 */

import { noopLogger } from "../../core/log/logger.ts";
import { MetricRegistry } from "../../core/metric/registry.ts";
import { provisionRedis } from "../../core/testing/provision_redis.ts";
import { parseAddress } from "./address.ts";
import { WireCommand, WireRedis } from "./driver.ts";
import { Redis } from "./redis.ts";

const server = await provisionRedis();
const bare = new WireRedis(parseAddress(server.host));
bare.on("error", () => {});
const redis = new Redis({ Host: server.host }, { log: noopLogger, metrics: new MetricRegistry() });
await redis.set("bench", "value");

const send = (name: string, ...args: string[]) =>
  bare.sendCommand(new WireCommand(name, args)).then(String);

const batchBare = () => {
  const pipeline = bare.pipeline();
  for (let i = 0; i < 20; i++) pipeline.sendCommand(new WireCommand("get", ["bench"]));
  return pipeline.exec();
};
const batch = () => redis.pipelined((pipe) => Array.from({ length: 20 }, () => pipe.get("bench")));

const ROWS = [
  { group: "get()", bare: () => send("get", "bench"), ours: () => redis.get("bench") },
  {
    group: "set()",
    bare: () => send("set", "bench", "value"),
    ours: () => redis.set("bench", "value"),
  },
  { group: "pipelined(), 20 commands", bare: batchBare, ours: batch },
];

/** So many at a time. */
const together = (count: number, run: () => Promise<unknown>) => async () => {
  await Promise.all(Array.from({ length: count }, run));
};

for (const { group, bare, ours } of ROWS) {
  for (const count of [1, 32]) {
    const name = `${group}, ${count} in flight`;
    Deno.bench({ name: "bare driver", group: name, baseline: true }, together(count, bare));
    Deno.bench({ name: "Redis", group: name }, together(count, ours));
  }
}
