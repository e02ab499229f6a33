import { assertEquals, assertThrows } from "@std/assert";
import { DebugRegistry } from "./debug_registry.ts";

Deno.test("DebugRegistry.read() asks the parts of a topic, and only when it is called", () => {
  const debug = new DebugRegistry();
  let asked = 0;
  using _one = debug.register("queues", "mail", () => ++asked);
  using _other = debug.register("queues", "print", () => [1, 2]);
  using _elsewhere = debug.register("caches", "users", () => ({ hits: 1n }));
  assertEquals(asked, 0);
  assertEquals(debug.read("queues"), { mail: 1, print: [1, 2] });
  assertEquals(debug.read("caches"), { users: { hits: "1" } });
  assertEquals([debug.topics(), debug.read("nothing")], [["caches", "queues"], undefined]);
});

Deno.test("DebugRegistry.register() tells parts of one name apart, and forgets each by itself", () => {
  const debug = new DebugRegistry();
  const first = debug.register("queues", "mail", () => 1);
  const second = debug.register("queues", "mail", () => 2);
  assertEquals(debug.read("queues"), { "mail": 1, "mail #2": 2 });
  first[Symbol.dispose]();
  const third = debug.register("queues", "mail", () => 3);
  first[Symbol.dispose](); // The second time must not take the third along.
  assertEquals(debug.read("queues"), { "mail #2": 2, "mail": 3 });
  second[Symbol.dispose]();
  third[Symbol.dispose]();
  assertEquals(debug.topics(), []);
});

Deno.test("DebugRegistry.read() shows what a part throws in its place", () => {
  const debug = new DebugRegistry();
  using _bad = debug.register("queues", "bad", () => {
    throw new Error("not open");
  });
  using _good = debug.register("queues", "good", () => 1);
  assertEquals(debug.read("queues"), { bad: { error: "Cannot read state: not open" }, good: 1 });
});

Deno.test("DebugRegistry.read() hides secrets, cycles and what JSON cannot hold", () => {
  const debug = new DebugRegistry();
  const cyclic: Record<string, unknown> = { token: "t0ps3cret", ratio: NaN };
  cyclic.self = cyclic;
  using _part = debug.register("queues", "__proto__", () => cyclic);
  const state = debug.read("queues");
  assertEquals(Object.keys(state ?? {}), ["__proto__"]);
  assertEquals(JSON.stringify(state).includes("t0ps3cret"), false);
  assertEquals(JSON.stringify(state).includes('"self":"[circular]"'), true);
});

for (const topic of ["", "Queues", "a/b", "a b", "-a", "../x", "config", "heap", "state"]) {
  Deno.test(`DebugRegistry.register() refuses the topic ${JSON.stringify(topic)}`, () => {
    assertThrows(() => new DebugRegistry().register(topic, "x", () => 1), SyntaxError, topic);
  });
}
