/**
 * One call through a breaker that is closed, against the breakers of cockatiel and opossum, and the cost
 * of a group as its keys grow. Run with `deno run -A --config bench/deno.json bench/core/breaker.ts`.
 *
 * @module
 */

// deno-lint-ignore-file no-import-prefix -- The versions of the peers stand beside what they are measured in.
import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  SamplingBreaker,
} from "npm:cockatiel@4.0.0";
import CircuitBreaker from "npm:opossum@8.5.0";
import { BreakerGroup } from "../../core/breaker/breaker_group.ts";
import { SreBreaker } from "../../core/breaker/sre_breaker.ts";
import { compare } from "./compare.ts";

const call = () => Promise.resolve(1);
const fail = () => Promise.reject(new Error("down"));

const zeno = new SreBreaker();
const wounded = new SreBreaker();
for (let i = 0; i < 5; i++) await wounded.run(fail).catch(() => {});
const sampling = circuitBreaker(handleAll, {
  halfOpenAfter: 1000,
  breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
});
const consecutive = circuitBreaker(handleAll, {
  halfOpenAfter: 1000,
  breaker: new ConsecutiveBreaker(5),
});
// Its default deadline would cost a timer a call, which is not what is compared here.
const opossum = new CircuitBreaker(call, { timeout: false });

const medians = await compare("A call through a closed breaker", {
  "bare await": call,
  "zeno": () => zeno.run(call),
  "zeno, five failures before": () => wounded.run(call),
  "cockatiel sampling": () => sampling.execute(call),
  "cockatiel consecutive": () => consecutive.execute(call),
  "opossum": () => opossum.fire(),
});
opossum.shutdown();
for (const peer of ["cockatiel sampling", "cockatiel consecutive", "opossum"]) {
  console.log(`zeno is ${(medians[peer]! / medians.zeno!).toFixed(2)} times as fast as ${peer}`);
}

for (const count of [10, 1000, 100_000]) {
  const breakers = new BreakerGroup();
  const plain = new Map<string, { call: () => Promise<number> }>();
  const keys = Array.from({ length: count }, (_, i) => `10.0.0.${i}:80 Get`);
  for (const key of keys) plain.set(key, { call });
  let next = 0;
  const key = () => keys[next = (next + 1) % count]!;
  await compare(`A call through one breaker of ${count}`, {
    "a Map alone": () => plain.get(key())!.call(),
    "zeno BreakerGroup.run": () => breakers.run(key(), call),
  });
}
