import { assert, assertEquals, assertThrows } from "@std/assert";
import { ServiceError } from "../../core/errors.ts";
import { ConsistentHashBalancer } from "./consistent_hash.ts";
import { createBalancer } from "./create_balancer.ts";
import { P2cBalancer } from "./p2c.ts";
import { RoundRobinBalancer } from "./round_robin.ts";

interface Node {
  readonly address: string;
}

const nodes = (addresses: readonly string[]): Node[] => addresses.map((address) => ({ address }));
const pair = nodes(["127.0.0.1:8080", "127.0.0.1:8081"]);
const three = nodes(["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"]);

function ring(list: readonly Node[]): ConsistentHashBalancer<Node> {
  const balancer = new ConsistentHashBalancer<Node>();
  balancer.update(list);
  return balancer;
}

const picks = [
  ["user_123", 8081, 2],
  ["hot_user_123", 8080, 3],
  ["someone", 8080, 1],
  ["anykey", 8080, 1],
  ["a", 8080, 3],
  ["b", 8081, 1],
  ["c", 8081, 3],
  ["1", 8080, 1],
  ["2", 8081, 1],
  ["3", 8081, 2],
  ["42", 8081, 1],
  ["order:1001", 8080, 3],
] as const;
for (const [hashKey, port, last] of picks) {
  Deno.test(`ConsistentHashBalancer.pick() places "${hashKey}" where others do`, () => {
    assertEquals(ring(pair).pick({ hashKey })?.node.address, `127.0.0.1:${port}`);
    assertEquals(ring(three).pick({ hashKey })?.node.address, `10.0.0.${last}:80`);
  });
}

Deno.test("ConsistentHashBalancer.pick() spreads a thousand keys over twenty nodes as others do", () => {
  const balancer = ring(nodes(Array.from({ length: 20 }, (_, i) => `localhost:${i}`)));
  const chosen = Array.from(
    { length: 1_000 },
    (_, i) => balancer.pick({ hashKey: String(1_000 + i) })!.node.address,
  );
  const [first, second, middle, last] = [0, 1, 500, 999].map((i) => chosen[i]);
  assertEquals(
    [first, second, middle, last],
    ["localhost:15", "localhost:16", "localhost:17", "localhost:16"],
  );
  const counts = [...Map.groupBy(chosen, (address) => address).values()].map((all) => all.length);
  assertEquals([Math.min(...counts), Math.max(...counts)], [33, 65]);
});

for (const hashKey of [undefined, ""]) {
  Deno.test(`ConsistentHashBalancer.pick() refuses a call with key ${hashKey}`, () => {
    const error = assertThrows(() => ring(pair).pick({ hashKey }), ServiceError, "has no hashKey");
    assertEquals(error.code, "invalid_argument");
  });
}

Deno.test("ConsistentHashBalancer.pick() gives nobody when there is nobody", () => {
  assertEquals(ring([]).pick({ hashKey: "a" }), undefined);
});

Deno.test("ConsistentHashBalancer.update() moves the keys of a node that goes, and no others", () => {
  const balancer = ring(three);
  const keys = Array.from({ length: 1_000 }, (_, i) => `key${i}`);
  const before = keys.map((hashKey) => balancer.pick({ hashKey })!.node);
  balancer.update([three[0]!, three[2]!]);
  keys.forEach((hashKey, i) => {
    const { node } = balancer.pick({ hashKey })!;
    if (before[i] === three[1]) assert(node !== three[1]);
    else assertEquals(node, before[i]);
  });
  balancer.update(three);
  assertEquals(keys.map((hashKey) => balancer.pick({ hashKey })!.node), before);
});

Deno.test("ConsistentHashBalancer.pick() goes to one other node for a key whose own is to be avoided", () => {
  const balancer = ring(three);
  const own = balancer.pick({ hashKey: "a" })!.node;
  const other = balancer.pick({ hashKey: "a", avoid: new Set([own]) })!.node;
  assert(own !== other);
  assertEquals(ring(three).pick({ hashKey: "a", avoid: new Set([own]) })!.node, other);
  assertEquals(balancer.pick({ hashKey: "a", avoid: new Set(three) })!.node, own);
});

Deno.test("ConsistentHashBalancer.update() takes a node that has reconnected", () => {
  const balancer = ring(pair);
  const again = nodes(["127.0.0.1:8080", "127.0.0.1:8081"]);
  balancer.update(again);
  assert(balancer.pick({ hashKey: "a" })!.node === again[0]);
});

Deno.test("RoundRobinBalancer.pick() takes turns and stays away from what is to be avoided", () => {
  const balancer = new RoundRobinBalancer<Node>({ random: () => 0 });
  assertEquals(balancer.pick(), undefined);
  balancer.update(three);
  const order = Array.from({ length: 4 }, () => balancer.pick()!.node);
  assertEquals(order, [three[0], three[1], three[2], three[0]]);
  assertEquals(balancer.pick({ avoid: new Set([three[1]!]) })!.node, three[2]);
  assert(balancer.pick({ avoid: new Set(three) }) !== undefined);
  balancer.update([...three]);
  const next = balancer.pick()!.node;
  balancer.update([...three]);
  assert(balancer.pick()!.node !== next, "the turn begins anew");
  balancer.update([three[1]!]);
  assertEquals(balancer.pick()!.node, three[1]);
  balancer.pick()!.done(false);
});

Deno.test("createBalancer() knows its balancers by name", () => {
  assert(createBalancer("") instanceof P2cBalancer);
  assert(createBalancer("p2c_ewma") instanceof P2cBalancer);
  assert(createBalancer("consistent_hash") instanceof ConsistentHashBalancer);
  assert(createBalancer("round_robin") instanceof RoundRobinBalancer);
  assertThrows(
    () => createBalancer("best"),
    TypeError,
    "need p2c_ewma, consistent_hash or round_robin",
  );
});
