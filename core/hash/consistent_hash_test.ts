import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { ConsistentHash } from "./consistent_hash.ts";
import { murmur3 } from "./murmur3.ts";

function localhosts(count: number): ConsistentHash<string> {
  const ring = new ConsistentHash<string>();
  for (let i = 0; i < count; i++) ring.add(`localhost:${i}`);
  return ring;
}

const placed: readonly (readonly [number, number])[] = [
  [1000, 15],
  [1001, 16],
  [1002, 14],
  [1003, 3],
  [1004, 10],
  [1005, 19],
  [1006, 3],
  [1007, 16],
  [1008, 17],
  [1009, 5],
  [1010, 0],
  [1011, 15],
];
for (const [key, node] of placed) {
  Deno.test(`ConsistentHash.get() places ${key} on localhost:${node}`, () => {
    assertEquals(localhosts(20).get(key), `localhost:${node}`);
    assertEquals(localhosts(20).get(String(key)), `localhost:${node}`);
  });
}

Deno.test("ConsistentHash.get() spreads keys as the reference does", () => {
  const ring = localhosts(20);
  const counts = Array.from({ length: 20 }, () => 0);
  for (let key = 1000; key < 2000; key++) counts[Number(ring.get(key)!.split(":")[1])]!++;
  // deno-fmt-ignore
  assertEquals(counts, [55, 33, 48, 64, 55, 57, 45, 65, 49, 47, 55, 44, 54, 52, 36, 45, 43, 65, 44, 44]);
});

Deno.test("ConsistentHash.remove() moves the keys of that node and no others", () => {
  const ring = localhosts(20);
  const before = Array.from({ length: 1000 }, (_, i) => ring.get(1000 + i));
  assertEquals(ring.remove("localhost:13"), true);
  let moved = 0;
  before.forEach((node, i) => {
    const now = ring.get(1000 + i);
    if (now === node) return;
    moved++;
    assertEquals(node, "localhost:13");
  });
  assertEquals(moved, 52);
});

Deno.test("ConsistentHash places keys on two nodes, then on the one that is left", () => {
  const ring = new ConsistentHash<string>();
  ring.add("first");
  ring.add("second");
  const nodes = () => Array.from({ length: 8 }, (_, key) => ring.get(key));
  const [f, s] = ["first", "second"];
  assertEquals(nodes(), [f, s, s, s, f, s, f, s]);
  ring.remove("first");
  assertEquals(nodes(), [s, s, s, s, s, s, s, s]);
  ring.remove("second");
  assertEquals(nodes(), Array.from({ length: 8 }, () => undefined));
});

Deno.test("murmur3() puts the points of a node where the reference does", () => {
  assertEquals(murmur3("first0"), 0x1d3a639823235c35n);
  assertEquals(murmur3("first1"), 0x88263c35c4691fc8n);
  assertEquals(murmur3("first2"), 0x40dd0795c03f7593n);
});

for (const [weight, moves] of [[10, 4], [20, 9], [50, 26], [100, 53], [200, 53]] as const) {
  Deno.test(`ConsistentHash.add() with weight ${weight} takes ${moves} of 1000 keys`, () => {
    const ring = new ConsistentHash<string>();
    for (let i = 0; i < 20; i++) ring.add(`anything${i}`);
    const before = Array.from({ length: 1000 }, (_, i) => ring.get(1000 + i));
    ring.add("anything20", { weight });
    let moved = 0;
    before.forEach((node, i) => {
      const now = ring.get(1000 + i);
      if (now === node) return;
      moved++;
      assertEquals(now, "anything20");
    });
    assertEquals(moved, moves);
  });
}

class Server {
  constructor(readonly id: number) {}
  toString(): string {
    return "same";
  }
}

Deno.test("ConsistentHash.add() replaces a node of the same identity", () => {
  const ring = new ConsistentHash<Server>();
  ring.add(new Server(1), { weight: 80 });
  ring.add(new Server(2), { weight: 50 });
  assertEquals(ring.size, 1);
  assertEquals(ring.get("any")?.id, 2);
  assertEquals(ring.nodes().map(({ id }) => id), [2]);
  assertEquals(ring.remove(new Server(3)), true);
  assertEquals(ring.get("any"), undefined);
});

Deno.test("ConsistentHash.add() without points gives the node no keys", () => {
  const ring = new ConsistentHash<string>();
  ring.add("idle", { weight: 0 });
  assertEquals(ring.size, 1);
  assertEquals(ring.get("any"), undefined);
  ring.add("busy", { replicas: 1 });
  assertEquals(ring.get("any"), "busy");
  assertEquals(ring.remove("unknown"), false);
});

Deno.test("ConsistentHash takes a hash and an identity of the user's own", () => {
  const ring = new ConsistentHash<{ host: string }>({
    identify: ({ host }) => host,
    hash: (data) => BigInt(data[0]!) << 56n,
  });
  ring.add({ host: "a" });
  ring.add({ host: "c" });
  assertEquals(["a", "b", "c", "d"].map((key) => ring.get(key)?.host), ["a", "c", "c", "a"]);
  const plain = new ConsistentHash<{ host: string }>();
  assertThrows(() => plain.add({ host: "a" }), TypeError, "pass identify");
});

const wrong = [
  { options: { replicas: 99 }, message: "replicas >= 100, got 99" },
  { options: { replicas: NaN }, message: "replicas >= 100, got NaN" },
];
for (const { options, message } of wrong) {
  Deno.test(`ConsistentHash refuses ${message}`, () => {
    assertThrows(() => new ConsistentHash(options), RangeError, message);
  });
}
for (const options of [{ replicas: -1 }, { replicas: 1.5 }, { weight: -1 }, { weight: NaN }]) {
  const [name, value] = Object.entries(options)[0]!;
  Deno.test(`ConsistentHash.add() refuses ${name} ${value}`, () => {
    const ring = new ConsistentHash<string>();
    assertThrows(() => ring.add("a", options), RangeError, `${name} >= 0, got ${value}`);
    assertEquals(ring.size, 0);
  });
}

/** Looks at every point of every node, each time. */
class NaiveRing {
  #nodes: { name: string; points: number }[] = [];

  add(name: string, points: number): void {
    this.remove(name);
    this.#nodes.push({ name, points });
  }

  remove(name: string): void {
    this.#nodes = this.#nodes.filter((node) => node.name !== name);
  }

  get(key: string): string | undefined {
    const owners = new Map<bigint, string[]>();
    for (const { name, points } of this.#nodes) {
      for (let i = 0; i < points; i++) {
        const at = murmur3(name + i);
        owners.set(at, [...owners.get(at) ?? [], name]);
      }
    }
    const sorted = [...owners.keys()].sort((a, b) => a < b ? -1 : 1);
    const at = sorted.find((point) => point >= murmur3(key)) ?? sorted[0];
    if (at === undefined) return undefined;
    const names = owners.get(at)!;
    return names[Number(murmur3(`16777619:${key}`) % BigInt(names.length))];
  }
}

Deno.test("ConsistentHash agrees with a ring that looks at every point", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  // Names that end in digits share points: "n1" + "10" is "n11" + "0".
  const name = fc.constantFrom("n", "n1", "n11", "n2", "m");
  const change = fc.record({
    name,
    points: fc.option(fc.nat(100)),
    keys: fc.array(fc.string(), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const ring = new ConsistentHash<string>();
      const naive = new NaiveRing();
      for (const { name, points, keys } of changes) {
        if (points === null) {
          ring.remove(name);
          naive.remove(name);
        } else {
          ring.add(name, { replicas: points });
          naive.add(name, points);
        }
        for (const key of keys) assertEquals(ring.get(key), naive.get(key));
      }
    }),
    { seed, numRuns: 60 },
  );
});

Deno.test("ConsistentHash chooses among the owners of a shared point, and survives removal of one", () => {
  const ring = localhosts(20);
  const naive = new NaiveRing();
  for (let i = 0; i < 20; i++) naive.add(`localhost:${i}`, 100);
  const keys = Array.from({ length: 150 }, (_, i) => `key ${i}`);
  assert(keys.every((key) => ring.get(key) === naive.get(key)));
  // "localhost:1" + "10" is "localhost:11" + "0".
  ring.remove("localhost:11");
  naive.remove("localhost:11");
  assert(keys.every((key) => ring.get(key) === naive.get(key)));
});
