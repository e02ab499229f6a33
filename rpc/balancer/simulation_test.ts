import { assert } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { P2cBalancer } from "./p2c.ts";
import { seededRandom } from "../../core/testing/seeded_random.ts";

interface Answer {
  readonly afterMs: number;
  readonly ok: boolean;
}

interface Scenario {
  readonly name: string;
  /** How often the list of nodes changes each second. @default {0} */
  readonly updates?: number;
  readonly nodes: number;
  readonly perSecond: number;
  /** What the first node does; the others answer after 5 to 15 ms. */
  readonly fault: (random: () => number) => Answer;
}

/** The share of calls the first node gets, second by second. */
function sharesOf(
  { nodes, perSecond, fault, updates = 0 }: Scenario,
  seconds: number,
  seed: number,
): number[] {
  const clock = new FakeClock();
  const random = seededRandom(seed);
  const balancer = new P2cBalancer<{ address: string }>({ clock, random });
  // The last node comes and goes; the others are objects anew each time, as after a reconnect.
  const list = (count: number) => Array.from({ length: count }, (_, i) => ({ address: `${i}` }));
  balancer.update(list(nodes));
  const shares: number[] = [];
  for (let second = 0; second < seconds; second++) {
    let toBad = 0;
    for (let i = 0; i < perSecond; i++) {
      if (updates > 0 && i % (perSecond / updates) === 0) {
        balancer.update(list(nodes - (second + i / (perSecond / updates)) % 2));
      }
      const pick = balancer.pick()!;
      const isBad = pick.node.address === "0";
      if (isBad) toBad++;
      const { afterMs, ok } = isBad ? fault(random) : { afterMs: 5 + 10 * random(), ok: true };
      clock.setTimer(() => pick.done(ok), afterMs);
      clock.elapse(1_000 / perSecond);
    }
    shares.push(toBad / perSecond);
  }
  return shares;
}

const scenarios: Scenario[] = [
  ...[200, 500, 1_000, 2_000, 5_000].map((perSecond) => ({
    name: `ten times as slow at ${perSecond} calls a second`,
    nodes: 10,
    perSecond,
    fault: (random: () => number) => ({ afterMs: 50 + 100 * random(), ok: true }),
  })),
  {
    name: "ten times as slow while the list changes ten times a second",
    nodes: 10,
    perSecond: 500,
    updates: 10,
    fault: (random) => ({ afterMs: 50 + 100 * random(), ok: true }),
  },
  {
    name: "half a second slower",
    nodes: 5,
    perSecond: 500,
    fault: (random) => ({ afterMs: 505 + 10 * random(), ok: true }),
  },
  {
    name: "wrong half of the time",
    nodes: 5,
    perSecond: 500,
    fault: (random) => ({ afterMs: 5 + 10 * random(), ok: random() < 0.5 }),
  },
  {
    name: "refusing at once",
    nodes: 5,
    perSecond: 500,
    fault: () => ({ afterMs: 0.1, ok: false }),
  },
  {
    name: "silent until the deadline",
    nodes: 5,
    perSecond: 500,
    fault: () => ({ afterMs: 1_000, ok: false }),
  },
];

for (const scenario of scenarios) {
  Deno.test(`P2cBalancer gives a node that is ${scenario.name} at most 2% after 5 s`, () => {
    const seed = 42;
    const shares = sharesOf(scenario, 20, seed);
    const later = shares.slice(5);
    const mean = later.reduce((sum, share) => sum + share, 0) / later.length;
    assert(mean <= 0.02, `seed ${seed}: mean share ${mean}, by second ${shares}`);
  });
}

Deno.test("P2cBalancer gives a node that is silent from the start few calls from the start", () => {
  const scenario = scenarios.at(-1)!;
  const [first] = sharesOf(scenario, 1, 42);
  assert(first! <= 0.02, `share ${first}`);
});
