import { assertEquals, assertThrows } from "@std/assert";
import { checkAddress, StaticResolver } from "./resolver.ts";

for (const address of ["a:1", "users.internal:8080", "10.0.0.1:80", "[::1]:443"]) {
  Deno.test(`checkAddress() takes ${address}`, () => assertEquals(checkAddress(address), address));
}
for (
  const address of [
    "",
    "a",
    "a:",
    ":1",
    "a:x",
    "a:123456",
    "u@a:1",
    "a:1/x",
    "http://a:1",
    "::1:1",
    "a b:1",
  ]
) {
  Deno.test(`checkAddress() refuses "${address}"`, () => {
    assertThrows(() => checkAddress(address), SyntaxError, "need host:port");
    assertThrows(() => new StaticResolver([address]), SyntaxError);
  });
}

Deno.test("StaticResolver tells each listener, until it is disposed", async () => {
  const resolver = new StaticResolver(["a:1"]);
  const told: string[] = [];
  const listener = (addresses: readonly string[]) => void told.push(addresses.join());
  const first = resolver.subscribe(listener);
  using _second = resolver.subscribe(listener);
  resolver.update(["b:1"]);
  first[Symbol.dispose]();
  resolver.update(["c:1", "d:1"]);
  assertEquals(told, ["b:1", "b:1", "c:1,d:1"]);
  assertThrows(() => resolver.update(["x"]), SyntaxError);
  assertEquals(await resolver.resolve(), ["c:1", "d:1"]);
});
