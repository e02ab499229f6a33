import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { AlertReporter } from "./alert_reporter.ts";
import { percentiles } from "./percentiles.ts";
import { remoteWriter, type StatReport } from "./report_writer.ts";
import { RequestStats, statLine } from "./request_stats.ts";

const rows = [
  { n: 1, avg: 0, med: 0, t90: 0, t99: 0, t99p9: 0 },
  { n: 2, avg: 0.5, med: 1, t90: 1, t99: 1, t99p9: 1 },
  { n: 5, avg: 2, med: 3, t90: 4, t99: 4, t99p9: 4 },
  { n: 10, avg: 4.5, med: 5, t90: 9, t99: 9, t99p9: 9 },
  { n: 20, avg: 9.5, med: 10, t90: 18, t99: 19, t99p9: 19 },
  { n: 100, avg: 49.5, med: 50, t90: 90, t99: 99, t99p9: 99 },
  { n: 200, avg: 99.5, med: 100, t90: 180, t99: 198, t99p9: 199 },
  { n: 1000, avg: 499.5, med: 500, t90: 900, t99: 990, t99p9: 999 },
  { n: 10_000, avg: 4999.5, med: 5000, t90: 9000, t99: 9900, t99p9: 9990 },
];

for (const { n, ...expected } of rows) {
  Deno.test(`RequestStats reports ${n} times of 0 to ${n - 1} ms`, () => {
    using stats = new RequestStats("bar", { clock: new FakeClock() });
    // In an order that is not sorted: 7919 is prime and divides no n.
    for (let i = 0; i < n; i++) stats.add((i * 7919) % n);
    const { avg, med, t90, t99, t99p9 } = stats.take();
    assertEquals({ avg, med, t90, t99, t99p9 }, expected);
  });
}

Deno.test("percentiles() finds the middle and the top of a few", () => {
  const durations = [1, 4, 2, 5, 9, 10, 12, 3, 6, 11, 8];
  // The slowest five are 8 to 12; of those the slowest one is all the finer parts.
  assertEquals(percentiles(durations), { median: 8, p90: 12, p99: 12, p999: 12 });
});

Deno.test("percentiles() of nothing are 0, and its input is not changed", () => {
  assertEquals(percentiles([]), { median: 0, p90: 0, p99: 0, p999: 0 });
  const durations = [3, 1, 2];
  percentiles(durations);
  assertEquals(durations, [3, 1, 2]);
});

Deno.test("RequestStats writes a line and a report each minute with requests, and then rests", async () => {
  const clock = new FakeClock({ wallTime: 1_700_000_000_500 });
  const logger = new MemoryLog();
  const reports: StatReport[] = [];
  const writer = { write: (report: StatReport) => void reports.push(report) };
  using stats = new RequestStats("foo", { clock, logger, writer, pid: 7 });
  stats.name = "bar";
  assertEquals(clock.pendingTimers, 0);
  for (let i = 0; i < 10; i++) stats.add(i);
  stats.addDrop();
  await clock.advance(60_000);
  await clock.advance(60_000);
  assertEquals(logger.contents("stat"), [
    "(bar) - qps: 0.2/s, drops: 1, avg time: 4.5ms, med: 5.0ms, 90th: 9.0ms, 99th: 9.0ms, 99.9th: 9.0ms",
  ]);
  assertEquals(reports, [{
    name: "bar",
    tm: 1_700_000_060,
    pid: 7,
    qps: 10 / 60,
    drops: 1,
    avg: 4.5,
    med: 5,
    t90: 9,
    t99: 9,
    t99p9: 9,
  }]);
  assertEquals(clock.pendingTimers, 0);
  stats.addDrop();
  assertEquals(clock.pendingTimers, 1);
});

Deno.test("RequestStats logs what its writer throws, at once or later", async () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const failing = [
    () => {
      throw new Error("sync");
    },
    () => Promise.reject(new Error("async")),
  ];
  for (const write of failing) {
    using stats = new RequestStats("x", { clock, logger, writer: { write } });
    stats.add(1);
    await clock.advance(60_000);
  }
  assertEquals(logger.contents("error"), [
    "Cannot submit stat report",
    "Cannot submit stat report",
  ]);
});

Deno.test("RequestStats reports what is left when disposed, and nothing after", () => {
  const clock = new FakeClock();
  const logger = new MemoryLog();
  const stats = new RequestStats("x", { clock, logger });
  stats.add(1);
  stats[Symbol.dispose]();
  stats.add(1);
  stats[Symbol.dispose]();
  assertEquals([logger.contents("stat").length, clock.pendingTimers], [1, 0]);
});

Deno.test("RequestStats keeps a fair sample when there are too many", () => {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  using stats = new RequestStats("x", { clock: new FakeClock(), maxSamples: 1000, random });
  for (let i = 0; i < 100_000; i++) stats.add(i);
  const { med, t90, avg, qps } = stats.take();
  assertEquals([avg, qps], [49_999.5, 100_000 / 60]);
  assert(Math.abs(med - 50_000) < 5000 && Math.abs(t90 - 90_000) < 5000, `${med} ${t90}`);
});

Deno.test("RequestStats refuses numbers out of range", () => {
  assertThrows(() => new RequestStats("x", { intervalMs: 0 }), RangeError, "need intervalMs > 0");
  assertThrows(() => new RequestStats("x", { maxSamples: 0.5 }), RangeError, "maxSamples >= 1");
});

const report: StatReport = new RequestStats("x", { clock: new FakeClock(), pid: 1 }).take();

Deno.test("statLine() says what a report holds", () => {
  assertMatch(
    statLine({ ...report, qps: 1234.56, drops: 3 }),
    /^\(x\) - qps: 1234.6\/s, drops: 3,/,
  );
});

Deno.test("remoteWriter() posts JSON", async () => {
  const requests: Request[] = [];
  const writer = remoteWriter("http://stats.local/report", {
    fetch: (input, init) => {
      requests.push(new Request(input, init));
      return Promise.resolve(new Response("ok"));
    },
  });
  await writer.write(report);
  const [request] = requests;
  assertEquals([request?.method, request?.headers.get("content-type")], [
    "POST",
    "application/json; charset=utf-8",
  ]);
  assertEquals(await request?.json(), { ...report });
});

Deno.test("remoteWriter() throws for any answer but 200, and for none", async () => {
  const answering = (response: () => Promise<Response>) =>
    remoteWriter("http://stats.local/", { fetch: response });
  const busy = answering(() => Promise.resolve(new Response("", { status: 503 })));
  await assertRejects(async () => await busy.write(report), Error, "Cannot write report: code 503");
  const broken = answering(() => Promise.reject(new TypeError("connection refused")));
  await assertRejects(async () => await broken.write(report), TypeError, "connection refused");
});

Deno.test("remoteWriter() refuses what it cannot post to", () => {
  assertThrows(() => remoteWriter("file:///tmp/x"), TypeError, "need an http or https address");
  assertThrows(() => remoteWriter("nowhere"), TypeError);
  assertThrows(() => remoteWriter("http://x/", { timeoutMs: 0 }), RangeError, "timeoutMs > 0");
});

function setUpAlerts(options: { cluster?: string } = {}) {
  const clock = new FakeClock({ wallTime: Date.UTC(2024, 0, 2, 3, 4, 5) });
  const texts: string[] = [];
  const deliver = (text: string) => void texts.push(text);
  const alerts = new AlertReporter({ deliver, clock, host: "web-1", cluster: "", ...options });
  return { clock, texts, alerts };
}

Deno.test("AlertReporter delivers one of ten in a row", () => {
  const { texts, alerts } = setUpAlerts();
  for (let i = 0; i < 10; i++) alerts.report("disk full");
  assertEquals([texts.length, alerts.suppressed], [1, 9]);
});

Deno.test("AlertReporter says how many it kept back, once five minutes have passed", () => {
  const { clock, texts, alerts } = setUpAlerts({ cluster: "eu" });
  for (let i = 0; i < 10; i++) alerts.report("  disk full\n");
  clock.elapse(299_999);
  alerts.report("disk full");
  clock.elapse(1);
  alerts.report("disk full");
  assertEquals(texts.map((text) => text.split("\n").slice(1)), [
    ["cluster: eu", "host: web-1", "disk full"],
    ["cluster: eu", "host: web-1", "dropped: 10", "disk full"],
  ]);
  assertMatch(texts[0]!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n/);
  clock.elapse(3_600_000);
  alerts.report("again");
  assertEquals(texts[2]?.includes("dropped"), false);
});

Deno.test("AlertReporter makes no text that is not delivered", () => {
  const { alerts } = setUpAlerts();
  let made = 0;
  for (let i = 0; i < 10; i++) alerts.report(() => `${++made}`);
  assertEquals(made, 1);
});

Deno.test("AlertReporter is not moved by the wall clock", () => {
  const { clock, texts, alerts } = setUpAlerts();
  alerts.report("a");
  clock.jumpWallTime(3_600_000);
  alerts.report("b");
  assertEquals(texts.length, 1);
});

Deno.test("AlertReporter never throws", () => {
  const throwing = () => {
    throw new Error("no");
  };
  const alerts = new AlertReporter({ deliver: throwing, intervalMs: 0, clock: new FakeClock() });
  alerts.report("x");
  alerts.report(throwing);
});

Deno.test("AlertReporter names this host by itself", () => {
  const texts: string[] = [];
  new AlertReporter({ deliver: (text) => texts.push(text) }).report("x");
  assertMatch(texts[0]!, /\nhost: .+\nx$/);
});

Deno.test("AlertReporter refuses a negative interval", () => {
  assertThrows(
    () => new AlertReporter({ deliver() {}, intervalMs: -1 }),
    RangeError,
    "Cannot make alert reporter: need intervalMs >= 0, got -1",
  );
});
