import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { AlertReporter } from "../stat/alert_reporter.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { AdaptiveShedder, type AdaptiveShedderOptions } from "./adaptive_shedder.ts";
import { CapacityWindow } from "./_capacity_window.ts";
import { OverloadedError } from "./errors.ts";
import { overloadFactor, type OverloadSignal } from "./overload_signal.ts";
import type { ShedderToken } from "./shedder.ts";

/** A signal that says what it is told, and knows nothing of an event loop. */
class FixedSignal implements OverloadSignal {
  disposed = false;

  constructor(public value: number) {}

  level(): number {
    return this.value;
  }

  lagMs(): number {
    return 0;
  }

  borneMs(): number {
    return 0;
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

function setUp(level = 0, options: AdaptiveShedderOptions = {}) {
  const clock = new FakeClock();
  const signal = new FixedSignal(level);
  const shedder = new AdaptiveShedder({ clock, signal, random: () => 0.5, ...options });
  return { clock, signal, shedder };
}

/** Ten buckets of 50 ms: 100 requests in the first, 200 in the second, with latencies 1 to 10, 11 to 20. */
function fill(window: CapacityWindow, clock: FakeClock): void {
  for (let bucket = 0; bucket < 10; bucket++) {
    if (bucket > 0) clock.elapse(50);
    for (let i = 0; i < (bucket + 1) * 10; i++) {
      for (let sample = 1; sample <= 10; sample++) {
        window.add(bucket * 10 + sample, clock.now());
      }
    }
  }
  window.refresh(clock.now());
}

Deno.test("CapacityWindow finds the most served and the best latency, the current bucket left out", () => {
  const clock = new FakeClock();
  const window = new CapacityWindow({ windowMs: 500, buckets: 10, clock });
  window.refresh(clock.now());
  assertEquals([window.maxPass, window.minLatencyMs], [1, undefined]);
  fill(window, clock);
  assertEquals([window.maxPass, window.minLatencyMs], [900, 6]);
  clock.elapse(50);
  window.refresh(clock.now());
  assertEquals([window.maxPass, window.minLatencyMs], [1000, 16]);
  clock.elapse(3_600_000);
  window.refresh(clock.now());
  assertEquals([window.maxPass, window.minLatencyMs], [1, undefined]);
});

const factors = [
  { level: 0, threshold: 900, factor: 1 },
  { level: 900, threshold: 900, factor: 1 },
  { level: 950, threshold: 900, factor: 0.5 },
  { level: 990, threshold: 900, factor: 0.1 },
  { level: 999, threshold: 900, factor: 0.1 },
  { level: 1000, threshold: 900, factor: 0.1 },
  { level: 850, threshold: 800, factor: 0.75 },
  { level: 500, threshold: 0, factor: 0.5 },
  { level: 999, threshold: 1000, factor: 1 },
  { level: 1000, threshold: 1000, factor: 0.1 },
];

for (const { level, threshold, factor } of factors) {
  Deno.test(`overloadFactor() of ${level} over ${threshold} is ${factor}`, () => {
    assertAlmostEquals(overloadFactor(level, threshold), factor, 1e-9);
  });
}

Deno.test("AdaptiveShedder averages the requests in flight as they leave", () => {
  const { shedder } = setUp();
  const tokens = Array.from({ length: 10 }, () => shedder.allow());
  const expected = [
    0.9,
    1.61,
    2.149,
    2.5341,
    2.78069,
    2.902621,
    2.912359,
    2.821123,
    2.639011,
    2.37511,
  ];
  tokens.forEach((token, index) => {
    token.pass();
    assertAlmostEquals(shedder.explain().averageInFlight, expected[index]!, 1e-6);
  });
});

/** A shedder that can carry 54 requests, with so many in flight and such an average. */
function loaded(inFlight: number, average: "same" | "less" | "more", level = 900) {
  const { clock, signal, shedder } = setUp(0, { windowMs: 1000, buckets: 10 });
  // 900 requests in 100 ms that took 6 ms each: 9 a ms, so 54 at once.
  const batch = Array.from({ length: 900 }, () => shedder.allow());
  clock.elapse(6);
  for (const token of batch) token.pass();
  clock.elapse(100);
  const open: ShedderToken[] = [];
  const admit = (count: number) => {
    while (open.length < count) open.push(shedder.allow());
  };
  const settle = () => {
    // The average moves only when one leaves.
    for (let i = 0; i < 200; i++) shedder.allow().fail();
  };
  if (average === "more") {
    admit(80);
    settle();
    while (open.length > inFlight) open.pop()!.fail();
  } else if (average === "less") {
    settle();
    admit(inFlight);
  } else {
    admit(inFlight);
    settle();
  }
  signal.value = level;
  return { clock, signal, shedder };
}

const drops = [
  { name: "the average is low", inFlight: 80, average: "less", level: 900, allowed: true },
  { name: "few are in flight", inFlight: 49, average: "more", level: 900, allowed: true },
  { name: "both are high", inFlight: 80, average: "same", level: 900, allowed: false },
  { name: "nothing is pressed", inFlight: 80, average: "same", level: 899, allowed: true },
  { name: "the limit is halved", inFlight: 30, average: "same", level: 950, allowed: false },
  { name: "the limit is whole", inFlight: 30, average: "same", level: 900, allowed: true },
] as const;

for (const { name, inFlight, average, level, allowed } of drops) {
  Deno.test(`AdaptiveShedder ${allowed ? "admits" : "drops"} when ${name}`, () => {
    const { shedder } = loaded(inFlight, average, level);
    const report = shedder.explain();
    assertEquals(report.allowed, allowed, JSON.stringify(report));
    assertEquals([report.maxPass, report.minLatencyMs], [900, 6]);
    assertEquals(shedder.tryAllow() !== undefined, allowed);
  });
}

Deno.test("AdaptiveShedder cools off for a second after the pressure has gone", () => {
  const { shedder, signal, clock } = loaded(80, "same");
  assertEquals(shedder.tryAllow(), undefined);
  signal.value = 0;
  clock.elapse(999);
  assertEquals([shedder.explain().coolingOff, shedder.tryAllow()], [true, undefined]);
  clock.elapse(1);
  assertEquals(shedder.explain().coolingOff, false);
  assert(shedder.tryAllow());
});

Deno.test("AdaptiveShedder does not cool off if nothing was dropped", () => {
  const { shedder, signal } = loaded(10, "same");
  assert(shedder.tryAllow());
  signal.value = 0;
  assertEquals(shedder.explain().coolingOff, false);
});

Deno.test("AdaptiveShedder drops the sheddable first and the critical last", () => {
  const allowed = (inFlight: number, level: number) => {
    const { shedder } = loaded(inFlight, "same", level);
    return (["sheddable", "normal", "critical"] as const).map((criticality) =>
      shedder.tryAllow({ criticality }) !== undefined
    );
  };
  assertEquals(allowed(20, 900), [true, true, true]);
  assertEquals(allowed(40, 900), [false, true, true]);
  assertEquals(allowed(80, 900), [false, false, true]);
  assertEquals(allowed(80, 949), [false, false, true]);
  assertEquals(allowed(200, 1000), [false, false, false]);
});

Deno.test("AdaptiveShedder.allow() throws what it knew", () => {
  const { shedder } = loaded(80, "same");
  const error = assertThrows(() => shedder.allow(), OverloadedError);
  assertEquals([error.code, error.httpStatus, error.retryAfterMs], ["unavailable", 503, 1500]);
  assertEquals(error.message, "Cannot accept request: overloaded, 0 ms behind");
  assertEquals([error.report?.allowed, error.report?.inFlight], [false, 80]);
  assertEquals(error.details, { reason: "overloaded" });
});

Deno.test("AdaptiveShedder takes the first word on a request", () => {
  const { shedder } = setUp();
  const token = shedder.allow();
  token.pass();
  token.fail();
  token[Symbol.dispose]();
  {
    using _second = shedder.allow();
    assertEquals(shedder.explain().inFlight, 1);
  }
  assertEquals(shedder.explain().inFlight, 0);
});

Deno.test("AdaptiveShedder learns nothing from requests that failed", () => {
  const { shedder, clock } = setUp();
  for (let i = 0; i < 50; i++) shedder.allow().fail();
  clock.elapse(200);
  shedder.allow().fail();
  const { maxPass, minLatencyMs } = shedder.explain();
  assertEquals([maxPass, minLatencyMs], [1, 1000]);
});

Deno.test("AdaptiveShedder does not learn what latency is normal while it is pressed", () => {
  const { shedder, clock, signal } = loaded(10, "same");
  const serve = (latencyMs: number) => {
    const token = shedder.allow({ criticality: "critical" });
    clock.elapse(latencyMs);
    token.pass();
    clock.elapse(100);
    shedder.tryAllow({ criticality: "critical" })?.fail();
  };
  signal.value = 960;
  for (let i = 0; i < 20; i++) serve(80);
  assertEquals(shedder.explain().minLatencyMs, 6);
  signal.value = 0;
  clock.elapse(1000);
  for (let i = 0; i < 20; i++) serve(80);
  assertEquals(shedder.explain().minLatencyMs, 80);
});

Deno.test("AdaptiveShedder.explain() changes nothing", () => {
  const { shedder, clock } = loaded(80, "same");
  for (let i = 0; i < 5; i++) shedder.explain();
  clock.elapse(1);
  assertEquals(shedder.explain().coolingOff, false);
});

Deno.test("AdaptiveShedder is not moved by an hour, on the wall or of silence", () => {
  const { shedder, clock, signal } = loaded(80, "same");
  signal.value = 0;
  clock.jumpWallTime(-3_600_000);
  assert(shedder.tryAllow());
  clock.elapse(3_600_000);
  assert(shedder.tryAllow());
  assertEquals(shedder.explain().maxPass, 1);
});

Deno.test("AdaptiveShedder alerts once when it drops", () => {
  const texts: string[] = [];
  const clock = new FakeClock();
  const alerts = new AlertReporter({ deliver: (text) => texts.push(text), clock });
  const shedder = new AdaptiveShedder({ signal: new FixedSignal(1000), clock, alerts });
  const tokens = [shedder.allow(), shedder.allow()];
  for (let i = 0; i < 100; i++) shedder.tryAllow()?.fail();
  for (const token of tokens) token.fail();
  assertEquals(texts.length, 1);
  assertMatch(
    texts[0]!,
    /shedder refuses requests: level 1000, lag 0.0 ms, 2 in flight \(average .*\), limit 1.00, maxPass 1/,
  );
});

Deno.test("AdaptiveShedder leaves a signal it was given alone, and ends its own", () => {
  const { shedder, signal } = setUp();
  shedder[Symbol.dispose]();
  assertEquals(signal.disposed, false);
  const clock = new FakeClock();
  const own = new AdaptiveShedder({ clock });
  own.allow().pass();
  assertEquals(clock.pendingTimers, 1);
  own[Symbol.dispose]();
  assertEquals(clock.pendingTimers, 0);
  own.allow().pass(); // Still lets in, with no look at the loop.
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("AdaptiveShedder holds no timer once it has been idle", () => {
  const clock = new FakeClock();
  const shedder = new AdaptiveShedder({ clock });
  assertEquals(clock.pendingTimers, 0);
  shedder.allow().pass();
  clock.elapse(2000);
  assertEquals(clock.pendingTimers, 0);
});

const badOptions: readonly { options: AdaptiveShedderOptions; message: string }[] = [
  { options: { threshold: -1 }, message: "need threshold 0 to 1000, got -1" },
  { options: { threshold: NaN }, message: "need threshold 0 to 1000, got NaN" },
  { options: { windowMs: 0 }, message: "need a finite windowMs > 0, got 0" },
  { options: { buckets: 1 }, message: "need an integer buckets >= 2, got 1" },
  { options: { coolOffMs: -1 }, message: "need coolOffMs >= 0, got -1" },
];

for (const { options, message } of badOptions) {
  Deno.test(`AdaptiveShedder refuses ${Object.keys(options)} out of range: ${message}`, () => {
    assertThrows(() => new AdaptiveShedder(options), RangeError, `Cannot make shedder: ${message}`);
  });
}
