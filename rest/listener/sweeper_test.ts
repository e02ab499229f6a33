import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../../core/testing/fake_clock.ts";
import { ConnectionCaps } from "./connection_caps.ts";
import { Stopwatch, Sweeper } from "./sweeper.ts";

for (const limitMs of [80, 1_000, 10_000, 3_600_000]) {
  Deno.test(`Sweeper meets a limit of ${limitMs} ms never early, and two periods late at most`, async () => {
    const clock = new FakeClock();
    using sweeper = new Sweeper({ limitsMs: [limitMs, 0], clock });
    const periodMs = Math.min(1_000, limitMs / 8);
    await clock.advance(periodMs / 3);
    const watch = new Stopwatch();
    const beganMs = clock.now();
    let metMs = 0;
    sweeper.add({ sweep: (nowMs) => watch.elapsedMs(nowMs) >= limitMs && (metMs ||= clock.now()) });
    await clock.advance(limitMs + 3 * periodMs);
    assert(metMs - beganMs >= limitMs, `${metMs - beganMs}`);
    assert(metMs - beganMs <= limitMs + 2 * periodMs, `${metMs - beganMs}`);
  });
}

Deno.test("Sweeper visits what is added, until it is deleted or the sweeper disposed", async () => {
  const clock = new FakeClock();
  const sweeper = new Sweeper({ limitsMs: [80], clock });
  let visits = 0;
  const connection = { sweep: () => void visits++ };
  sweeper.add(connection);
  await clock.advance(30);
  assertEquals(visits, 3);
  sweeper.delete(connection);
  await clock.advance(30);
  assertEquals(visits, 3);
  sweeper.add(connection);
  sweeper[Symbol.dispose]();
  await clock.advance(30);
  assertEquals(visits, 3);
});

Deno.test("Stopwatch begins anew after reset()", () => {
  const watch = new Stopwatch();
  assertEquals([watch.elapsedMs(5), watch.elapsedMs(8)], [0, 3]);
  watch.reset();
  assertEquals([watch.elapsedMs(9), watch.elapsedMs(10)], [0, 1]);
});

Deno.test("ConnectionCaps counts in total and per address, and forgets an address that is gone", () => {
  const caps = new ConnectionCaps({ total: 3, perAddress: 2 });
  const first = caps.tryOpen("a")!;
  assert(caps.tryOpen("a"));
  assertEquals(caps.tryOpen("a"), undefined);
  assert(caps.tryOpen("b"));
  assertEquals(caps.tryOpen("c"), undefined);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assertEquals(caps.size, 2);
  assert(caps.tryOpen("a"));
  assertEquals(caps.size, 3);
});

Deno.test("ConnectionCaps of 0 has no limit", () => {
  const caps = new ConnectionCaps({ total: 0, perAddress: 0 });
  for (let i = 0; i < 1_000; i++) assert(caps.tryOpen("a"));
});
