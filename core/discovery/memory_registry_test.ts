import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryRegistry } from "./memory_registry.ts";
import { publishedAddress } from "./published_address.ts";

Deno.test("MemoryRegistry publishes, pauses, resumes and takes out", async () => {
  const clock = new FakeClock();
  await using registry = new MemoryRegistry({ clock });
  const subscription = registry.subscribe("greet");
  const told: (readonly string[])[] = [];
  subscription.subscribe((values) => told.push(values));
  assertEquals(await subscription.resolve(), []);
  const first = await registry.publish("greet", "a:1");
  await using second = await registry.publish("greet", "b:1", { id: "fixed" });
  await registry.publish("greeter", "c:1");
  await clock.advance(0);
  await first.pause();
  await clock.advance(0);
  await first.resume();
  await clock.advance(0);
  await first[Symbol.asyncDispose]();
  await first.resume();
  await clock.advance(0);
  assertEquals(told, [["a:1"], ["a:1", "b:1"], ["b:1"], ["b:1", "a:1"], ["b:1"]]);
  assertEquals([first.state, second.state, second.key], ["closed", "registered", "greet/fixed"]);
});

Deno.test("MemoryRegistry gives an id to who published last, and takes nothing from him when the other goes", async () => {
  await using registry = new MemoryRegistry();
  const subscription = registry.subscribe("greet");
  const before = await registry.publish("greet", "a:1", { id: "1" });
  const after = await registry.publish("greet", "b:1", { id: "1" });
  await before[Symbol.asyncDispose]();
  assertEquals(await subscription.resolve(), ["b:1"]);
  await after[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(subscription.values, []);
});

Deno.test("MemoryRegistry misses nothing between list and watch", async () => {
  await using registry = new MemoryRegistry();
  const subscription = registry.subscribe("greet");
  registry.set("greet/1", "a:1");
  await subscription.resolve();
  registry.set("greet/2", "b:1");
  registry.delete("greet/1");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(subscription.values, ["b:1"]);
});

Deno.test("MemoryRegistry follows one key when asked to", async () => {
  await using registry = new MemoryRegistry();
  registry.set("greet", "x");
  registry.set("greet/1", "a:1");
  assertEquals(await registry.subscribe("greet", { exact: true }).resolve(), ["x"]);
});

const machine = { internalIp: "10.1.1.1" };
for (
  const [listenOn, published] of [
    ["192.168.0.5:1234", "192.168.0.5:1234"],
    ["0.0.0.0:8080", "10.1.1.1:8080"],
    [":8080", "10.1.1.1:8080"],
    ["[::]:8080", "10.1.1.1:8080"],
    ["", "10.1.1.1"],
  ] as const
) {
  Deno.test(`publishedAddress() of "${listenOn}" is ${published}`, () => {
    assertEquals(publishedAddress(listenOn, machine), published);
  });
}

Deno.test("publishedAddress() is the pod's where there is one", () => {
  assertEquals(publishedAddress(":8080", { ...machine, podIp: "10.9.8.7" }), "10.9.8.7:8080");
  assertEquals(publishedAddress(":8080", { podIp: "fd00::7" }), "[fd00::7]:8080");
  assertEquals(publishedAddress("0.0.0.0:80", { internalIp: "[fd00::7]" }), "[fd00::7]:80");
  assertThrows(() => publishedAddress(":8080", {}), TypeError, "no address in a network");
});
