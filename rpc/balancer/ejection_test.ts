/** Taking nodes out, and letting them back in. */
import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { seededRandom } from "../../core/testing/seeded_random.ts";
import type { Pick } from "./balancer.ts";
import { P2cBalancer, type P2cOptions } from "./p2c.ts";

interface Node {
  readonly address: string;
}

const list: readonly Node[] = ["a", "b", "c", "d", "e"].map((address) => ({ address }));

function setUp(options: P2cOptions = {}, nodes = list) {
  const clock = new FakeClock();
  clock.elapse(1_000_000);
  const balancer = new P2cBalancer<Node>({ clock, random: seededRandom(5), ...options });
  balancer.update(nodes);
  /** Makes a call of one node; it takes a millisecond. */
  const call = (address: string, ok: boolean) => {
    const avoid = new Set(nodes.filter((node) => node.address !== address));
    const pick = balancer.pick({ avoid })!;
    clock.elapse(1);
    pick.done(ok);
    return pick.node.address;
  };
  const outMs = (address: string) =>
    balancer.figures().find((node) => node.address === address)!.ejectedForMs;
  /** Fails calls until the node is out. */
  const eject = (address: string) => {
    while (outMs(address) === 0) call(address, false);
    return outMs(address);
  };
  return { clock, balancer, call, outMs, eject };
}

Deno.test("a node that is back is judged anew by its failures in a row", () => {
  const { clock, call, outMs, eject } = setUp();
  clock.elapse(eject("a"));
  for (let i = 0; i < 4; i++) call("a", false);
  assertEquals(outMs("a"), 0);
  call("a", false);
  assert(outMs("a") > 0);
});

Deno.test("a node that is back is judged anew by the share of its failures", () => {
  const { clock, balancer, call, outMs } = setUp();
  const open: Pick<Node>[] = [];
  // Many calls at a time, so that much is left of them in the average after the time it is out.
  const avoid = new Set(list.slice(1));
  for (let i = 0; i < 2_000; i++) open.push(balancer.pick({ avoid })!);
  for (let i = 0; i < 1_000; i++) call("b", true);
  open.forEach((pick, i) => pick.done(i % 2 === 0));
  assert(outMs("a") > 0);
  clock.elapse(outMs("a"));
  for (let i = 0; i < 20; i++) call("a", true);
  call("a", false);
  assertEquals(outMs("a"), 0);
});

Deno.test("a node that is back gets its share bit by bit", () => {
  const { clock, balancer, call, eject } = setUp();
  for (const { address } of list) call(address, true);
  clock.elapse(eject("a"));
  const open: [number, Pick<Node>][] = [];
  let toIt = 0;
  for (let i = 0; i < 1_000; i++) {
    const pick = balancer.pick()!;
    if (pick.node.address === "a") toIt++;
    open.push([i + 10, pick]);
    clock.elapse(1);
    while (open[0] && open[0][0] <= i) open.shift()![1].done(true);
  }
  assert(toIt > 0 && toIt < 60, `${toIt} of 1000 calls in its first second, a fifth would be 200`);
});

Deno.test("a node that joins gets some calls from the first moment", () => {
  const { clock, balancer, call } = setUp({}, list.slice(0, 4));
  for (let i = 0; i < 20; i++) {
    call(list[i % 4]!.address, true);
    clock.elapse(1_000);
  }
  balancer.update(list);
  const picks = Array.from({ length: 1_000 }, () => balancer.pick()!);
  const toNew = picks.filter(({ node }) => node.address === "e").length;
  assert(toNew > 10 && toNew < 100, `${toNew} of 1000 calls`);
});

Deno.test("nobody is an outlier whose calls fail as those of all do", () => {
  const { balancer, clock, call } = setUp();
  for (let i = 0; i < 2_000; i++) {
    for (const { address } of list) call(address, i % 2 === 0);
    if (i % 100 === 0) clock.elapse(1_000);
  }
  assertEquals(balancer.figures().map(({ ejectedForMs }) => ejectedForMs), [0, 0, 0, 0, 0]);
});

Deno.test("one node alone is not taken out", () => {
  const { call, outMs } = setUp({ ejection: { maxShare: 1, failuresInRow: 1_000 } }, [list[0]!]);
  for (let i = 0; i < 100; i++) call("a", i % 2 === 0);
  assertEquals(outMs("a"), 0);
});

Deno.test("failures of calls that were in flight do not take a node out for longer", () => {
  const { balancer, clock, outMs } = setUp();
  const avoid = new Set(list.slice(1));
  const open = Array.from({ length: 50 }, () => balancer.pick({ avoid })!);
  for (const pick of open) {
    pick.done(false);
    clock.elapse(1);
  }
  assertEquals(outMs("a"), 5_000 - 46); // Since the fifth.
});

Deno.test("a node is out for longer each time, up to a minute, and is forgiven after a good while", () => {
  const { clock, call, eject } = setUp();
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    times.push(Math.round(eject("a") / 1_000));
    clock.elapse(times.at(-1)! * 1_000);
  }
  assertEquals(times, [5, 10, 20, 40, 60, 60]);
  call("a", true);
  clock.elapse(4 * 60_000 + 1_000);
  assertEquals(Math.round(eject("a") / 1_000), 5);
});

for (const [count, most] of [[2, 1], [3, 1], [4, 2], [5, 2]] as const) {
  Deno.test(`of ${count} nodes at most ${most} can be out`, () => {
    const nodes = list.slice(0, count);
    const { balancer, call } = setUp({}, nodes);
    for (let i = 0; i < 50; i++) for (const { address } of nodes) call(address, false);
    const out = balancer.figures().filter(({ ejectedForMs }) => ejectedForMs > 0);
    assertEquals(out.length, most);
  });
}
