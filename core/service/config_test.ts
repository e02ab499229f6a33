import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_LOG_CONFIG } from "../log/config.ts";
import { Shutdown } from "../proc/shutdown.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { serviceConfig, shutdownTimes } from "./config.ts";
import { isProtected, SERVICE_MODES } from "./mode.ts";

const sections: { name: string; input: object; read: unknown }[] = [
  { name: "MetricsUrl", input: { MetricsUrl: "http://m" }, read: "http://m" },
  { name: "Prometheus", input: { Prometheus: {} }, read: { Port: 9101, Path: "/metrics" } },
  {
    name: "Telemetry",
    input: { Telemetry: {} },
    read: {
      Sampler: 1,
      Batcher: "otlpgrpc",
      OtlpHttpSecure: false,
      Disabled: false,
      HttpConventions: "legacy",
    },
  },
  {
    name: "DevServer",
    input: { DevServer: {} },
    read: {
      Enabled: true,
      Host: "127.0.0.1",
      Port: 6060,
      MetricsPath: "/metrics",
      HealthPath: "/healthz",
      EnableMetrics: true,
      EnablePprof: true,
      HealthResponse: "OK",
    },
  },
  { name: "Shutdown", input: { Shutdown: {} }, read: { WrapUpTime: 1000, WaitTime: 5500 } },
  {
    name: "Profiling",
    input: { Profiling: { ServerAddr: "http://p" } },
    read: {
      Name: "orders", // Inherited.
      ServerAddr: "http://p",
      UploadRate: 15_000,
      CheckInterval: 10_000,
      ProfilingDuration: 120_000,
      CpuThreshold: 700,
      ProfileType: {
        Logger: false,
        CPU: true,
        Goroutines: true,
        Memory: true,
        Mutex: false,
        Block: false,
      },
    },
  },
];

for (const { name, input, read } of sections) {
  Deno.test(`serviceConfig.parse() fills in ${name}`, () => {
    const config: object = serviceConfig.parse({ Name: "orders", ...input });
    assertEquals(config, {
      Name: "orders",
      Log: DEFAULT_LOG_CONFIG,
      Mode: "pro",
      [name]: read,
    });
  });
}

Deno.test("serviceConfig.parse() leaves sections out that are not there", () => {
  assertEquals(serviceConfig.parse({ Name: "orders" }), {
    Name: "orders",
    Log: DEFAULT_LOG_CONFIG,
    Mode: "pro",
  });
});

const refused: { name: string; input: object; field: string }[] = [
  { name: "no name", input: {}, field: "Name" },
  { name: "another mode", input: { Name: "a", Mode: "prod" }, field: "Mode" },
  { name: "profiling without server", input: { Name: "a", Profiling: {} }, field: "ServerAddr" },
  {
    name: "a threshold of 1000",
    input: { Name: "a", Profiling: { ServerAddr: "x", CpuThreshold: 1000 } },
    field: "CpuThreshold",
  },
  {
    name: "a batcher that is gone",
    input: { Name: "a", Telemetry: { Batcher: "jaeger" } },
    field: "Batcher",
  },
  {
    name: "a time without unit",
    input: { Name: "a", Shutdown: { WaitTime: "5" } },
    field: "WaitTime",
  },
];

for (const { name, input, field } of refused) {
  Deno.test(`serviceConfig.parse() refuses ${name}`, () => {
    assertThrows(() => serviceConfig.parse(input), Error, field);
  });
}

Deno.test("isProtected() holds in production only", () => {
  assertEquals(SERVICE_MODES.filter(isProtected), ["pro"]);
});

const times: { config: Parameters<typeof shutdownTimes>[0]; forcedAt: number; secondAt: number }[] =
  [
    { config: { WrapUpTime: 2000, WaitTime: 30_000 }, secondAt: 2000, forcedAt: 30_000 },
    { config: {}, secondAt: 1000, forcedAt: 5500 },
    { config: undefined, secondAt: 1000, forcedAt: 5500 },
    { config: { WrapUpTime: 0, WaitTime: -1 }, secondAt: 1000, forcedAt: 5500 },
  ];

for (const { config, forcedAt, secondAt } of times) {
  Deno.test(`shutdownTimes() of ${JSON.stringify(config)}`, async () => {
    const clock = new FakeClock();
    const seen: [string, number][] = [];
    const shutdown = new Shutdown({
      ...shutdownTimes(config),
      clock,
      logger: new MemoryLog(),
      exit: () => void seen.push(["exit", clock.now()]),
    });
    shutdown.onShutdown(() => {
      seen.push(["second phase", clock.now()]);
      return new Promise(() => {});
    });
    const running = shutdown.run();
    await clock.advance(60_000);
    await running;
    assertEquals(seen, [["second phase", secondAt], ["exit", forcedAt]]);
  });
}
