import { assert, assertEquals, assertThrows } from "@std/assert";
import { type BalancerName, createBalancer } from "./balancer.ts";
import { Endpoint } from "./endpoint.ts";

const endpoints = ["a:1", "b:1", "c:1"].map((address) =>
  new Endpoint(address, `http://${address}`)
);

Deno.test("createBalancer() goes around, from a place by chance", () => {
  const balance = createBalancer("round_robin", () => 1 / 1024);
  const chosen = Array.from({ length: 4 }, () => balance(endpoints).address);
  assertEquals(chosen, ["b:1", "c:1", "a:1", "b:1"]);
});

Deno.test("createBalancer() never compares an address with itself, and takes the one with less load", () => {
  const [busy, idle] = [new Endpoint("busy:1", ""), new Endpoint("idle:1", "")];
  busy.inFlight = 1;
  for (const random of [0, 0.3, 0.6, 0.999]) {
    const balance = createBalancer("p2c", () => random);
    assertEquals(balance([busy, idle]).address, "idle:1");
    assertEquals(balance([busy]).address, "busy:1");
  }
});

Deno.test("createBalancer() refuses what it does not know", () => {
  assertThrows(() => createBalancer("best" as BalancerName, () => 0), TypeError, "round_robin");
});

Deno.test("Endpoint believes a slow request at once, and forgets it with time", () => {
  const endpoint = new Endpoint("a:1", "");
  endpoint.observe(10, 0);
  assertEquals(endpoint.latencyMs, 10);
  endpoint.observe(1_000, 10);
  assert(endpoint.latencyMs > 500);
  endpoint.observe(10, 20);
  assert(endpoint.latencyMs > 400);
  endpoint.observe(10, 60_000);
  assert(endpoint.latencyMs < 20, String(endpoint.latencyMs));
});
