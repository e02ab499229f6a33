import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ConfigCenter } from "../../conf/center/config_center.ts";
import { textParser } from "../../conf/center/parser.ts";
import { registryConfigSource } from "../../conf/center/subscription_source.ts";
import { int } from "../../schema/builders.ts";
import { object } from "../../schema/object.ts";
import { noopLogger } from "../../log/logger.ts";
import { eventually } from "../../testing/eventually.ts";
import { provisionEtcd } from "../../testing/provision_etcd.ts";
import type { LastGoodStore } from "../source.ts";
import { EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { EtcdRegistry } from "./registry.ts";
import { shareEtcdRegistry } from "./shared_registry.ts";

const etcd = await provisionEtcd();
const client = new GatewayClient({ hosts: [etcd.host] });
Deno.test.afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const options = { hosts: [etcd.host], leaseTtlS: 2, retryMs: 50, logger: noopLogger };
let count = 0;

/** A name that no other test has, in this run or another on the same server. */
function newService(): string {
  return `zeno_test_${crypto.randomUUID().slice(0, 8)}_${count++}`;
}

async function keysOf(service: string): Promise<Record<string, string>> {
  const { entries } = await client.range({ key: `${service}/`, prefix: true });
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

Deno.test("EtcdRegistry publishes under the number of the lease, and takes out when disposed", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  const entry = await registry.publish(service, "10.0.0.1:80");
  const { entries } = await client.range({ key: `${service}/`, prefix: true });
  assertEquals(entries.length, 1);
  const [{ key, value, lease }] = entries as [typeof entries[0]];
  assertMatch(lease, /^[1-9]\d*$/);
  assertEquals([key, value, entry.key], [`${service}/${lease}`, "10.0.0.1:80", key]);
  await entry[Symbol.asyncDispose]();
  assertEquals(await keysOf(service), {});
  assertEquals(entry.state, "closed");
});

Deno.test("EtcdRegistry publishes under an id of one's own", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using _entry = await registry.publish(service, "10.0.0.1:80", { id: "10000" });
  assertEquals(await keysOf(service), { [`${service}/10000`]: "10.0.0.1:80" });
});

Deno.test("EtcdRegistry keeps an entry longer than its lease lives", async () => {
  const service = newService();
  await using registry = new EtcdRegistry({ ...options, leaseTtlS: 1 });
  await using entry = await registry.publish(service, "10.0.0.1:80");
  const { key } = entry;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assertEquals(await keysOf(service), { [key!]: "10.0.0.1:80" });
});

Deno.test("EtcdRegistry tells of those who come and go", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  const subscription = registry.subscribe(service);
  assertEquals(await subscription.resolve(), []);
  const seen: (readonly string[])[] = [];
  using _watch = subscription.subscribe((values) => seen.push(values));
  const first = await registry.publish(service, "10.0.0.1:80");
  await eventually("the first", () => seen.length === 1);
  await using _second = await registry.publish(service, "10.0.0.2:80");
  await eventually("the second", () => seen.length === 2);
  await first[Symbol.asyncDispose]();
  await eventually("the first to go", () => seen.length === 3);
  assertEquals(seen, [["10.0.0.1:80"], ["10.0.0.1:80", "10.0.0.2:80"], ["10.0.0.2:80"]]);
  assertEquals(subscription.state, "live");
});

Deno.test("EtcdRegistry lets a second subscriber know at once what the first does", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using _entry = await registry.publish(service, "10.0.0.1:80");
  const first = registry.subscribe(service);
  await first.resolve();
  const second = registry.subscribe(service);
  assertEquals(second.values, ["10.0.0.1:80"]);
  await first[Symbol.asyncDispose]();
  await using _more = await registry.publish(service, "10.0.0.2:80");
  await eventually("the second entry", () => second.values.length === 2);
  assertEquals([first.state, first.values.length], ["closed", 1]);
  await assertRejects(() => first.resolve(), Error, "the subscription is closed");
});

Deno.test("EtcdRegistry does not take a service for another that begins alike", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using _other = await registry.publish(`${service}bar`, "10.0.0.9:80");
  assertEquals(await registry.subscribe(service).resolve(), []);
});

Deno.test("EtcdRegistry follows one key when asked to", async () => {
  const service = newService();
  await client.put(service, "one");
  await client.put(`${service}/1`, "not this");
  await using registry = new EtcdRegistry(options);
  const subscription = registry.subscribe(service, { exact: true });
  assertEquals(await subscription.resolve(), ["one"]);
  await client.put(service, "two");
  await eventually("the new value", () => subscription.values[0] === "two");
  await client.delete({ key: service });
  await eventually("nothing", () => subscription.values.length === 0);
});

Deno.test("EtcdRegistry counts a value of two publishers once, until both have gone", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  const subscription = registry.subscribe(service);
  const first = await registry.publish(service, "10.0.0.1:80");
  const second = await registry.publish(service, "10.0.0.1:80");
  await eventually("both", () => subscription.entries.size === 2);
  assertEquals(subscription.values, ["10.0.0.1:80"]);
  await first[Symbol.asyncDispose]();
  await eventually("the first to go", () => subscription.entries.size === 1);
  assertEquals(subscription.values, ["10.0.0.1:80"]);
  await second[Symbol.asyncDispose]();
  await eventually("the second to go", () => subscription.values.length === 0);
});

Deno.test("EtcdRegistry gives a value to the latest of its keys when exclusive", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  const subscription = registry.subscribe(service, { exclusive: true });
  await using _first = await registry.publish(service, "10.0.0.1:80");
  await using second = await registry.publish(service, "10.0.0.1:80");
  await eventually("the second", () => subscription.entries.has(second.key!));
  assertEquals([...subscription.entries], [[second.key!, "10.0.0.1:80"]]);
});

Deno.test("EtcdPublication pauses and resumes under a new lease", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using entry = await registry.publish(service, "10.0.0.1:80");
  const before = entry.key;
  await entry.pause();
  assertEquals([entry.state, await keysOf(service)], ["paused", {}]);
  await entry.resume();
  assertEquals(entry.state, "registered");
  assert(entry.key !== before);
  assertEquals(await keysOf(service), { [entry.key!]: "10.0.0.1:80" });
});

Deno.test("EtcdPublication does the last of several things that are wished for", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using entry = await registry.publish(service, "10.0.0.1:80");
  await Promise.all([entry.pause(), entry.resume(), entry.pause(), entry.resume()]);
  assertEquals(entry.state, "registered");
  assertEquals(Object.values(await keysOf(service)), ["10.0.0.1:80"]);
});

Deno.test("EtcdPublication puts a deleted key back with the same lease", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using entry = await registry.publish(service, "10.0.0.1:80");
  const { key } = entry;
  for (let i = 0; i < 3; i++) {
    await client.delete({ key: key! });
    const tookMs = await eventually("the key", async () => key! in await keysOf(service));
    assert(tookMs < 2_000 / 3, `took ${tookMs} ms`);
  }
  assertEquals(entry.key, key);
});

Deno.test("EtcdPublication makes a new lease when its own is revoked", async () => {
  const service = newService();
  await using registry = new EtcdRegistry(options);
  await using entry = await registry.publish(service, "10.0.0.1:80");
  const { key } = entry;
  await client.revokeLease(key!.split("/")[1]!);
  const tookMs = await eventually("a key", async () => {
    const keys = Object.keys(await keysOf(service));
    return keys.length === 1 && keys[0] !== key;
  });
  assert(tookMs < 2_000 / 3, `took ${tookMs} ms`);
});

Deno.test("EtcdRegistry.publish() rejects when etcd cannot be reached", async () => {
  await using registry = new EtcdRegistry({ hosts: ["127.0.0.1:1"] });
  await assertRejects(
    () => registry.publish("greet.rpc", "10.0.0.1:80"),
    EtcdError,
    "Cannot reach etcd at http://127.0.0.1:1: ",
  );
});

Deno.test("EtcdRegistry.subscribe() fails those who wait when etcd cannot be reached", async () => {
  await using registry = new EtcdRegistry({
    hosts: ["127.0.0.1:1"],
    retryMs: 10,
    logger: noopLogger,
  });
  const subscription = registry.subscribe("greet.rpc");
  await assertRejects(() => subscription.resolve(), Error, "Cannot list etcd 127.0.0.1:1");
  await assertRejects(() => subscription.resolve(), Error, "Cannot list etcd 127.0.0.1:1");
  assertEquals(subscription.state, "waiting");
});

Deno.test("EtcdRegistry is content with one member that can be reached", async () => {
  const service = newService();
  for (const random of [() => 0, () => 0.5, () => 0.99]) {
    const hosts = ["127.0.0.1:1", etcd.host, "127.0.0.1:2"];
    await using registry = new EtcdRegistry({ ...options, hosts, random });
    await using _entry = await registry.publish(service, "10.0.0.1:80");
    assertEquals(await registry.subscribe(service).resolve(), ["10.0.0.1:80"]);
  }
});

Deno.test("EtcdRegistry.subscribe() stops waiting when told to", async () => {
  await using registry = new EtcdRegistry(options);
  const subscription = registry.subscribe(newService());
  const reason = new Error("enough");
  await assertRejects(
    () => subscription.resolve({ signal: AbortSignal.abort(reason) }),
    Error,
    "enough",
  );
  const controller = new AbortController();
  const waiting = subscription.resolve({ signal: controller.signal });
  controller.abort(reason);
  await assertRejects(() => waiting, Error, "enough");
});

Deno.test("shareEtcdRegistry() ends what was made through it, and no more", async () => {
  const service = newService();
  const first = shareEtcdRegistry(options);
  const second = shareEtcdRegistry(options);
  const one = await first.publish(service, "a:1");
  const two = await second.publish(service, "b:1");
  const subscription = second.subscribe(service);
  await eventually("both", () => subscription.values.length === 2);
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  assertEquals([one.state, two.state], ["closed", "registered"]);
  await eventually("one", () => subscription.values.length === 1);
  await second[Symbol.asyncDispose]();
  assertEquals([two.state, subscription.state, await keysOf(service)], ["closed", "closed", {}]);
  await using again = shareEtcdRegistry(options);
  assertEquals(await again.subscribe(service).resolve(), []);
});

Deno.test("shareEtcdRegistry() leaves nothing of a publication during which it was closed", async () => {
  const service = newService();
  await using other = shareEtcdRegistry(options);
  const shared = shareEtcdRegistry(options);
  const publishing = shared.publish(service, "a:1");
  await shared[Symbol.asyncDispose]();
  assertEquals((await publishing).state, "closed");
  assertEquals(await other.subscribe(service).resolve(), []);
  const { entries } = await client.range({ key: `${service}/`, prefix: true });
  assertEquals(entries, []);
});

Deno.test("EtcdRegistry refuses to do anything once it is closed", async () => {
  const registry = new EtcdRegistry(options);
  await registry[Symbol.asyncDispose]();
  assertThrows(() => registry.subscribe("greet.rpc"), TypeError, "the registry is closed");
  await assertRejects(() => registry.publish("greet.rpc", "a:1"), TypeError, "registry is closed");
});

Deno.test("shareEtcdRegistry() gives those who want something else a registry of their own", async () => {
  const service = newService();
  const saved = new Set<string>();
  const lastGood: LastGoodStore = {
    load: () => Promise.resolve(undefined),
    save: (name) => Promise.resolve(void saved.add(name)),
  };
  await client.put(`${service}/1`, "a:1");
  await using first = shareEtcdRegistry(options);
  assertEquals(await first.subscribe(service).resolve(), ["a:1"]);
  {
    await using second = shareEtcdRegistry({ ...options, lastGood });
    assertEquals(await second.subscribe(service).resolve(), ["a:1"]);
    await second.publish(`${service}_own`, "own:1"); // Which is no list.
    await new Promise((resolve) => setTimeout(resolve, 100)); // Its own key is followed by now.
  }
  assertEquals(saved.size, 1);
});

Deno.test("a key of etcd is a configuration that is followed", async () => {
  const key = newService();
  const schema = object({ Timeout: int().range("[1:]") });
  await client.put(key, "Timeout: 100");
  await using registry = new EtcdRegistry(options);
  await using center = await ConfigCenter.open(
    registryConfigSource(registry, key),
    textParser(schema),
    { logger: noopLogger },
  );
  const timeoutMs = center.live(({ Timeout }) => Timeout);
  await client.put(key, "Timeout: 0");
  await eventually("the fault", () => center.error !== undefined);
  assertMatch(center.error!.message, /^key "zeno_test_.*": Timeout: wrong number range/);
  assertEquals(timeoutMs.value, 100);
  await client.put(key, "Timeout: 200");
  await eventually("the change", () => timeoutMs.value === 200);
});

const wrong: [string, () => unknown, string][] = [
  ["no hosts", () => new EtcdRegistry({ hosts: [] }), "empty etcd hosts"],
  [
    "a timeout of 0",
    () => new GatewayClient({ hosts: ["a:1"], requestTimeoutMs: 0 }),
    "requestTimeoutMs > 0",
  ],
];
for (const [name, make, message] of wrong) {
  Deno.test(`EtcdRegistry refuses ${name}`, () => {
    assertThrows(make, Error, message);
  });
}
