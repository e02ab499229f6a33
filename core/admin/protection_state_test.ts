import { assertEquals } from "@std/assert";
import type { BreakerReport } from "../breaker/breaker.ts";
import { noopShedder } from "../load/noop_shedder.ts";
import { breakerState, shedderState } from "./protection_state.ts";

function breaker(name: string, changes: Partial<BreakerReport> = {}) {
  const report: BreakerReport = {
    name,
    state: "closed",
    total: 0,
    accepted: 0,
    failed: 0,
    dropped: 0,
    dropRatio: 0,
    workingBuckets: 0,
    failingBuckets: 0,
    retryAfterMs: 0,
    lastFailures: [],
    ...changes,
  };
  return { explain: () => report };
}

Deno.test("breakerState() shows first what is worth seeing", () => {
  const { breakers } = breakerState([
    breaker("idle b"),
    breaker("idle a"),
    breaker("busy", { total: 100 }),
    breaker("failing", { failed: 1 }),
    breaker("half", { state: "half_open" }),
    breaker("open", { state: "open", failed: 9 }),
  ]);
  const names = breakers.map(({ name }) => name);
  assertEquals(names, ["open", "half", "failing", "busy", "idle a", "idle b"]);
});

Deno.test("breakerState() looks at a part of a very large group, and shows a part of that", () => {
  let asked = 0;
  const many = Array.from({ length: 5000 }, (_, at) => {
    const { explain } = breaker(`b${at}`);
    return { explain: () => (asked++, explain()) };
  });
  const { count, breakers } = breakerState(many);
  assertEquals([asked, count, breakers.length], [1000, 1000, 200]);
});

Deno.test("shedderState() names each, the busiest first", () => {
  const busy = { explain: () => ({ ...noopShedder.explain(), inFlight: 5 }) };
  const shown = shedderState([["GET /a", noopShedder], ["GET /b", busy]]);
  assertEquals(shown.map(({ name, inFlight }) => [name, inFlight]), [["GET /b", 5], ["GET /a", 0]]);
});
