import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemoryRegistry } from "../../core/discovery/memory_registry.ts";
import { eventually } from "../../core/testing/eventually.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { noopLogger } from "../../core/log/logger.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { createResolver } from "./create_resolver.ts";

const list = (count: number) => Array.from({ length: count }, (_, i) => `10.0.0.${i}:80`);

for (const [given, chosen] of [[1, 1], [2, 2], [16, 16], [32, 32], [64, 32]] as const) {
  Deno.test(`createResolver() gives ${chosen} of ${given} direct addresses`, async () => {
    await using resolver = createResolver(`direct:///${list(given).join(",")}`);
    const addresses = await resolver.resolve();
    assertEquals(new Set(addresses).size, chosen);
    assertEquals(addresses.length, chosen);
  });
}

Deno.test("createResolver() gives all when told so", async () => {
  await using resolver = createResolver(`direct:///${list(64).join(",")}`, {
    subsetSize: Infinity,
  });
  assertEquals((await resolver.resolve()).length, 64);
});

Deno.test("createResolver() gives an address once", async () => {
  await using resolver = createResolver("direct:///a:1,b:2,a:1");
  assertEquals(await resolver.resolve(), ["a:1", "b:2"]);
});

Deno.test("createResolver() gives the name of a service of the same process", async () => {
  await using resolver = createResolver("inproc:///greet");
  assertEquals(await resolver.resolve(), ["greet"]);
});

Deno.test("createResolver() follows a registry and tells of changes of the subset alone", async () => {
  const clock = new FakeClock();
  await using registry = new MemoryRegistry({ clock });
  for (const address of list(40)) await registry.publish("greet.rpc", address);
  await using resolver = createResolver("etcd:///127.0.0.1:1?key=greet.rpc", {
    registry,
    clock,
    subsetSize: 4,
    clientId: "client 1",
  });
  const first = await resolver.resolve();
  assertEquals(first.length, 4);
  const told: (readonly string[])[] = [];
  using _watch = resolver.subscribe((addresses) => told.push(addresses));
  const others = list(40).filter((address) => !first.includes(address));
  const subscription = registry.subscribe("greet.rpc");
  const keyOf = (value: string) => [...subscription.entries].find(([, v]) => v === value)![0];
  await subscription.resolve();
  registry.delete(keyOf(others[0]!));
  await clock.advance(1);
  assertEquals(told, []);
  registry.delete(keyOf(first[0]!));
  await clock.advance(1);
  assertEquals(told.length, 1);
  assertEquals(told[0]!.filter((address) => first.includes(address)).length, 3);
  assertEquals(await resolver.resolve(), told[0]);
});

Deno.test("createResolver() asks for the addresses of a name again and again", async () => {
  const clock = new FakeClock();
  let known = ["10.0.0.1"];
  await using resolver = createResolver("dns:///greet.local:80", {
    clock,
    lookup: (host) =>
      host === "greet.local" ? Promise.resolve(known) : Promise.reject(new Error("no such name")),
  });
  assertEquals(await resolver.resolve(), ["10.0.0.1:80"]);
  const told: (readonly string[])[] = [];
  using _watch = resolver.subscribe((addresses) => told.push(addresses));
  known = ["10.0.0.1", "::1"];
  await clock.advance(29_000);
  assertEquals(told, []);
  await clock.advance(2_000);
  assertEquals(told, [["10.0.0.1:80", "[::1]:80"]]);
});

Deno.test("createResolver() keeps the addresses of a name while nobody answers", async () => {
  const clock = new FakeClock();
  let isAway = false;
  await using resolver = createResolver("dns:///greet.local:80", {
    clock,
    logger: noopLogger,
    lookup: () => isAway ? Promise.reject(new Error("no answer")) : Promise.resolve(["10.0.0.1"]),
  });
  await resolver.resolve();
  isAway = true;
  await clock.advance(600_000);
  assertEquals(await resolver.resolve(), ["10.0.0.1:80"]);
});

Deno.test("createResolver() knows names of the system", async () => {
  await using resolver = createResolver("dns:///localhost:80");
  const addresses = await resolver.resolve();
  assertEquals(addresses.some((each) => each === "127.0.0.1:80" || each === "[::1]:80"), true);
});

Deno.test("createResolver() fails those who wait when nothing can be found out", async () => {
  await using resolver = createResolver("dns:///greet.local:80", {
    clock: new FakeClock(),
    logger: noopLogger,
    lookup: () => Promise.reject(new Error("no such name")),
  });
  await assertRejects(
    () => resolver.resolve(),
    Error,
    'Cannot list name "greet.local": no such name',
  );
});

Deno.test("createResolver() shares one registry among the users of a cluster, until the last has gone", async () => {
  const asked: string[] = [];
  const answer = (url: string | URL | Request, { signal }: RequestInit = {}) => {
    asked.push(String(url));
    if (String(url).endsWith("/watch")) {
      return new Promise<Response>((_, reject) =>
        signal!.addEventListener("abort", () => reject(signal!.reason))
      );
    }
    return Promise.resolve(Response.json({ header: { revision: "7" } }));
  };
  const etcd = { fetch: answer as typeof fetch };
  let opened = 0;
  // Each registry that is opened chooses by it whom it asks first.
  const random = () => 0 * opened++;
  const options = { etcd, clock: new FakeClock(), random };
  const first = createResolver("etcd://a:1,b:1/greet.rpc", options);
  // Which of the addresses it wants is its own business.
  const second = createResolver("etcd:///b:1,a:1?key=greet.rpc", { ...options, subsetSize: 3 });
  assertEquals([await first.resolve(), await second.resolve()], [[], []]);
  assertEquals(asked, ["http://a:1/v3/kv/range", "http://a:1/v3/watch"]);
  await first[Symbol.asyncDispose]();
  assertEquals([await second.resolve(), opened], [[], 1]);
  await second[Symbol.asyncDispose]();
  await using third = createResolver("etcd:///a:1,b:1?key=greet.rpc", options);
  assertEquals([await third.resolve(), opened], [[], 2]);
});

Deno.test("createResolver() gives the same addresses by lot until they change", async () => {
  await using registry = new MemoryRegistry();
  for (const address of list(64)) registry.set(`greet.rpc/${address}`, address);
  const options = { registry, subset: "random", subsetSize: 8 } as const;
  await using resolver = createResolver("etcd:///x:1?key=greet.rpc", options);
  const first = await resolver.resolve();
  assertEquals([first.length, await resolver.resolve()], [8, first]);
});

Deno.test("createResolver() leaves out what is no address, and says so once", async () => {
  const log = new MemoryLog();
  await using registry = new MemoryRegistry();
  for (const [id, value] of ["", "a:1", " \n"].entries()) registry.set(`greet.rpc/${id}`, value);
  const target = "etcd:///x:1?key=greet.rpc";
  await using resolver = createResolver(target, { registry, logger: log });
  assertEquals(await resolver.resolve(), ["a:1"]);
  registry.set("greet.rpc/1", "b:1");
  await eventually("the change", async () => (await resolver.resolve())[0] === "b:1");
  assertEquals([await resolver.resolve(), log.contents("error")], [["b:1"], [
    "Cannot use an address of etcd:///x:1?key=greet.rpc: it is empty",
  ]]);
});

Deno.test("createResolver() refuses wrong options", () => {
  assertThrows(
    () => createResolver("direct:///a:1", { subsetSize: 0 }),
    RangeError,
    "subsetSize >= 1",
  );
  assertThrows(() => createResolver("nothing"), SyntaxError, "need host:port");
});
