import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DebugRegistry } from "../admin/debug_registry.ts";
import { MetricRegistry } from "../metric/registry.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { activeTracer, withSpan } from "../trace/active_tracer.ts";
import { noopTracer } from "../trace/noop_tracer.ts";
import { serviceConfig } from "./config.ts";
import { SERVICE_MODES } from "./mode.ts";
import { ServiceRuntime, type ServiceRuntimeOptions, setUpService } from "./service_runtime.ts";

function config(sections: object = {}) {
  return serviceConfig.parse({ Name: "orders", ...sections });
}

function options(more: Omit<ServiceRuntimeOptions, "log"> & { log?: MemoryLog } = {}) {
  const { log = new MemoryLog(), ...rest } = more;
  return { metrics: new MetricRegistry(), debug: new DebugRegistry(), ...rest, log };
}

function receive(handler: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return {
    address: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("setUpService() of a config without sections traces ids and nothing else", async () => {
  const given = options();
  {
    await using runtime = await setUpService(config(), given);
    assertEquals([runtime.devServer, runtime.statWriter], [undefined, undefined]);
    assertEquals(runtime.telemetry?.exporting, false);
    withSpan("work", (span) => assertMatch(span.spanContext()?.traceId ?? "", /^[0-9a-f]{32}$/));
  }
  assertEquals(given.log.records, []);
  assertEquals([given.log.closed, activeTracer()], [false, noopTracer]);
});

for (const mode of SERVICE_MODES) {
  const active = mode === "pro";
  Deno.test(`ServiceRuntime ${active ? "protects" : "does not protect"} in mode ${mode}`, () => {
    const given = options();
    const runtime = new ServiceRuntime(config({ Mode: mode }), given);
    assertEquals([runtime.isProtected, runtime.alerts !== undefined], [active, active]);
    runtime.alerts?.report("breaker open");
    assertEquals(given.log.contents("alert").length, active ? 1 : 0);
  });
}

Deno.test("ServiceRuntime refuses a log config that does not work, and nothing else", () => {
  const log = { Mode: "file", Path: "" };
  assertThrows(() => new ServiceRuntime(config({ Log: log })), TypeError, "log path must be set");
});

Deno.test("ServiceRuntime closes its own logger last, and not one that was given", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const runtime = await setUpService(config({ Log: { Mode: "file", Path: folder } }));
    runtime.log.info("one line");
    await runtime[Symbol.asyncDispose]();
    await runtime[Symbol.asyncDispose]();
    const text = await Deno.readTextFile(`${folder}/access.log`);
    assertEquals(JSON.parse(text).content, "one line");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ServiceRuntime can be disposed before it starts", async () => {
  const runtime = new ServiceRuntime(config({ DevServer: { Port: 0 } }), options());
  await runtime[Symbol.asyncDispose]();
});

Deno.test("setUpService() serves the dev server, with the figures of the process", async () => {
  const given = options();
  using _part = given.debug.register("queues", "mail", () => 3);
  const sections = {
    DevServer: { Port: 0 },
    Telemetry: { OtlpHeaders: { key: "hunter2" } },
  };
  await using runtime = await setUpService(config(sections), given);
  const get = (path: string) => fetch(`http://127.0.0.1:${runtime.devServer?.address.port}${path}`);
  using probe = runtime.health.register("db");
  const waiting = await get("/readyz");
  assertEquals([waiting.status, await waiting.text()], [
    503,
    "Service Unavailable\ndb is not ready\n\n",
  ]);
  probe.markReady();
  assertEquals(await (await get("/readyz")).text(), "OK");
  assertMatch(await (await get("/metrics")).text(), /^process_resident_memory_bytes \d+$/m);
  assertEquals(await (await get("/debug/queues")).json(), { mail: 3 });
  const shown = await (await get("/debug/config")).text();
  assert(shown.includes('"Mode": "pro"') && !shown.includes("hunter2"), shown);
});

Deno.test("setUpService() shares the dev server between services, and ends it with the last", async () => {
  const first = await setUpService(config({ DevServer: { Port: 0 } }), options());
  const log = new MemoryLog();
  const second = await setUpService(
    serviceConfig.parse({ Name: "stock", DevServer: { Port: 0, HealthResponse: "x" } }),
    options({ log }),
  );
  const { port } = first.devServer!.address;
  assertEquals(second.devServer, first.devServer);
  assertEquals(log.contents("error"), [
    `Cannot start a second dev server: the process keeps the one at 127.0.0.1:${port}`,
  ]);
  const services = async () =>
    Object.keys(await (await fetch(`http://127.0.0.1:${port}/debug/config`)).json());
  assertEquals(await services(), ["orders", "stock"]);
  await first[Symbol.asyncDispose]();
  assertEquals(await services(), ["stock"]);
  await second[Symbol.asyncDispose]();
  Deno.listen({ hostname: "127.0.0.1", port }).close(); // It is free.
});

Deno.test("setUpService() logs a port in use, and the service is there all the same", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const given = options();
  const sections = {
    DevServer: { Port: port },
    Prometheus: { Host: "127.0.0.1", Port: port },
  };
  await using runtime = await setUpService(config(sections), given);
  assertEquals(runtime.devServer, undefined);
  const why = `Cannot listen at 127.0.0.1:${port}: the port is in use; ` +
    "stop the other process or choose another port";
  assertEquals(given.log.contents("error"), [why, why]);
});

Deno.test("setUpService() serves metrics where the Prometheus section says", async () => {
  const given = options();
  await using _runtime = await setUpService(
    config({ Prometheus: { Host: "127.0.0.1", Port: 0, Path: "/m" } }),
    given,
  );
  const [line] = given.log.contents("info");
  const url = String(line).replace("Serving metrics at ", "http://");
  assertMatch(await (await fetch(url)).text(), /^process_start_time_seconds \d/m);
});

Deno.test("setUpService() leaves a disabled dev server alone", async () => {
  await using runtime = await setUpService(
    config({ DevServer: { Enabled: false, Port: 1 } }),
    options(),
  );
  assertEquals(runtime.devServer, undefined);
});

Deno.test("ServiceRuntime sends the spans that wait when it is disposed, under the service's name", async () => {
  const bodies: string[] = [];
  await using collector = receive(async (request) => {
    bodies.push(await request.text());
    return Response.json({});
  });
  const given = options();
  const runtime = await setUpService(
    config({ Telemetry: { Endpoint: collector.address, Batcher: "otlphttp" } }),
    given,
  );
  withSpan("at the end", () => {});
  assertEquals(bodies, []);
  await runtime[Symbol.asyncDispose]();
  assertEquals(bodies.length, 1);
  assertMatch(bodies[0] ?? "", /"service\.name","value":\{"stringValue":"orders"\}/);
  assertMatch(bodies[0] ?? "", /"name":"at the end"/);
  assertEquals(given.log.records, []);
});

Deno.test("ServiceRuntime gives a receiver that hangs half of the time the process has to stop", async () => {
  const hanging = Promise.withResolvers<Response>();
  await using collector = receive(() => hanging.promise);
  const given = options();
  const runtime = await setUpService(
    config({
      Telemetry: { Endpoint: collector.address, Batcher: "otlphttp" },
      Shutdown: { WrapUpTime: "100ms", WaitTime: "500ms" },
    }),
    given,
  );
  withSpan("lost", () => {});
  const began = performance.now();
  await runtime[Symbol.asyncDispose]();
  const tookMs = performance.now() - began;
  hanging.resolve(new Response());
  assert(tookMs >= 190 && tookMs < 2000, `it took ${tookMs} ms`);
  assertEquals(given.log.contents("error"), ["[otel] error: Cannot export spans in time"]);
});

Deno.test("ServiceRuntime.requestStats() posts reports to MetricsUrl", async () => {
  const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
  await using receiver = receive(async (request) => {
    resolve(await request.json());
    return new Response();
  });
  const given = options();
  const runtime = new ServiceRuntime(config({ MetricsUrl: `http://${receiver.address}` }), given);
  const stats = runtime.requestStats();
  stats.add(5);
  stats[Symbol.dispose]();
  const { name, med } = await promise;
  assertEquals([name, med], ["orders", 5]);
  assertMatch(String(given.log.contents("stat")[0]), /^\(orders\) - qps: 0\.0\/s/);
});

Deno.test("ServiceRuntime logs a MetricsUrl that is none, without what may be a password in it", () => {
  const given = options();
  const runtime = new ServiceRuntime(config({ MetricsUrl: "ftp://u:pw@h" }), given);
  assertEquals(runtime.statWriter, undefined);
  assertEquals(given.log.contents("error"), [
    "Cannot submit stat reports: MetricsUrl is no http or https address",
  ]);
});

Deno.test("setUpService() says that nothing pushes profiles, and starts what does", async () => {
  const Profiling = { ServerAddr: "http://p", CheckInterval: "10ms", CpuThreshold: 0 };
  const given = options();
  {
    await using _runtime = await setUpService(config({ Profiling }), given);
  }
  assertMatch(String(given.log.contents("error")[0]), /pass one as the option `profiler`/);
  const clock = new FakeClock();
  const started: string[] = [];
  let stopped = 0;
  const profiler = {
    start: ({ Name = "" }: { Name?: string }) => {
      started.push(Name);
      return { [Symbol.asyncDispose]: () => Promise.resolve(void stopped++) };
    },
  };
  const runtime = await setUpService(config({ Profiling }), options({ profiler, clock }));
  await clock.advance(10);
  assertEquals(started, ["orders"]);
  await runtime[Symbol.asyncDispose]();
  assertEquals(stopped, 1);
});

Deno.test("ServiceRuntime takes the times of its shutdown from the config", async () => {
  const runtime = new ServiceRuntime(config({ Shutdown: { WrapUpTime: "1ms" } }), options());
  const seen: string[] = [];
  runtime.shutdown.onShutdown(() => void seen.push("closed"));
  const began = performance.now();
  await runtime.shutdown.run();
  assertEquals(seen, ["closed"]);
  assert(performance.now() - began < 900, "it waited for the default of a second");
});

Deno.test("setUpService() with CaptureConsole makes the console's lines the log's, until it is disposed", async () => {
  const first = options();
  const second = options();
  const captured = config({ CaptureConsole: true });
  const before = console.info;
  {
    await using _one = await setUpService(captured, first);
    console.info("shown %d", 1);
    // The first config counts.
    await using _two = await setUpService(captured, second);
    console.error("shown", 2);
  }
  assert(console.info === before);
  assertEquals(first.log.contents(), ["shown 1", "shown 2"]);
  assertEquals(second.log.contents(), []);
});

Deno.test("setUpService() without CaptureConsole leaves the console as it is", async () => {
  const before = console.info;
  await using _runtime = await setUpService(config(), options());
  assert(console.info === before);
});

const signalled: readonly [sections: object, listens: boolean][] = [
  [{}, false],
  [{ ProfileSignals: true }, true],
  [{ DevServer: { Port: 0 } }, true],
  [{ DevServer: { Port: 0, EnablePprof: false } }, false],
  [{ DevServer: { Port: 0 }, ProfileSignals: false }, false],
  [{ DevServer: { Port: 0, EnablePprof: false }, ProfileSignals: true }, true],
];

for (const [sections, listens] of signalled) {
  Deno.test({
    name: `setUpService() ${listens ? "listens" : "does not listen"} for SIGUSR1 and SIGUSR2 with ${
      JSON.stringify(sections)
    }`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const added: Deno.Signal[] = [];
      const removed: Deno.Signal[] = [];
      using _add = stub("addSignalListener", added);
      using _remove = stub("removeSignalListener", removed);
      {
        await using _runtime = await setUpService(config(sections), options());
        assertEquals(added.sort(), listens ? ["SIGUSR1", "SIGUSR2"] : []);
        assertEquals(removed, []);
      }
      assertEquals(removed.sort(), listens ? ["SIGUSR1", "SIGUSR2"] : []);
    },
  });
}

/** Notes the signals that a function of `Deno` is called with, until disposed. */
function stub(
  name: "addSignalListener" | "removeSignalListener",
  signals: Deno.Signal[],
): Disposable {
  const original = Deno[name];
  Deno[name] = (signal, handler) => {
    signals.push(signal);
    original(signal, handler);
  };
  return { [Symbol.dispose]: () => Deno[name] = original };
}
