import { assert, assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { renderText } from "./exposition.ts";
import { MetricRegistry } from "./registry.ts";
import { runtimeMetrics } from "./runtime_metrics.ts";

function setUp() {
  const clock = new FakeClock({ wallTime: 1_700_000_100_000 });
  const registry = new MetricRegistry();
  const cpu = { user: 2_000_000, system: 500_000 };
  const figures = {
    cpu: () => cpu,
    memory: () => ({ rss: 1000, heapUsed: 20, heapTotal: 30, external: 4 }),
    uptime: () => 100 + clock.now() / 1000,
  };
  return { clock, registry, cpu, options: { clock, figures } };
}

function figure(registry: MetricRegistry, name: string): number {
  const line = renderText(registry.snapshot()).split("\n").find((it) => it.startsWith(`${name} `));
  return Number(line?.split(" ")[1]);
}

Deno.test("runtimeMetrics() shows the figures of the process", async () => {
  const { clock, registry, cpu, options } = setUp();
  using _runtime = runtimeMetrics(registry, options);
  registry.snapshot();
  cpu.user = 3_000_000;
  await clock.advance(5000);
  clock.jumpWallTime(3_600_000);
  assertEquals(figure(registry, "process_cpu_user_seconds_total"), 3);
  assertEquals(figure(registry, "process_cpu_system_seconds_total"), 0.5);
  assertEquals(figure(registry, "process_cpu_seconds_total"), 3.5);
  assertEquals(figure(registry, "process_resident_memory_bytes"), 1000);
  assertEquals(figure(registry, "runtime_heap_used_bytes"), 20);
  assertEquals(figure(registry, "process_start_time_seconds"), 1_700_000_000);
  assertEquals(figure(registry, "process_uptime_seconds"), 105);
});

Deno.test("runtimeMetrics() measures how late the event loop is", async () => {
  const { clock, registry, options } = setUp();
  using _runtime = runtimeMetrics(registry, options);
  await clock.advance(200); // On time.
  assertEquals(figure(registry, "runtime_event_loop_lag_seconds_count"), 4);
  assertEquals(figure(registry, "runtime_event_loop_lag_seconds_sum"), 0);
  clock.setTimer(() => blockFor(clock, 1000), 45);
  await clock.advance(100);
  const worst = figure(registry, "runtime_event_loop_lag_max_seconds");
  assert(worst > 0.9 && worst < 1.1, `worst is ${worst}`);
  assertEquals(figure(registry, "runtime_event_loop_lag_max_seconds"), 0);
});

/** The next look at the clock finds time moved on, though no timer fired: the thread was held. */
function blockFor(clock: FakeClock, ms: number): void {
  const now = clock.now.bind(clock);
  clock.now = () => {
    clock.now = now;
    return now() + ms;
  };
}

Deno.test("runtimeMetrics() counts once however often it is asked for", () => {
  const { clock, registry, options } = setUp();
  const first = runtimeMetrics(registry, options);
  const second = runtimeMetrics(registry, options);
  assertEquals(figure(registry, "process_cpu_seconds_total"), 2.5);
  assertEquals(clock.pendingTimers, 1);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assertEquals(figure(registry, "process_cpu_seconds_total"), 2.5);
  second[Symbol.dispose]();
  assertEquals(clock.pendingTimers, 0);
  assertEquals(renderText(registry.snapshot()), "");
});

for (const lagPeriodMs of [0, -1, NaN]) {
  Deno.test(`runtimeMetrics() refuses lagPeriodMs ${lagPeriodMs}`, () => {
    assertThrows(() => runtimeMetrics(new MetricRegistry(), { lagPeriodMs }), RangeError, "> 0");
  });
}

Deno.test("runtimeMetrics() needs no permission", {
  permissions: "none",
}, () => {
  const registry = new MetricRegistry();
  using _runtime = runtimeMetrics(registry);
  assert(figure(registry, "process_resident_memory_bytes") > 1e6);
  assert(figure(registry, "process_cpu_seconds_total") > 0);
  assert(figure(registry, "process_uptime_seconds") > 0);
});
