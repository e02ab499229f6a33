import { assert, assertEquals, assertRejects } from "@std/assert";
import { noopLogger } from "../../log/logger.ts";
import { eventually } from "../../testing/eventually.ts";
import { FaultProxy } from "../../testing/fault_proxy.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { EtcdProcess } from "../../testing/provision_etcd.ts";
import type { Subscription } from "../registry.ts";
import { LastGoodFolder } from "../file/last_good_folder.ts";
import { EtcdError } from "./errors.ts";
import { GatewayClient } from "./gateway_client.ts";
import { EtcdRegistry, type EtcdRegistryOptions } from "./registry.ts";

const etcd = await EtcdProcess.start();
Deno.test.afterAll(() => etcd[Symbol.asyncDispose]());

/** Fast, so that tests are: leases of two seconds, retries of a tenth of one. */
const fast: Omit<EtcdRegistryOptions, "hosts"> = {
  leaseTtlS: 2,
  retryMs: 50,
  maxRetryMs: 200,
  probeMs: 100,
  requestTimeoutMs: 300,
  lossGraceMs: 3_000,
  logger: noopLogger,
};

let count = 0;
const newService = () => `faults_${count++}`;

/** Notes whether a list is ever empty. */
function neverEmpty(subscription: Subscription): { readonly wasEmpty: boolean } {
  const seen = { wasEmpty: false };
  subscription.subscribe((values) => seen.wasEmpty ||= values.length === 0);
  return seen;
}

const hasValue = (subscription: Subscription, value: string) => () =>
  subscription.values.includes(value);

Deno.test("E1: a list outlives an etcd that dies, and follows it when it is back", async () => {
  const service = newService();
  const log = new MemoryLog();
  await using registry = new EtcdRegistry({ ...fast, hosts: [etcd.host], logger: log });
  await using entry = await registry.publish(service, "a:1");
  const subscription = registry.subscribe(service);
  await eventually("the entry", hasValue(subscription, "a:1"));
  const seen = neverEmpty(subscription);
  await etcd.kill();
  await eventually("the loss to be noticed", () => subscription.state === "stale");
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assertEquals([subscription.values, await subscription.resolve()], [["a:1"], ["a:1"]]);
  await etcd.restart();
  await using client = new GatewayClient({ hosts: [etcd.host] });
  await client.put(`${service}/x`, "b:1");
  const tookMs = await eventually("the new entry", hasValue(subscription, "b:1"));
  assert(tookMs < 5_000, `took ${tookMs} ms`);
  await eventually("registration", () => entry.state === "registered");
  assertEquals([seen.wasEmpty, subscription.state], [false, "live"]);
  // One line for each thing that is followed, however often it was tried.
  assertEquals(log.contents("error").length, 2, log.lines.join("\n"));
});

Deno.test("E2: all register again with an etcd that has lost its data, and nobody is gone meanwhile", async () => {
  const service = newService();
  await using registry = new EtcdRegistry({ ...fast, hosts: [etcd.host] });
  const values = Array.from({ length: 10 }, (_, i) => `10.0.0.${i}:80`);
  const entries = await Promise.all(values.map((value) => registry.publish(service, value)));
  const subscription = registry.subscribe(service);
  await eventually("all", () => subscription.values.length === 10);
  let fewest = 10;
  using _watch = subscription.subscribe(({ length }) => fewest = Math.min(fewest, length));
  const before = new Set(entries.map(({ key }) => key));
  await etcd.restart({ wipe: true });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const tookMs = await eventually("all to register", async () => {
    const { entries } = await client.range({ key: `${service}/`, prefix: true });
    return entries.length === 10 && entries.every(({ key }) => !before.has(key));
  });
  assert(tookMs < 10_000, `took ${tookMs} ms`);
  const convergedMs = await eventually(
    "the old keys to go",
    () => [...subscription.entries.keys()].every((key) => !before.has(key)),
  );
  assert(convergedMs < 5_000, `took ${convergedMs} ms`);
  assertEquals([fewest, subscription.values.length], [10, 10]);
});

Deno.test("E2: who does not come back goes after the time of grace", async () => {
  const service = newService();
  await using client = new GatewayClient({ hosts: [etcd.host] });
  await client.put(`${service}/1`, "gone:1");
  await using registry = new EtcdRegistry({ ...fast, lossGraceMs: 500, hosts: [etcd.host] });
  await using _entry = await registry.publish(service, "here:1");
  const subscription = registry.subscribe(service);
  await eventually("both", () => subscription.values.length === 2);
  await etcd.restart({ wipe: true });
  await eventually("one to go", () => subscription.values.length === 1);
  assertEquals(subscription.values, ["here:1"]);
});

Deno.test("E3: an entry whose lease ran out behind a partition comes back under a new one", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using publisher = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
  await using subscriber = new EtcdRegistry({ ...fast, hosts: [etcd.host] });
  await using entry = await publisher.publish(service, "a:1");
  const subscription = subscriber.subscribe(service);
  await eventually("the entry", hasValue(subscription, "a:1"));
  const { key } = entry;
  proxy.silence();
  const goneMs = await eventually("the lease to run out", () => subscription.values.length === 0);
  assert(goneMs < 4_000, `took ${goneMs} ms`);
  proxy.heal();
  const backMs = await eventually("the entry", hasValue(subscription, "a:1"));
  assert(backMs < 5_000, `took ${backMs} ms`);
  assert(entry.key !== key);
});

Deno.test("E3: an entry of a process that was stopped comes back when it goes on", async () => {
  const service = newService();
  await using subscriber = new EtcdRegistry({ ...fast, hosts: [etcd.host] });
  const subscription = subscriber.subscribe(service);
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("testdata/publisher.ts", import.meta.url).href, etcd.host, service],
    stdin: "null",
  }).spawn();
  await eventually("the entry", hasValue(subscription, "child:1"));
  child.kill("SIGSTOP");
  const goneMs = await eventually("the lease to run out", () => subscription.values.length === 0);
  assert(goneMs < 4_000, `took ${goneMs} ms`);
  child.kill("SIGCONT");
  const backMs = await eventually("the entry", hasValue(subscription, "child:1"));
  assert(backMs < 5_000, `took ${backMs} ms`);
});

for (const forget of [false, true]) {
  const what = forget ? "connections that stay dead" : "connections that go on later";
  Deno.test(`E5: a list outlives a network that swallows everything, with ${what}`, async () => {
    const service = newService();
    await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
    await using registry = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
    await using client = new GatewayClient({ hosts: [etcd.host] });
    await client.put(`${service}/1`, "a:1");
    const subscription = registry.subscribe(service);
    await eventually("the entry", hasValue(subscription, "a:1"));
    proxy.silence({ forget });
    await client.put(`${service}/2`, "b:1");
    await client.delete({ key: `${service}/1` });
    await eventually("the loss to be noticed", () => subscription.state === "stale");
    assertEquals(subscription.values, ["a:1"]);
    proxy.heal();
    const tookMs = await eventually("the change", hasValue(subscription, "b:1"));
    assert(tookMs < 5_000, `took ${tookMs} ms`);
    assertEquals(subscription.values, ["b:1"]);
  });
}

Deno.test("E5: connections that died idle cost one request, however many there are", async () => {
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using client = new GatewayClient({ hosts: [proxy.address], requestTimeoutMs: 300 });
  await Promise.all(Array.from({ length: 8 }, () => client.range({ key: "k" })));
  assert(proxy.connections > 2, `${proxy.connections} connections`);
  proxy.silence({ forget: true });
  proxy.heal();
  await assertRejects(() => client.range({ key: "k" }), EtcdError, "no answer within 300 ms");
  await client.range({ key: "k" });
});

Deno.test("a watch that hears of all is left alone by its probes", async () => {
  const service = newService();
  const log = new MemoryLog();
  await using client = new GatewayClient({ hosts: [etcd.host] });
  await using registry = new EtcdRegistry({
    ...fast,
    probeMs: 20,
    hosts: [etcd.host],
    logger: log,
  });
  const subscription = registry.subscribe(service);
  await subscription.resolve();
  for (const value of ["a:1", "b:1"]) {
    await client.put(`${service}/1`, value);
    await client.put(`${service}/${value}`, value);
    await client.delete({ key: `${service}/${value}` });
  }
  await client.put("another", "key");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals([subscription.values, log.contents("error")], [["b:1"], []]);
});

Deno.test("E5: a watch that alone has gone silent is noticed", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using registry = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const subscription = registry.subscribe(service);
  await subscription.resolve();
  await eventually("the watch", () => proxy.connections > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  // The watch's connection is dead from now on, new ones are not.
  proxy.silence({ forget: true });
  proxy.heal();
  await client.put(`${service}/1`, "a:1");
  const tookMs = await eventually("the entry", hasValue(subscription, "a:1"));
  assert(tookMs < 5_000, `took ${tookMs} ms`);
});

Deno.test("E5: a hundred cuts leave no connection and no change behind", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  {
    await using registry = new EtcdRegistry({
      ...fast,
      retryMs: 5,
      maxRetryMs: 5,
      hosts: [proxy.address],
    });
    await using _entry = await registry.publish(service, "own:1");
    const subscription = registry.subscribe(service);
    await subscription.resolve();
    for (let i = 0; i < 100; i++) {
      proxy.cut();
      await client.put(`${service}/x`, `x:${i}`);
      await eventually(`change ${i}`, hasValue(subscription, `x:${i}`));
    }
    assert(proxy.connections < 10, `${proxy.connections} connections`);
  }
  await eventually("all connections to go", () => proxy.connections === 0);
});

/** Files, sockets and pipes that this process holds. */
function openFiles(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

Deno.test("E5: a hundred silences leave no file, no connection and no change behind", {
  ignore: Deno.build.os !== "linux", // Where open files can be counted.
}, async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const log = new MemoryLog();
  {
    await using registry = new EtcdRegistry({
      ...fast,
      leaseTtlS: 30,
      probeMs: 20,
      requestTimeoutMs: 40,
      retryMs: 5,
      maxRetryMs: 5,
      hosts: [proxy.address],
      logger: log,
    });
    await using _entry = await registry.publish(service, "own:1");
    const subscription = registry.subscribe(service);
    await eventually("the entry", hasValue(subscription, "own:1"));
    const seen = neverEmpty(subscription);
    let before = 0;
    for (let i = 0; i < 100; i++) {
      proxy.silence({ forget: true });
      await client.put(`${service}/x`, `x:${i}`);
      await eventually(`silence ${i} to be noticed`, () => subscription.state !== "live");
      assert(subscription.values.includes("own:1"));
      proxy.heal();
      await eventually(`change ${i}`, hasValue(subscription, `x:${i}`));
      if (i === 20) before = openFiles();
    }
    const grown = openFiles() - before;
    // The proxy keeps its ends of the dead connections; those of the registry are gone.
    const ofProxy = proxy.connections * 2;
    assert(grown < ofProxy + 10, `${grown} files more, ${ofProxy} of the proxy`);
    assertEquals(seen.wasEmpty, false);
  }
  // One line for each silence and each thing that is followed, not one for each attempt.
  assert(log.contents("error").length <= 200, `${log.contents("error").length} lines`);
});

Deno.test("E6: no deletion is missed when etcd has compacted what a watch asks for", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using registry = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  for (const name of ["a", "b", "c"]) await client.put(`${service}/${name}`, `${name}:1`);
  const subscription = registry.subscribe(service);
  await eventually("all", () => subscription.values.length === 3);
  proxy.refuse();
  await client.delete({ key: `${service}/b` });
  await client.put(`${service}/c`, "c:2");
  await compact(client);
  proxy.heal();
  await eventually("the changes", hasValue(subscription, "c:2"));
  assertEquals([...subscription.values].toSorted(), ["a:1", "c:2"]);
});

Deno.test("E6: a watch from a compacted revision is listed anew at once", async () => {
  const service = newService();
  await using client = new GatewayClient({ hosts: [etcd.host] });
  await client.put(`${service}/a`, "a:1");
  let watches = 0;
  const behind = new Proxy(client, {
    get(target, name) {
      if (name !== "watch") {
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      }
      // The first watch asks for what is no longer there.
      return (...[range, options]: Parameters<GatewayClient["watch"]>) =>
        target.watch(range, watches++ === 0 ? { ...options, fromRevision: 1n } : options);
    },
  });
  await compact(client);
  const log = new MemoryLog();
  const registry = new EtcdRegistry({ ...fast, hosts: [etcd.host], client: behind, logger: log });
  const subscription = registry.subscribe(service);
  await eventually("the second watch", () => watches === 2);
  await client.put(`${service}/b`, "b:1");
  await eventually("the change", hasValue(subscription, "b:1"));
  assertEquals(log.contents("error"), []);
  await registry[Symbol.asyncDispose]();
});

async function compact(client: GatewayClient): Promise<void> {
  const { revision } = await client.range({ key: "none" });
  const response = await fetch(`http://${etcd.host}/v3/kv/compaction`, {
    method: "POST",
    body: JSON.stringify({ revision: String(revision), physical: true }),
  });
  assertEquals(response.status, 200, await response.text());
}

Deno.test("a list follows through a slow and a narrow network", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using registry = new EtcdRegistry({
    ...fast,
    requestTimeoutMs: 2_000,
    hosts: [proxy.address],
  });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  proxy.delay(150);
  await using entry = await registry.publish(service, "a:1");
  const subscription = registry.subscribe(service);
  await eventually("the entry", hasValue(subscription, "a:1"));
  proxy.heal();
  proxy.throttle(4_000);
  await client.put(`${service}/x`, "b:1");
  await eventually("the change", hasValue(subscription, "b:1"));
  assertEquals([subscription.state, entry.state], ["live", "registered"]);
});

Deno.test("a list of a thousand keys that come and go ends as etcd has it", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using registry = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  const subscription = registry.subscribe(service);
  await subscription.resolve();
  let told = 0;
  using _watch = subscription.subscribe(() => told++);
  const all = Array.from({ length: 1_000 }, (_, i) => `${service}/${i}`);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < all.length; i += 50) {
      await Promise.all(all.slice(i, i + 50).map((key) => client.put(key, `${key}#${round}`)));
      if (i % 250 === 0) proxy.cut();
    }
    await Promise.all(
      all.filter((_, i) => i % 3 === round).map((key) => client.delete({ key })),
    );
  }
  const { entries } = await client.range({ key: `${service}/`, prefix: true });
  const wanted = new Map(entries.map(({ key, value }) => [key, value]));
  await eventually("all changes", () => {
    const { entries: known } = subscription;
    return known.size === wanted.size && [...wanted].every(([key, v]) => known.get(key) === v);
  });
  assert(told > 0 && told < 3_000, `told ${told} times`);
});

Deno.test("an entry is published in the background once etcd is there", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  proxy.refuse();
  await using registry = new EtcdRegistry({ ...fast, hosts: [proxy.address] });
  await using entry = await registry.publish(service, "a:1", { background: true });
  const subscription = registry.subscribe(service);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals([entry.state, entry.key, subscription.state], ["registering", undefined, "waiting"]);
  proxy.heal();
  await eventually("the entry", hasValue(subscription, "a:1"));
});

Deno.test("a registry closes while etcd is silent", async () => {
  const service = newService();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  const log = new MemoryLog();
  const registry = new EtcdRegistry({ ...fast, hosts: [proxy.address], logger: log });
  const entry = await registry.publish(service, "a:1");
  const subscription = registry.subscribe(service);
  await subscription.resolve();
  proxy.silence();
  const startedAt = performance.now();
  await registry[Symbol.asyncDispose]();
  assert(performance.now() - startedAt < 2_000);
  assertEquals([entry.state, subscription.state], ["closed", "closed"]);
  assert(log.lines.some((line) => line.includes("it goes within 2 s")), log.lines.join("\n"));
});

Deno.test("a list of an earlier life serves while etcd is away at start", async () => {
  const service = newService();
  const folder = await Deno.makeTempDir();
  await using proxy = FaultProxy.listen({ hostname: "127.0.0.1", port: etcd.port });
  await using client = new GatewayClient({ hosts: [etcd.host] });
  await client.put(`${service}/1`, "a:1");
  const options = { ...fast, hosts: [proxy.address], lastGood: new LastGoodFolder(folder) };
  {
    await using registry = new EtcdRegistry(options);
    await registry.subscribe(service).resolve();
  }
  proxy.refuse();
  {
    await using registry = new EtcdRegistry(options);
    const subscription = registry.subscribe(service);
    assertEquals(await subscription.resolve(), ["a:1"]);
    assertEquals(subscription.state, "remembered");
    await client.put(`${service}/2`, "b:1");
    proxy.heal();
    await eventually("the change", hasValue(subscription, "b:1"));
    assertEquals(subscription.state, "live");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a cluster of three serves with one member away, and tells when it has no majority", async () => {
  const service = newService();
  const members = await EtcdProcess.startCluster(3);
  await using stack = new AsyncDisposableStack();
  for (const member of members) stack.use(member);
  const hosts = members.map(({ host }) => host);
  await using registry = new EtcdRegistry({ ...fast, requestTimeoutMs: 1_000, hosts });
  await using entry = await registry.publish(service, "a:1");
  const subscription = registry.subscribe(service);
  await eventually("the entry", hasValue(subscription, "a:1"));
  const seen = neverEmpty(subscription);
  // Whichever it is that is spoken to, and whether or not it leads: each is away once.
  for (const [i, member] of members.entries()) {
    await member.kill();
    await using other = new GatewayClient({ hosts: hosts.filter((host) => host !== member.host) });
    await eventually(
      "a leader",
      () => other.put(`${service}/x`, `x:${i}`).then(() => true, () => false),
    );
    await eventually(`change ${i}`, hasValue(subscription, `x:${i}`));
    await member.restart();
  }
  await eventually("the entry", () => entry.state === "registered");
  assertEquals(seen.wasEmpty, false);
  await Promise.all([members[0]!.kill(), members[1]!.kill()]);
  await eventually("the loss to be noticed", () => subscription.state === "stale");
  assert(subscription.values.includes("a:1"));
});
