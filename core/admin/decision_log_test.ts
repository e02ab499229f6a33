import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { DecisionLog } from "./decision_log.ts";

function filled(count: number, capacity = 3): { log: DecisionLog; ids: string[] } {
  const log = new DecisionLog({ clock: new FakeClock(), capacity });
  const ids = Array.from({ length: count }, (_, n) => log.add("breaker", "GET /", { n }));
  return { log, ids };
}

for (
  const [count, kept] of [[0, []], [1, [0]], [3, [2, 1, 0]], [4, [3, 2, 1]], [8, [
    7,
    6,
    5,
  ]]] as const
) {
  Deno.test(`list() gives the newest of ${count} decisions first`, () => {
    const { log, ids } = filled(count);
    assertEquals(log.list().map(({ id }) => id), kept.map((n) => ids[n]!));
    assertEquals(log.count, count);
  });
}

Deno.test("explain() tells what is kept, and nothing of what is forgotten or was never there", () => {
  const { log, ids } = filled(5);
  assertEquals(log.explain(ids[4]!)?.report, { n: 4 });
  for (const id of [ids[0]!, "", "x", `${ids[4]!.split("-")[0]}-999`, "00000000-4"]) {
    assertEquals(log.explain(id), undefined);
  }
});

Deno.test("DecisionLog refuses a capacity that holds nothing", () => {
  for (const capacity of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => new DecisionLog({ clock: new FakeClock(), capacity }),
      RangeError,
      "capacity",
    );
  }
});
