import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { LoopLag } from "../stat/loop_lag.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { CircuitOpenError } from "../breaker/errors.ts";
import { isShed, OverloadedError } from "./errors.ts";
import { LoopSignal, type LoopSignalOptions } from "./loop_signal.ts";
import { noopShedder } from "./noop_shedder.ts";
import { ShedderGroup } from "./shedder_group.ts";
import { SheddingStat } from "./shedding_stat.ts";

const sheds: readonly { error: unknown; shed: boolean }[] = [
  { error: new OverloadedError("Cannot accept request: busy"), shed: true },
  { error: new CircuitOpenError("orders"), shed: true },
  { error: new ServiceError("resource_exhausted", "Cannot take call: over the limit"), shed: true },
  { error: new ServiceError("unavailable", "Cannot connect"), shed: false },
  { error: new ServiceError("internal", "x", { details: { reason: "other" } }), shed: false },
  { error: { details: { reason: "overloaded" } }, shed: false },
  { error: undefined, shed: false },
];

for (const [index, { error, shed }] of sheds.entries()) {
  Deno.test(`isShed() row ${index}: ${error} ${shed ? "is" : "is not"} a shed`, () => {
    assertEquals(isShed(error), shed);
  });
}

Deno.test("noopShedder lets everything in", () => {
  {
    using shedder = noopShedder;
    for (let i = 0; i < 1000; i++) shedder.allow();
    const token = shedder.tryAllow({ criticality: "sheddable" })!;
    token.pass();
    token.fail();
    token[Symbol.dispose]();
  }
  const { allowed, criticality } = noopShedder.explain({ criticality: "critical" });
  assertEquals([allowed, criticality], [true, "critical"]);
});

Deno.test("ShedderGroup makes one shedder a key, all on one look at the loop", () => {
  const clock = new FakeClock();
  const shedders = new ShedderGroup({ clock });
  const shedder = shedders.get("a");
  assertStrictEquals(shedders.get("a"), shedder);
  assert(shedders.get("b") !== shedder);
  for (const [, it] of shedders) it.allow().pass();
  assertEquals([shedders.size, clock.pendingTimers], [2, 1]);
  shedders[Symbol.dispose]();
  assertEquals([shedders.size, clock.pendingTimers], [0, 0]);
});

Deno.test("ShedderGroup makes shedders as it is told", () => {
  const keys: string[] = [];
  using shedders = new ShedderGroup({
    create: (key) => {
      keys.push(key);
      return noopShedder;
    },
  });
  shedders.get("a");
  shedders.get("a");
  assertEquals(keys, ["a"]);
});

Deno.test("SheddingStat counts, and begins anew", () => {
  using stat = new SheddingStat("api", { clock: new FakeClock() });
  for (let i = 0; i < 3; i++) stat.incrementTotal();
  for (let i = 0; i < 5; i++) stat.incrementPass();
  for (let i = 0; i < 7; i++) stat.incrementDrop();
  assertEquals(stat.take(), { total: 3, pass: 5, drop: 7 });
  assertEquals(stat.take(), { total: 0, pass: 0, drop: 0 });
});

Deno.test("SheddingStat logs each minute with requests, and rests in one without", () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const stat = new SheddingStat("api", { clock, logger, milliCpu: () => 512.4 });
  assertEquals(clock.pendingTimers, 0);
  stat.incrementTotal();
  stat.incrementPass();
  clock.elapse(60_000);
  stat.incrementTotal();
  stat.incrementDrop();
  clock.elapse(60_000);
  clock.elapse(60_000);
  assertEquals(logger.contents("stat"), [
    "(api) shedding_stat [1m], cpu: 512, total: 1, pass: 1, drop: 0",
    "(api) shedding_stat_drop [1m], cpu: 512, total: 1, pass: 0, drop: 1",
  ]);
  assertEquals(clock.pendingTimers, 0);
  stat.incrementTotal();
  stat[Symbol.dispose]();
  assertEquals([logger.contents("stat").length, clock.pendingTimers], [3, 0]);
  stat.incrementTotal();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("SheddingStat refuses an interval of nothing", () => {
  assertThrows(() => new SheddingStat("api", { intervalMs: 0 }), RangeError, "need intervalMs > 0");
});

const badSignals: readonly LoopSignalOptions[] = [
  { minLagMs: 0 },
  { minLagMs: 60 },
  { maxLagMs: Infinity },
  { maxLagMs: NaN },
];

for (const options of badSignals) {
  Deno.test(`LoopSignal refuses ${Object.entries(options)}`, () => {
    assertThrows(() => new LoopSignal(options), RangeError, "need 0 < minLagMs <= maxLagMs");
  });
}

/** A loop whose lag is what is said, without looking. */
class ToldLag extends LoopLag {
  told = 0;

  override lagMs(): number {
    return this.told;
  }

  override lateForMs(thresholdMs: number): number {
    return this.told >= thresholdMs ? 10_000 : 0;
  }

  override busyShare(): number {
    return this.told > 0 ? 1 : 0;
  }
}

Deno.test("LoopSignal.level() follows the lag once it has lasted, and each criticality's patience", () => {
  const clock = new FakeClock();
  const lag = new ToldLag({ clock });
  const signal = new LoopSignal({ clock, lag, cpu: { milliCpu: () => 0 } });
  const level = (lagMs: number, patience = 1) => {
    lag.told = lagMs;
    const at = {
      nowMs: clock.now(),
      latencyMs: 40,
      serviceMs: 2,

      backlog: 0,
      carried: 1,
    };
    return Math.round(signal.level({ ...at, patience }));
  };
  assertEquals([0, 5, 10, 15, 20, 100].map((lagMs) => level(lagMs)), [
    0,
    450,
    900,
    950,
    1000,
    1000,
  ]);
  assertEquals([level(15, 3), level(15, 0.5)], [450, 1000]);
});

const waits: readonly { latencyMs: number; serviceMs: number; borneMs: number }[] = [
  { latencyMs: 0.05, serviceMs: 0.05, borneMs: 40 },
  { latencyMs: 0.5, serviceMs: 0.5, borneMs: 4 },
  { latencyMs: 1, serviceMs: 1, borneMs: 2 },
  { latencyMs: 5, serviceMs: 5, borneMs: 7.5 },
  { latencyMs: 60, serviceMs: 1, borneMs: 15 },
  { latencyMs: 100, serviceMs: 100, borneMs: 50 },
];
for (const { latencyMs, serviceMs, borneMs } of waits) {
  Deno.test(`LoopSignal.borneMs() of ${latencyMs} ms, ${serviceMs} of work, is ${borneMs}`, () => {
    using signal = new LoopSignal({ clock: new FakeClock() });
    assertEquals(signal.borneMs(latencyMs, serviceMs), borneMs);
  });
}

Deno.test("LoopSignal.level() takes a short lag for overload only if the processor is busy too", () => {
  const clock = new FakeClock();
  let milliCpu = 0;
  const lag = new ToldLag({ clock });
  lag.lateForMs = () => 100;
  lag.told = 20;
  const signal = new LoopSignal({ clock, lag, cpu: { milliCpu: () => milliCpu } });
  const level = () =>
    signal.level({
      nowMs: 0,
      latencyMs: 5,
      serviceMs: 5,

      backlog: 0,
      carried: 1,
      patience: 1,
    });
  assertEquals(level(), 899);
  milliCpu = 950;
  assertEquals(level(), 1000);
});
