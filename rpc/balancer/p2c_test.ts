import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Random } from "../../core/clock.ts";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import type { Pick } from "./balancer.ts";
import { P2cBalancer, type P2cOptions } from "./p2c.ts";
import { seededRandom } from "../../core/testing/seeded_random.ts";

interface Node {
  readonly address: string;
}

const node = (address: string): Node => ({ address });
const nodes = (count: number) => Array.from({ length: count }, (_, i) => node(`10.0.0.${i}:80`));

function setUp(list: readonly Node[], options: P2cOptions = {}) {
  const clock = new FakeClock();
  clock.elapse(1_000_000);
  const balancer = new P2cBalancer<Node>({ clock, random: seededRandom(1), ...options });
  balancer.update(list);
  return { clock, balancer };
}

/** Numbers below n, the way a pick asks for them, from a list. */
function scripted(indexes: readonly number[], bounds: readonly number[]): Random {
  let next = 0;
  return () => {
    const value = (indexes[next]! + 0.5) / bounds[next % bounds.length]!;
    next++;
    return value;
  };
}

Deno.test("P2cBalancer.pick() gives nobody when there is nobody", () => {
  assertEquals(setUp([]).balancer.pick(), undefined);
});

Deno.test("P2cBalancer.pick() takes turns between two nodes that answer nothing", () => {
  const { clock, balancer } = setUp([node("A"), node("B")]);
  let order = "";
  for (let i = 0; i < 8; i++) {
    order += balancer.pick()!.node.address;
    clock.elapse(1);
  }
  assertEquals(order, "BAABABAB");
});

Deno.test("P2cBalancer.pick() asks the slower of two once a second", () => {
  const { clock, balancer } = setUp([node("A"), node("B")]);
  const slow: number[] = [];
  for (let i = 0; i < 400; i++) {
    const pick = balancer.pick()!;
    if (pick.node.address === "B") slow.push(i);
    clock.elapse(pick.node.address === "B" ? 20 : 5);
    pick.done(true);
  }
  assertEquals(slow, [0, 198, 396]);
});

Deno.test("P2cBalancer.pick() draws again when one of two is unhealthy", () => {
  const random = scripted([0, 0, 0, 1, 1, 0], [3, 2]);
  const { balancer } = setUp([node("C")], { random, ejection: false });
  balancer.pick()!.done(false);
  balancer.update([node("A"), node("B"), node("C")]);
  assertEquals(balancer.pick()!.node.address, "B");
  assertEquals(balancer.pick()!.node.address, "A");
});

Deno.test("P2cBalancer.pick() stays away from what is to be avoided where it can", () => {
  const list = nodes(3);
  const { balancer } = setUp(list);
  const avoid = new Set([list[0]!, list[1]!]);
  for (let i = 0; i < 20; i++) assertEquals(balancer.pick({ avoid })!.node, list[2]);
  assert(balancer.pick({ avoid: new Set(list) }) !== undefined);
});

/** Entropy of how often each was chosen, 1 when all were alike. */
function entropyOf(counts: readonly number[]): number {
  if (counts.length <= 1) return 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const bits = counts.reduce((sum, count) => {
    const p = Math.max(count / total, 1e-6);
    return sum - p * Math.log2(p);
  }, 0);
  return bits / Math.log2(counts.length);
}

Deno.test("entropyOf() agrees with known figures", () => {
  for (
    const [counts, entropy] of [[[5000, 5000], 1], [[8900, 1100], 0.4999], [[9000, 1000], 0.469], [[
      9900,
      100,
    ], 0.0808]] as const
  ) {
    assertEquals(Math.round(entropyOf(counts) * 1e4) / 1e4, entropy);
  }
});

for (const [count, least] of [[1, 0.9], [2, 0.5], [100, 0.95]] as const) {
  Deno.test(`P2cBalancer.pick() spreads calls over ${count} nodes`, () => {
    const { clock, balancer } = setUp(nodes(count));
    const counts = new Map<string, number>();
    const open: Pick<Node>[] = [];
    for (let i = 0; i < 10_000; i++) {
      const pick = balancer.pick()!;
      counts.set(pick.node.address, (counts.get(pick.node.address) ?? 0) + 1);
      open.push(pick);
      clock.elapse(0.1);
      if (open.length > 64) open.shift()!.done(i % 100 !== 0);
    }
    const all = nodes(count).map(({ address }) => counts.get(address) ?? 0);
    const entropy = entropyOf(all);
    assert(entropy > least, `entropy ${entropy}`);
  });
}

Deno.test("P2cBalancer.update() keeps what is known of nodes that stay or come back", () => {
  const [a, b, c] = [node("a"), node("b"), node("c")];
  const { clock, balancer } = setUp([a, b]);
  const pick = balancer.pick()!;
  clock.elapse(100);
  pick.done(true);
  const known = balancer.figures().find(({ address }) => address === pick.node.address)!;
  assertEquals(known.lagMs, 100);
  balancer.update([c]);
  balancer.update([node("a"), node("b"), c]);
  assertEquals(balancer.figures().find(({ address }) => address === pick.node.address), known);
});

Deno.test("P2cBalancer.update() remembers a bounded number of nodes that have gone", () => {
  const { balancer, clock } = setUp([]);
  for (let i = 0; i < 3_000; i++) {
    balancer.update([node(`n${i}`)]);
    const pick = balancer.pick()!;
    clock.elapse(1);
    pick.done(true);
  }
  balancer.update([node("n0")]);
  assertEquals(balancer.figures()[0]!.lagMs, 0);
  balancer.update([node("n2999")]);
  assertEquals(balancer.figures()[0]!.lagMs, 1);
});

Deno.test("P2cBalancer takes one address once", () => {
  const { balancer } = setUp([node("a"), node("a"), node("b")]);
  assertEquals(balancer.figures().map(({ address }) => address), ["a", "b"]);
});

Deno.test("Pick.done() counts once", () => {
  const { balancer } = setUp([node("a")]);
  const pick = balancer.pick()!;
  assertEquals(balancer.figures()[0]!.inFlight, 1);
  pick.done(true);
  pick.done(true);
  assertEquals(balancer.figures()[0]!.inFlight, 0);
});

Deno.test("Pick.done() learns nothing of a call that was not made", () => {
  const { balancer, clock } = setUp([node("a")]);
  const before = balancer.figures();
  for (let i = 0; i < 10; i++) {
    const pick = balancer.pick()!;
    clock.elapse(1);
    pick.done(undefined);
  }
  assertEquals(balancer.figures(), before);
});

Deno.test("Pick.answered() ends what counts as the latency of a stream", () => {
  const { balancer, clock } = setUp([node("a")]);
  const pick = balancer.pick()!;
  clock.elapse(20);
  pick.answered!();
  clock.elapse(86_400_000);
  pick.answered!();
  assertEquals(balancer.figures()[0]!.inFlight, 1);
  pick.done(true);
  assertEquals([balancer.figures()[0]!.lagMs, balancer.figures()[0]!.inFlight], [20, 0]);
});

Deno.test("P2cBalancer ejects a node that fails five times in a row, for a while, then longer", () => {
  const { clock, balancer } = setUp(nodes(5));
  const bad = "10.0.0.0:80";
  const run = (ms: number) => {
    let toBad = 0;
    for (let i = 0; i < ms; i++) {
      const pick = balancer.pick()!;
      if (pick.node.address === bad) toBad++;
      clock.elapse(1);
      pick.done(pick.node.address !== bad);
    }
    return toBad;
  };
  // A node that fails at once looks fast; no more than five calls find that out.
  assertEquals(run(4_000), 5);
  const outMs = balancer.figures()[0]!.ejectedForMs;
  assert(outMs > 0 && outMs <= 5_000);
  clock.elapse(5_000);
  run(4_000);
  const againMs = balancer.figures()[0]!.ejectedForMs;
  assert(againMs > 5_000 && againMs <= 10_000, `${againMs}`);
});

Deno.test("P2cBalancer ejects a node that fails half of its calls while others do not", () => {
  const { clock, balancer } = setUp(nodes(5));
  const random = seededRandom(7);
  let ejected = false;
  for (let i = 0; i < 2_000 && !ejected; i++) {
    const pick = balancer.pick()!;
    clock.elapse(2);
    pick.done(pick.node.address !== "10.0.0.0:80" || random() < 0.5);
    ejected = balancer.figures()[0]!.ejectedForMs > 0;
  }
  assert(ejected);
});

Deno.test("P2cBalancer ejects nobody for failing when all do, and never more than half", () => {
  const { clock, balancer } = setUp(nodes(4));
  for (let i = 0; i < 1_000; i++) {
    const pick = balancer.pick()!;
    clock.elapse(1);
    pick.done(i % 2 === 0);
  }
  // Failures in a row happen by chance alone; the share of failures is that of all.
  for (let i = 0; i < 1_000; i++) {
    const pick = balancer.pick()!;
    clock.elapse(1);
    pick.done(false);
  }
  assertEquals(balancer.figures().filter(({ ejectedForMs }) => ejectedForMs > 0).length, 2);
});

Deno.test("P2cBalancer ejects nobody when told so", () => {
  const { clock, balancer } = setUp(nodes(5), { ejection: false });
  for (let i = 0; i < 1_000; i++) {
    const pick = balancer.pick()!;
    clock.elapse(1);
    pick.done(pick.node.address !== "10.0.0.0:80");
  }
  assertEquals(balancer.figures()[0]!.ejectedForMs, 0);
});

Deno.test("P2cBalancer gives calls to a node that is out when the others have gone", () => {
  const list = nodes(2);
  const { balancer } = setUp(list);
  const bad = new Set([list[1]!]);
  for (let i = 0; i < 5; i++) balancer.pick({ avoid: bad })!.done(false);
  assert(balancer.figures()[0]!.ejectedForMs > 0);
  balancer.update([list[0]!]);
  assertEquals(balancer.pick()!.node, list[0]);
});

Deno.test("P2cBalancer gives a node that joins others its share bit by bit", () => {
  const { clock, balancer } = setUp(nodes(4));
  const open: [number, Pick<Node>][] = [];
  const run = (ms: number) => {
    let toNew = 0;
    for (let i = 0; i < ms; i++) {
      const pick = balancer.pick()!;
      open.push([clock.now() + 10, pick]);
      if (pick.node.address === "10.0.0.4:80") toNew++;
      clock.elapse(1);
      while (open.length > 0 && open[0]![0] <= clock.now()) open.shift()![1].done(true);
    }
    return toNew / ms;
  };
  run(20_000);
  balancer.update(nodes(5));
  const shares = [run(2_000), run(4_000), run(4_000), run(4_000)];
  assert(shares[0]! < 0.1, `first share ${shares}`);
  assert(shares[0]! < shares[1]! && shares[1]! < shares[3]!, `shares ${shares}`);
  assert(Math.abs(shares[3]! - 0.2) < 0.04, `last share ${shares}`);
});

Deno.test("P2cBalancer logs its figures once a minute", () => {
  const log = new MemoryLog();
  const { clock, balancer } = setUp([node("a:1")], { logger: log });
  for (let i = 0; i < 3; i++) {
    balancer.pick()!.done(true);
    clock.elapse(30_000);
  }
  assertEquals(log.contents("stat"), [
    "p2c - conn: a:1, load: 1, reqs: 1",
    "p2c - conn: a:1, load: 1, reqs: 2",
  ]);
});

Deno.test("P2cBalancer refuses wrong options", () => {
  assertThrows(() => new P2cBalancer({ slowStartMs: -1 }), RangeError, "slowStartMs >= 0");
  assertThrows(() => new P2cBalancer({ ejection: { maxShare: 2 } }), RangeError, "maxShare <= 1");
});
