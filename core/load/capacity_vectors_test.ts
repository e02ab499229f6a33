import { assertAlmostEquals, assertEquals } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { AdaptiveShedder } from "./adaptive_shedder.ts";
import { noopShedder } from "./noop_shedder.ts";

Deno.test("AdaptiveShedder carries 54 where 9 a ms were served in 6 ms, and 1 where nothing was", () => {
  const clock = new FakeClock();
  const calm = { level: () => 0, lagMs: () => 0, borneMs: () => 0, [Symbol.dispose]() {} };
  const shedder = new AdaptiveShedder({ clock, signal: calm, windowMs: 1000, buckets: 10 });
  assertEquals(shedder.explain().limit, 10 * 1); // One in 100 ms, taken to last a second.
  const batch = Array.from({ length: 900 }, () => shedder.allow());
  clock.elapse(6);
  for (const token of batch) token.pass();
  clock.elapse(100);
  shedder.allow().fail();
  assertAlmostEquals(shedder.explain().limit, 54, 1e-9);
  assertAlmostEquals(shedder.explain({ criticality: "sheddable" }).limit, 54 * 0.7, 1e-9);
});

Deno.test("noopShedder explains a normal request unless asked about another", () => {
  assertEquals(noopShedder.explain().criticality, "normal");
});
