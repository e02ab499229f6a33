/**
 * What choosing a node costs: `deno run -A --config bench/deno.json bench/rpc/balancer.ts`.
 *
 * The first case is what any balancer with statistics pays: one look at the clock. Picks of one hundred nodes and
 * ends of calls are measured apart; two hundred calls are in flight.
 *
 * @module
 */

import { systemClock } from "../../core/clock.ts";
import type { Balancer, Pick } from "../../rpc/balancer/balancer.ts";
import { createBalancer } from "../../rpc/balancer/create_balancer.ts";
import { compare } from "../core/compare.ts";

interface Node {
  readonly address: string;
}

const NODES = Array.from({ length: 100 }, (_, i) => ({ address: `10.0.${i >> 8}.${i & 255}:80` }));
const IN_FLIGHT = 200;

function ready(name: string): Balancer<Node> {
  const balancer = createBalancer<Node>(name);
  balancer.update(NODES);
  return balancer;
}

/** Picks one, ends the one that was picked so many calls ago. */
function calls(name: string): () => void {
  const balancer = ready(name);
  const open: (Pick<Node> | undefined)[] = new Array(IN_FLIGHT);
  let next = 0;
  return () => {
    open[next]?.done(true);
    open[next] = balancer.pick({ hashKey: "user_123" });
    next = (next + 1) % IN_FLIGHT;
  };
}

function picks(name: string): () => unknown {
  const balancer = ready(name);
  return () => balancer.pick();
}

await compare("pick() among 100 nodes", {
  "bare clock": () => systemClock.now(),
  "zeno p2c_ewma": picks("p2c_ewma"),
  "zeno round_robin": picks("round_robin"),
}, { iterations: 500_000 });

await compare("pick() and done() among 100 nodes", {
  "bare clock, twice": () => systemClock.now() + systemClock.now(),
  "zeno p2c_ewma": calls("p2c_ewma"),
  "zeno consistent_hash": calls("consistent_hash"),
}, { iterations: 500_000 });
