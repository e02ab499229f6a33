import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ServiceError } from "../errors.ts";
import { MetricRegistry } from "../metric/registry.ts";
import { devServerConfig } from "../service/sections.ts";
import { MemoryLog } from "../testing/memory_log.ts";
import { DebugRegistry } from "./debug_registry.ts";
import { DevServer } from "./dev_server.ts";
import { isLoopback } from "./listener.ts";
import { metricsAgent } from "./metrics_agent.ts";

function start(config: object, logger = new MemoryLog()) {
  const metrics = new MetricRegistry();
  metrics.gauge({ name: "up" }).set(1);
  const options = { metrics, debug: new DebugRegistry(), logger };
  const server = new DevServer(devServerConfig.parse({ Port: 0, ...config }), options);
  const origin = `http://127.0.0.1:${server.address.port}`;
  return { server, logger, get: (path: string) => fetch(`${origin}${path}`) };
}

for (const config of [{}, { Host: "" }]) {
  Deno.test(`DevServer of ${JSON.stringify(config)} listens on this machine only, and says where`, async () => {
    const { server, logger, get } = start(config);
    await using _server = server;
    const { hostname, port } = server.address;
    assertEquals(hostname, "127.0.0.1");
    assertEquals(logger.contents(), [`Starting dev http server at 127.0.0.1:${port}`]);
    assertEquals(await (await get("/livez")).text(), "OK");
    assertEquals(await (await get("/metrics")).text(), "# TYPE up gauge\nup 1\n");
  });
}

Deno.test("DevServer answers only for this machine while it listens on it", async () => {
  const { server } = start({});
  await using _server = server;
  const answer = await rawGet(server.address.port, "evil.example");
  assertMatch(answer, /^HTTP\/1\.1 421 /);
  assertMatch(await rawGet(server.address.port, "localhost"), /^HTTP\/1\.1 200 /);
});

/** `fetch` sets the host itself. */
async function rawGet(port: number, host: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = `GET /livez HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  return await new Response(connection.readable).text();
}

Deno.test("DevServer warns when others can reach it", async () => {
  const { server, logger, get } = start({ Host: "0.0.0.0" });
  await using _server = server;
  assertMatch(String(logger.contents("error")[0]), /has no access control.*set DevServer\.Host/);
  assertEquals(await (await get("/livez")).text(), "OK");
});

Deno.test("DevServer heeds its config", async () => {
  const { server, get } = start({
    MetricsPath: "/figures",
    HealthPath: "/health",
    EnablePprof: false,
    HealthResponse: "fine",
  });
  await using _server = server;
  const paths = ["/figures", "/health", "/metrics", "/debug/heap"];
  const statuses = await Promise.all(paths.map(async (path) => {
    const response = await get(path);
    await response.body?.cancel();
    return response.status;
  }));
  assertEquals(statuses, [200, 503, 404, 404]);
});

Deno.test("DevServer leaves metrics out when told to", async () => {
  const { server, get } = start({ EnableMetrics: false });
  await using _server = server;
  const response = await get("/metrics");
  await response.body?.cancel();
  assertEquals(response.status, 404);
});

Deno.test("DevServer says what to do about a port in use", async () => {
  await using first = start({}).server;
  const error = assertThrows(
    () => start({ Port: first.address.port }),
    ServiceError,
    "choose another port",
  );
  assertEquals(error.code, "unavailable");
});

Deno.test("DevServer closes at once, though a download stalls", async () => {
  const { server } = start({});
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.address.port });
  const head = "GET /debug/heap HTTP/1.1\r\nhost: localhost\r\n\r\n";
  await connection.write(new TextEncoder().encode(head));
  await connection.read(new Uint8Array(64)); // It answers; the rest is not read.
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

Deno.test("DevServer gives a heap snapshot that says what it is", async () => {
  const { server, get } = start({});
  await using _server = server;
  const response = await get("/debug/heap");
  assertMatch(
    response.headers.get("content-disposition") ?? "",
    /^attachment; filename="process-.*\.heapsnapshot"$/,
  );
  const { snapshot } = await response.json();
  assert(snapshot.node_count > 1000);
});

Deno.test("DevServer takes a CPU profile, one at a time", async () => {
  const { server, get } = start({});
  await using _server = server;
  const [first, second] = await Promise.all([
    get("/debug/profile?seconds=0.2"),
    get("/debug/profile?seconds=0.2"),
  ]);
  assertEquals([first.status, second.status].sort(), [200, 409]);
  const [taken, refused] = first.status === 200 ? [first, second] : [second, first];
  const { nodes, startTime, endTime } = await taken.json();
  assert(nodes.length > 1 && endTime - startTime >= 150_000);
  assertEquals(
    (await refused.json()).error,
    "Cannot take a CPU profile: another one is being taken",
  );
});

Deno.test("DevServer ends a profile when it stops", async () => {
  const { server, get } = start({});
  const profile = get("/debug/profile?seconds=100").then(
    (response) => response.body?.cancel(),
    () => "cut off",
  );
  await get("/livez").then((response) => response.text());
  await server[Symbol.asyncDispose]();
  await profile;
  // The profiler is free again.
  const next = start({});
  await using _server = next.server;
  const response = await next.get("/debug/profile?seconds=0.01");
  await response.body?.cancel();
  assertEquals(response.status, 200);
});

Deno.test("DevServer says which permission a CPU profile needs", async () => {
  const program = `
    import { AdminHandler } from "./core/admin/mod.ts";
    using admin = new AdminHandler();
    const response = await admin.fetch(new Request("http://localhost/debug/profile?seconds=1"));
    console.log(response.status, (await response.json()).error);
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-"],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { stdout } = await child.output();
  assertMatch(
    new TextDecoder().decode(stdout),
    /^501 Cannot take a CPU profile: .*--allow-sys=inspector/,
  );
});

const hosts: [string, boolean][] = [
  ["localhost", true],
  ["LOCALHOST", true],
  ["a.localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["::", false],
  ["10.0.0.1", false],
  ["", false],
];

for (const [host, local] of hosts) {
  Deno.test(`isLoopback() of ${JSON.stringify(host)} is ${local}`, () => {
    assertEquals(isLoopback(host), local);
  });
}

Deno.test("metricsAgent() serves the metrics and nothing else", async () => {
  const metrics = new MetricRegistry();
  metrics.gauge({ name: "up" }).set(1);
  await using agent = metricsAgent({ Host: "127.0.0.1", Port: 0, Path: "/m" }, metrics)!;
  const origin = `http://127.0.0.1:${agent.address.port}`;
  assertEquals(await (await fetch(`${origin}/m`)).text(), "# TYPE up gauge\nup 1\n");
  const other = await fetch(`${origin}/debug/state`);
  await other.body?.cancel();
  assertEquals(other.status, 404);
});

Deno.test("metricsAgent() of a section without a host is none", () => {
  assertEquals(metricsAgent({ Port: 9101, Path: "/metrics" }, new MetricRegistry()), undefined);
});
