import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { noopLogger } from "../../log/logger.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { eventually } from "../../testing/eventually.ts";
import { MemoryLog } from "../../testing/memory_log.ts";
import { connectKubernetes, type KubernetesApi } from "./api.ts";
import { inClusterApi } from "./in_cluster.ts";
import { KubernetesRegistry } from "./registry.ts";
import { parseServiceName } from "./service_name.ts";

interface FakeEndpoint {
  addresses: string[];
  conditions?: { ready?: boolean | null; serving?: boolean; terminating?: boolean };
}

interface FakeSlice {
  metadata: { name: string; resourceVersion: string; labels: Record<string, string> };
  endpoints: FakeEndpoint[] | null;
  ports: { name?: string; port?: number; protocol?: string }[] | null;
}

/** As much of the API server of Kubernetes as lists and watches EndpointSlices of one service. */
class FakeApiServer implements AsyncDisposable {
  readonly slices = new Map<string, FakeSlice>();
  readonly requests: string[] = [];
  /** What is answered in the place of the next lists. */
  refusals: Response[] = [];
  /** Versions before this one are gone. */
  oldest = 0;
  /** Whether that is said by the status of the answer. */
  isGoneByStatus = false;
  #version = 10;
  readonly #watches = new Set<(line: unknown) => void>();
  readonly #ends = new Set<() => void>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  get watches(): number {
    return this.#watches.size;
  }

  put(name: string, endpoints: FakeEndpoint[] | null, ports: FakeSlice["ports"] = [{ port: 80 }]) {
    const type = this.slices.has(name) ? "MODIFIED" : "ADDED";
    const resourceVersion = String(++this.#version);
    const metadata = { name, resourceVersion, labels: {} };
    const slice = { metadata, endpoints, ports };
    this.slices.set(name, slice);
    this.send({ type, object: slice });
  }

  delete(name: string) {
    const object = this.slices.get(name);
    this.slices.delete(name);
    this.#version++;
    this.send({ type: "DELETED", object });
  }

  /** As it is for a watch that has fallen behind. */
  deleteUnseen(name: string) {
    this.slices.delete(name);
    this.#version++;
  }

  send(line: unknown) {
    for (const watch of this.#watches) watch(line);
  }

  /** Ends all watches, as the server does now and then. */
  endWatches() {
    for (const end of [...this.#ends]) end();
  }

  async [Symbol.asyncDispose]() {
    this.endWatches();
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    const url = new URL(request.url);
    this.requests.push(`${request.headers.get("authorization")} ${url.pathname}${url.search}`);
    if (!url.searchParams.has("watch")) {
      return this.refusals.shift() ?? Response.json({
        kind: "EndpointSliceList",
        metadata: { resourceVersion: String(this.#version) },
        items: [...this.slices.values()],
      });
    }
    const from = Number(url.searchParams.get("resourceVersion"));
    if (from < this.oldest) {
      if (this.isGoneByStatus) return new Response("too old", { status: 410 });
      return lines([{ type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } }]);
    }
    return this.#watch();
  }

  #watch(): Response {
    const encoder = new TextEncoder();
    let forget = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const watch = (line: unknown) => {
          // In two pieces: lines do not come as they were written.
          const bytes = encoder.encode(JSON.stringify(line) + "\n");
          controller.enqueue(bytes.slice(0, 20));
          controller.enqueue(bytes.slice(20));
        };
        const end = () => {
          forget();
          controller.close();
        };
        forget = () => {
          this.#watches.delete(watch);
          this.#ends.delete(end);
        };
        this.#watches.add(watch);
        this.#ends.add(end);
        watch({ type: "BOOKMARK", object: { metadata: { resourceVersion: "1" } } });
      },
      cancel: () => forget(),
    });
    return new Response(body);
  }
}

function lines(values: unknown[]): Response {
  return new Response(values.map((value) => JSON.stringify(value) + "\n").join(""));
}

const up = (...addresses: string[]): FakeEndpoint => ({ addresses, conditions: { ready: true } });

async function setUp() {
  const server = new FakeApiServer();
  const log = new MemoryLog();
  let tokens = 0;
  const registry = new KubernetesRegistry({
    api: () =>
      Promise.resolve(
        connectKubernetes({ url: server.url, token: () => Promise.resolve(`token ${++tokens}\n`) }),
      ),
    retryMs: 20,
    maxRetryMs: 20,
    lossGraceMs: 0,
    logger: log,
  });
  const stack = new AsyncDisposableStack();
  stack.use(server);
  stack.use(registry);
  return await Promise.resolve({ server, registry, log, stack });
}

Deno.test("KubernetesRegistry asks for the slices of a service, with the token of the pod", async () => {
  const { server, registry, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [up("10.0.0.1")]);
  assertEquals(await registry.subscribe("shop/greet:8080").resolve(), ["10.0.0.1:8080"]);
  await eventually("the watch", () => server.watches === 1);
  const path = "Bearer token 2 /apis/discovery.k8s.io/v1/namespaces/shop/endpointslices" +
    "?labelSelector=kubernetes.io%2Fservice-name%3Dgreet";
  // The token is asked for anew each time, for it changes.
  assertEquals(server.requests, [
    path.replace("token 2", "token 1"),
    `${path}&watch=true&allowWatchBookmarks=true&timeoutSeconds=60&resourceVersion=11`,
  ]);
});

Deno.test("KubernetesRegistry counts pods that are ready and not terminating alone", async () => {
  const { server, registry, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [
    up("10.0.0.1", "10.0.0.2"),
    { addresses: ["10.0.0.3"] },
    { addresses: ["10.0.0.4"], conditions: { ready: null } },
    { addresses: ["10.0.0.5"], conditions: { ready: false } },
    { addresses: ["10.0.0.6"], conditions: { ready: true, terminating: true } },
    { addresses: ["10.0.0.7"], conditions: { ready: false, serving: true, terminating: true } },
  ]);
  server.put("greet-2", null);
  const ports = [{ name: "none" }, { port: 53, protocol: "UDP" }, { port: 90, protocol: "TCP" }];
  server.put("greet-3", [up("fd00::1")], ports);
  server.put("greet-4", [up("10.0.0.8")], null);
  const subscription = registry.subscribe("greet");
  assertEquals((await subscription.resolve()).toSorted(), [
    "10.0.0.1:80",
    "10.0.0.2:80",
    "10.0.0.3:80",
    "10.0.0.4:80",
    "[fd00::1]:90",
  ]);
  await eventually("the watch", () => server.watches === 1);
  server.put("greet-1", [{
    addresses: ["10.0.0.1"],
    conditions: { ready: true, terminating: true },
  }]);
  await eventually("the pods to go", () => subscription.values.length === 1);
});

Deno.test("KubernetesRegistry finds the port of pods by its name", async () => {
  const { server, registry, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [up("10.0.0.1")], [{ name: "http", port: 80 }, { name: "grpc", port: 90 }]);
  server.put("greet-2", [up("10.0.0.2", "fd00::2")], [{ name: "grpc", port: 91 }]);
  server.put("greet-3", [up("10.0.0.3")], [{ name: "http", port: 80 }]);
  const subscription = registry.subscribe("greet:grpc");
  assertEquals(await subscription.resolve(), ["10.0.0.1:90", "10.0.0.2:91", "[fd00::2]:91"]);
  await eventually("the watch", () => server.watches === 1);
  server.put("greet-2", [up("10.0.0.2")], [{ name: "grpc", port: 92 }]);
  await eventually("the new port", () => subscription.values.length === 2);
  assertEquals(subscription.values, ["10.0.0.1:90", "10.0.0.2:92"]);
});

Deno.test("KubernetesRegistry keeps the pods of the other slices when one changes", async () => {
  const { server, registry, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [up("10.0.0.1")]);
  server.put("greet-2", [up("10.0.0.2")]);
  const subscription = registry.subscribe("greet:80");
  await subscription.resolve();
  await eventually("the watch", () => server.watches === 1);
  server.put("greet-2", [up("10.0.0.3")]);
  await eventually("the change", () => subscription.values.includes("10.0.0.3:80"));
  assertEquals(subscription.values, ["10.0.0.1:80", "10.0.0.3:80"]);
  server.put("greet-3", [up("10.0.0.1")]);
  server.delete("greet-1");
  server.delete("greet-2");
  await eventually("the slices to go", () => !subscription.values.includes("10.0.0.3:80"));
  assertEquals(subscription.values, ["10.0.0.1:80"]);
});

Deno.test("KubernetesRegistry lists anew when the version is gone, without an error", async () => {
  const { server, registry, log, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [up("10.0.0.1")]);
  server.put("greet-2", [up("10.0.0.9")]);
  const subscription = registry.subscribe("greet:80");
  await subscription.resolve();
  await eventually("the watch", () => server.watches === 1);
  const lists = () => server.requests.filter((path) => !path.includes("watch=true")).length;
  // In each of the ways in which it is said. What was deleted meanwhile is missed by none.
  server.deleteUnseen("greet-2");
  server.send({ type: "ERROR", object: { kind: "Status", code: 410 } });
  await eventually("the deletion", () => subscription.values.length === 1);
  for (const isStatus of [false, true]) {
    const before = lists();
    server.isGoneByStatus = isStatus;
    server.oldest = 1e9;
    server.endWatches();
    await eventually("a list", () => lists() > before);
    server.oldest = 0;
    await eventually("the watch", () => server.watches === 1);
  }
  server.put("greet-1", [up("10.0.0.2")]);
  await eventually("the change", () => subscription.values[0] === "10.0.0.2:80");
  assertEquals(log.contents("error"), []);
});

/** An API server of which the test plays each watch, on virtual time. */
function scripted() {
  const clock = new FakeClock();
  const log = new MemoryLog();
  const requests: string[] = [];
  const watches: ReadableStreamDefaultController<Uint8Array>[] = [];
  const version = () => ({ metadata: { resourceVersion: "10" }, items: [] });
  const api: KubernetesApi = {
    name: "script",
    get(path, signal) {
      requests.push(path.replace(/.*resourceVersion=/, "watch ").replace(/^\/.*/, "list"));
      if (!path.includes("watch=true")) return Promise.resolve(Response.json(version()));
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          watches.push(controller);
          signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
        },
      });
      return Promise.resolve(new Response(body));
    },
    [Symbol.dispose]() {},
  };
  const registry = new KubernetesRegistry({
    api: () => Promise.resolve(api),
    clock,
    logger: log,
    random: () => 1,
  });
  const send = (line: unknown) =>
    watches.at(-1)!.enqueue(new TextEncoder().encode(JSON.stringify(line) + "\n"));
  const end = () => watches.at(-1)!.close();
  return { clock, log, requests, registry, send, end };
}

const slice = (resourceVersion: string) => ({
  metadata: { name: "greet-1", resourceVersion },
  endpoints: [{ addresses: ["10.0.0.1"] }],
});

Deno.test("KubernetesRegistry goes on from the last version that it has heard of when a watch ends", async () => {
  const { clock, log, requests, registry, send, end } = scripted();
  const subscription = registry.subscribe("greet:80");
  await clock.advance(1);
  send({ type: "ADDED", object: slice("11") });
  await clock.advance(60_000);
  end();
  await clock.advance(1);
  send({ type: "BOOKMARK", object: { metadata: { resourceVersion: "25" } } });
  await clock.advance(60_000);
  end();
  await clock.advance(1);
  assertEquals(requests, ["list", "watch 10", "watch 11", "watch 25"]);
  assertEquals([subscription.values, log.contents("error")], [["10.0.0.1:80"], []]);
  await clock.advance(30_000);
  send({ type: "ERROR", object: { code: 410 } });
  await clock.advance(1);
  assertEquals(requests.splice(4), ["list", "watch 10"]);
  // One that ends at once is no watch: all is listed anew, and not in a loop.
  end();
  await clock.advance(98);
  assertEquals(requests.length, 4);
  await clock.advance(2);
  assertEquals(requests.slice(4), ["list", "watch 10"]);
  await registry[Symbol.asyncDispose]();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("KubernetesRegistry gives up a watch that has died in silence, and keeps what it knows", async () => {
  const { clock, log, requests, registry, send } = scripted();
  const subscription = registry.subscribe("greet:80");
  await clock.advance(1);
  send({ type: "ADDED", object: slice("11") });
  await clock.advance(69_000);
  assertEquals([subscription.state, requests.length], ["live", 2]);
  await clock.advance(1_000);
  assertEquals([subscription.state, subscription.values], ["stale", ["10.0.0.1:80"]]);
  await clock.advance(1_000);
  assertEquals(requests.slice(2), ["list", "watch 10"]);
  assertEquals(log.contents("error").length, 1);
  await registry[Symbol.asyncDispose]();
});

Deno.test("KubernetesRegistry keeps its list while the API server refuses", async () => {
  const { server, registry, log, stack } = await setUp();
  await using _stack = stack;
  server.put("greet-1", [up("10.0.0.1")]);
  const subscription = registry.subscribe("greet:80");
  await subscription.resolve();
  await eventually("the watch", () => server.watches === 1);
  server.refusals = [1, 2].map(() => new Response("no", { status: 403 }));
  server.send({ type: "ERROR", object: { code: 500, message: "broken" } });
  await eventually("the refusals", () => server.refusals.length === 0);
  assertEquals(subscription.values, ["10.0.0.1:80"]);
  await eventually("the list", () => subscription.state === "live");
  assertEquals(log.contents("error").length, 1);
});

Deno.test("KubernetesRegistry says what a service account lacks", async () => {
  const { server, registry, stack } = await setUp();
  await using _stack = stack;
  server.refusals = [new Response("forbidden", { status: 403 })];
  await assertRejects(
    () => registry.subscribe("greet").resolve(),
    Error,
    "status 403 forbidden; the service account needs list and watch of endpointslices",
  );
});

Deno.test("inClusterApi() reads what a pod has, the token anew each time", async () => {
  const folder = await Deno.makeTempDir();
  const ca = await Deno.readTextFile(new URL("../etcd/testdata/ca.pem", import.meta.url));
  await Deno.writeTextFile(`${folder}/ca.crt`, ca);
  Deno.env.delete("KUBERNETES_SERVICE_HOST");
  await assertRejects(() => inClusterApi({ folder }), TypeError, "this is no pod");
  Deno.env.set("KUBERNETES_SERVICE_HOST", "fd00::1");
  Deno.env.set("KUBERNETES_SERVICE_PORT", "6443");
  using api = await inClusterApi({ folder });
  assertEquals(api.name, "kubernetes https://[fd00::1]:6443");
  await assertRejects(
    () => api.get("/", AbortSignal.timeout(1_000)),
    Deno.errors.NotFound,
    "token",
  );
  await Deno.remove(folder, { recursive: true });
  Deno.env.delete("KUBERNETES_SERVICE_HOST");
});

Deno.test("inClusterApi() takes the token and the authority that are there by now", async () => {
  const folder = await Deno.makeTempDir();
  const testdata = new URL("../etcd/testdata/", import.meta.url);
  const read = (name: string) => Deno.readTextFileSync(new URL(name, testdata));
  const tokens: unknown[] = [];
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: read("server.pem"),
    key: read("server.key.pem"),
    onListen() {},
  }, (request) => {
    tokens.push(request.headers.get("authorization"));
    return new Response("ok");
  });
  Deno.env.set("KUBERNETES_SERVICE_HOST", "127.0.0.1");
  Deno.env.set("KUBERNETES_SERVICE_PORT", String(server.addr.port));
  await Deno.writeTextFile(`${folder}/ca.crt`, read("client.pem")); // One that has run out.
  await Deno.writeTextFile(`${folder}/token`, "one\n");
  {
    using api = await inClusterApi({ folder });
    const get = async () => await (await api.get("/", AbortSignal.timeout(2_000))).text();
    await assertRejects(get, TypeError);
    await Deno.writeTextFile(`${folder}/ca.crt`, read("ca.pem"));
    await assertRejects(get, TypeError); // Only now is there a reason to look.
    assertEquals(await get(), "ok");
    await Deno.writeTextFile(`${folder}/token`, "two\n");
    assertEquals(await get(), "ok");
  }
  assertEquals(tokens, ["Bearer one", "Bearer two"]);
  await Deno.remove(folder, { recursive: true });
  Deno.env.delete("KUBERNETES_SERVICE_HOST");
  Deno.env.delete("KUBERNETES_SERVICE_PORT");
});

Deno.test("KubernetesRegistry tries to find its cluster again", async () => {
  let asked = 0;
  await using registry = new KubernetesRegistry({
    api: () => Promise.reject(new Error(`no pod ${++asked}`)),
    retryMs: 5,
    maxRetryMs: 5,
    logger: noopLogger,
  });
  const subscription = registry.subscribe("greet");
  await assertRejects(() => subscription.resolve(), Error, "no pod 1");
  await eventually("another try", () => asked > 2);
});

for (
  const [name, parsed] of [
    ["shop/greet:8080", { namespace: "shop", service: "greet", port: 8080 }],
    ["greet", { namespace: "default", service: "greet", port: 0 }],
    ["greet:grpc-1", { namespace: "default", service: "greet", port: "grpc-1" }],
  ] as const
) {
  Deno.test(`parseServiceName() reads ${name}`, () => assertEquals(parseServiceName(name), parsed));
}
for (
  const name of ["", "a/b/c", "greet:", "greet:8-0", "greet:65536", "greet:a_b", "../greet", "a b"]
) {
  Deno.test(`parseServiceName() refuses "${name}"`, () => {
    assertThrows(() => parseServiceName(name), SyntaxError, "need namespace/service:port");
  });
}
