import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { loadConfig } from "../../core/conf/load.ts";
import { ValidationError } from "../../core/schema/errors.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { UnauthorizedError } from "../../rest/errors.ts";
import type { Middleware } from "../../rest/handler.ts";
import { RpcClient } from "../client/rpc_client.ts";
import { RpcServer } from "../server/rpc_server.ts";
import { gatewayConfig, type GatewayConfInput } from "./config.ts";
import { Gateway, type GatewayOptions } from "./gateway.ts";
import { libraryInfo, librarySet, protoSet } from "./testdata/library.ts";

const { echo, get, plain, countUp } = libraryInfo.methods;
const library = { ...libraryInfo, methods: { echo, get, plain, countUp } };

/** Starts a service, over gRPC unless told otherwise. */
async function startLibrary(reflection: boolean, ListenOn = "127.0.0.1:0"): Promise<RpcServer> {
  const log = new MemoryLog();
  const server = new RpcServer({ Name: "library", ListenOn }, { log, reflection });
  server.add(library as never, {
    echo: (message: unknown) => message,
    get: (message: unknown) => message,
    plain: (message: unknown) => message,
    async *countUp({ from, to }: { from: number; to: number }) {
      for (let value = from; value < to; value++) yield { value };
    },
  } as never);
  await server.start();
  return server;
}

function makeGateway(config: Partial<GatewayConfInput>, options: GatewayOptions = {}): Gateway {
  const log = new MemoryLog();
  return new Gateway({ Name: "gateway", Host: "127.0.0.1", Port: 0, ...config }, {
    ...options,
    server: { log },
    client: { log },
  });
}

const settle = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));

for (const source of ["reflection", "a descriptor set"]) {
  Deno.test(`Gateway.start() learns from ${source} what an upstream serves`, async () => {
    const server = await startLibrary(source === "reflection");
    const path = await Deno.makeTempFile({ suffix: ".pb" });
    await Deno.writeFile(path, librarySet);
    {
      await using gateway = makeGateway({
        Upstreams: [{
          Grpc: { Endpoints: [server.address] },
          ProtoSets: source === "reflection" ? [] : [path],
          Mappings: [{ Method: "get", Path: "/plain/:title", RpcPath: "library.v1.Library/Plain" }],
        }],
      });
      await gateway.start();
      const url = `http://127.0.0.1:${gateway.address.port}`;
      const answer = await (await fetch(`${url}/v1/shelves/1/books/2?sizes=3`)).json();
      assertEquals([answer.name, answer.sizes], ["shelves/1/books/2", [3]]);
      const mapped = await (await fetch(`${url}/plain/T?tags=a&tags=b&author.name=N`)).json();
      assertEquals([mapped.title, mapped.tags, mapped.author], ["T", ["a", "b"], {
        name: "N",
        born: "0",
      }]);
      const lines = await (await fetch(`${url}/v1/count?to=3`)).text();
      assertEquals(lines, '{"value":0}\n{"value":1}\n{"value":2}\n');
    }
    await server.stop();
    await Deno.remove(path);
    await settle();
  });
}

Deno.test("Gateway.start() finds an upstream within the process", async () => {
  const server = await startLibrary(true, "inproc:///gateway-test");
  {
    await using gateway = makeGateway({
      Upstreams: [{ Grpc: { Target: "inproc:///gateway-test" } }],
    });
    await gateway.connect();
    const answer = await gateway.fetch(new Request("http://g/v1/books/7?kind=ATLAS"));
    const { name, kind } = await answer.json();
    assertEquals([name, kind], ["7", "ATLAS"]);
    const lines = await gateway.fetch(new Request("http://g/v1/count?to=2"));
    assertEquals(await lines.text(), '{"value":0}\n{"value":1}\n');
  }
  await server.stop();
});

Deno.test("Gateway.start() says which upstream cannot tell what it serves", async () => {
  const server = await startLibrary(false);
  const gateway = makeGateway({
    Upstreams: [{ Name: "lib", Grpc: { Endpoints: [server.address] } }],
  });
  const error = await assertRejects(() => gateway.start(), Error);
  assertStringIncludes(error.message, "Cannot use upstream lib: ");
  assertStringIncludes(error.message, "start it with reflection, or set ProtoSets");
  await gateway.finished;
  await server.stop();
  await settle();
});

Deno.test({
  name: "Gateway answers 503 until an upstream that comes later has told what it serves",
  // The package leaves a timer of a failed connection to itself.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const ListenOn = `127.0.0.1:${listener.addr.port}`;
    listener.close();
    await using gateway = makeGateway({
      Upstreams: [{
        Name: "lib",
        Grpc: { Endpoints: [ListenOn] },
        Mappings: [{ Method: "get", Path: "/plain/:title", RpcPath: "library.v1.Library/Plain" }],
      }],
    });
    await gateway.start();
    const { port } = gateway.address;
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const early = await ask("/v1/books/1");
    const { code, detail } = await early.json();
    assertEquals([early.status, code], [503, "unavailable"]);
    assertStringIncludes(detail, "lib cannot be asked yet what it serves");
    assertEquals(early.headers.get("retry-after"), "1");
    const server = await startLibrary(true, ListenOn);
    let status = 503;
    for (let tries = 0; status === 503 && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const response = await ask("/v1/books/1");
      status = response.status;
      await response.body?.cancel();
    }
    assertEquals(status, 200);
    assertEquals(await (await ask("/plain/t")).json().then(({ title }) => title), "t");
    assertEquals(await ask("/nothing").then(({ status, body }) => (body?.cancel(), status)), 404);
    await server.stop();
  },
});

/** Writes the descriptor set of a service with these methods. */
async function writeShopSet(folder: string, methods: readonly string[]): Promise<string> {
  const proto = join(folder, "shop.proto");
  const text = `syntax = "proto3"; package shop; import "google/api/annotations.proto";
    message Item { string name = 1; }
    service Shop { ${methods.join("\n")} }`;
  await Deno.writeTextFile(proto, text);
  const set = join(folder, "shop.binpb");
  await Deno.writeFile(set, protoSet(toFileUrl(proto).href));
  return set;
}

const shopMethod = (name: string, path: string) =>
  `rpc ${name}(Item) returns (Item) { option (google.api.http) = { get: "${path}" }; }`;

Deno.test("Gateway.refresh() takes what was deployed since, and leaves what is wrong", async () => {
  const folder = await Deno.makeTempDir();
  const set = await writeShopSet(folder, [
    shopMethod("Get", "/v1/{name}"),
    shopMethod("Old", "/o"),
  ]);
  const caller = {
    unary: (_: unknown, message: unknown) => Promise.resolve(message),
    stream: () => [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const Mappings = [{ Method: "get", Path: "/x", RpcPath: "shop.Shop/Get" }];
  const Upstreams = [{ Grpc: { Endpoints: ["a:1"] }, ProtoSets: [set], Mappings }];
  await using gateway = makeGateway({ Upstreams }, { dial: () => caller as never });
  await gateway.connect();
  const statuses = async () => {
    const found: number[] = [];
    for (const path of ["GET /v1/a", "GET /v2/a", "GET /o", "GET /x", "POST /shop.Shop/Old"]) {
      const [method, at] = path.split(" ");
      const response = await gateway.fetch(new Request(`http://g${at}`, { method: method! }));
      await response.body?.cancel();
      found.push(response.status);
    }
    return found;
  };
  assertEquals(await statuses(), [200, 404, 200, 200, 415]);
  await writeShopSet(folder, [shopMethod("Get", "/v2/{name}")]);
  await gateway.refresh();
  assertEquals(await statuses(), [404, 200, 404, 200, 404]);
  await writeShopSet(folder, [shopMethod("Other", "/v1/{name}")]);
  await assertRejects(() => gateway.refresh(), TypeError, "has no method shop.Shop/Get");
  assertEquals(await statuses(), [404, 200, 404, 200, 404]);
  await writeShopSet(folder, [shopMethod("Get", "/v1/{name}"), shopMethod("Two", "/v1/{name}")]);
  await assertRejects(() => gateway.refresh(), TypeError, "takes the same paths");
  assertEquals(await statuses(), [404, 200, 404, 200, 404]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Gateway.start() says which mapping names no method", async () => {
  const server = await startLibrary(true);
  const gateway = makeGateway({
    Upstreams: [{
      Name: "lib",
      Grpc: { Endpoints: [server.address] },
      Mappings: [{ Method: "get", Path: "/x", RpcPath: "library.v1.Library/None" }],
    }],
  });
  await assertRejects(
    () => gateway.start(),
    TypeError,
    "Cannot use upstream lib: it has no method library.v1.Library/None",
  );
  await server.stop();
  await settle();
});

Deno.test("Gateway.start() says which descriptor set cannot be read", async () => {
  const gateway = makeGateway({
    Upstreams: [{ Grpc: { Endpoints: ["127.0.0.1:1"] }, ProtoSets: ["/nowhere/a.pb"] }],
  });
  await assertRejects(() => gateway.start(), Error, 'Cannot read ProtoSets "/nowhere/a.pb"');
  await settle();
});

for (
  const [name, upstream] of [
    ["neither", {}],
    ["both", { Grpc: { Target: "a:1" }, Http: { Target: "b:1" } }],
  ] as const
) {
  Deno.test(`new Gateway() refuses an upstream with ${name} of Grpc and Http`, () => {
    const make = () => makeGateway({ Upstreams: [upstream] });
    assertThrows(make, ValidationError, "need Grpc or Http, and not both");
  });
}

Deno.test("gatewayConfig reads a yaml file of go-zero", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(
    path,
    `Name: demo-gateway
Host: localhost
Port: 8888
Timeout: 5000
Upstreams:
  - Grpc:
      Etcd:
        Hosts:
          - 127.0.0.1:2379
        Key: hello.rpc
    ProtoSets:
      - hello.pb
    Mappings:
      - Method: get
        Path: /pingHello/:ping
        RpcPath: hello.Hello/Ping
  - Name: second
    Grpc:
      Endpoints:
        - localhost:8081
      Timeout: 500
      NonBlock: false
  - Http:
      Target: localhost:45678
      Prefix: /api
    Mappings:
      - Method: get
        Path: /ping
`,
  );
  const { Port, Timeout, Upstreams } = await loadConfig(gatewayConfig, path);
  assertEquals([Port, Timeout, Upstreams.length], [8888, 5000, 3]);
  assertEquals(Upstreams[0]!.Grpc?.Etcd?.Key, "hello.rpc");
  assertEquals(Upstreams[0]!.Mappings[0], {
    Method: "get",
    Path: "/pingHello/:ping",
    RpcPath: "hello.Hello/Ping",
  });
  assertEquals([Upstreams[1]!.Grpc?.Timeout, Upstreams[1]!.Grpc?.NonBlock], [500, false]);
  assertEquals(Upstreams[2]!.Http, { Target: "localhost:45678", Prefix: "/api", Timeout: 3000 });
  await Deno.remove(path);
});

Deno.test("Gateway answers 503 while an upstream is down, by its breaker too", {
  // grpc-js leaves its timer for the next attempt behind, even when it is closed.
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const log = new MemoryLog();
  const client = new RpcClient({ Endpoints: [`127.0.0.1:${port}`] }, { log });
  {
    await using gateway = makeGateway({ Middlewares: { Breaker: false } });
    gateway.add(library as never, client);
    await gateway.connect();
    const details = new Set<string>();
    for (let call = 0; call < 60; call++) {
      const response = await gateway.fetch(new Request("http://g/v1/echo", { method: "POST" }));
      const { code, detail } = await response.json();
      assertEquals([response.status, code], [503, "unavailable"]);
      details.add(/circuit/.test(detail) ? "circuit" : "connection");
    }
    assertEquals([...details], ["connection", "circuit"]);
  }
  await client[Symbol.asyncDispose]();
});

Deno.test("Gateway connects once, however often it is asked to", async () => {
  let dialled = 0;
  const caller = { unary: () => {}, stream: () => [], [Symbol.asyncDispose]: async () => {} };
  const dial = () => (dialled++, caller as never);
  const folder = await Deno.makeTempDir();
  const set = await writeShopSet(folder, [shopMethod("Get", "/v1/{name}")]);
  const Upstreams = [{ Grpc: { Endpoints: ["a:1"] }, ProtoSets: [set] }];
  await using gateway = makeGateway({ Upstreams }, { dial });
  await gateway.connect();
  await gateway.start();
  assertEquals(dialled, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Gateway takes other limits while it runs", async () => {
  await using gateway = makeGateway({ Timeout: 1_000 });
  assertEquals(gateway.config.Timeout, 1_000);
  gateway.reload({ Name: "gateway", Host: "127.0.0.1", Port: 0, Timeout: 700 });
  assertEquals([gateway.config.Timeout, gateway.server.config.Timeout], [700, 700]);
  assertEquals(gateway.config.Upstreams, []);
  const wrong = { Name: "gateway", Port: 0, Upstreams: [{}] };
  assertThrows(() => gateway.reload(wrong), ValidationError, "need Grpc or Http");
});

Deno.test("Gateway stands on the runtime of its server, and turns callers away by its readiness", async () => {
  await using gateway = makeGateway({});
  assertEquals(gateway.runtime, gateway.server.runtime);
  await gateway.start();
  const { health } = gateway.runtime;
  assertEquals(health.ready, true);
  gateway.markNotReady();
  assertEquals(health.ready, false);
});

Deno.test("Gateway runs its middleware around every route, inside the chain", async () => {
  const seen: string[] = [];
  await using gateway = makeGateway({}, {
    middleware: [
      (next) => (request, context) => (seen.push(`1 ${context.route}`), next(request, context)),
      (next) => (request, context) => (seen.push("2"), next(request, context)),
    ],
  });
  const echoing = {
    unary: (_: unknown, message: unknown) => Promise.resolve(message),
    stream: () => [],
  };
  gateway.add(library as never, echoing as never);
  await gateway.connect();
  for (const path of ["/v1/books/1", "/v1/all/1/2"]) {
    assertEquals((await gateway.fetch(new Request(`http://g${path}`))).status, 200);
  }
  assertEquals(seen, ["1 /v1/books/:name", "2", "1 /v1/all/*", "2"]);
});

Deno.test("Gateway refuses in the words of each protocol whom its middleware refuses", async () => {
  const guard: Middleware = () => () => {
    throw new UnauthorizedError("Cannot answer: need a token");
  };
  await using gateway = makeGateway({}, { middleware: [guard] });
  gateway.add(library as never, { unary: () => {}, stream: () => [] } as never);
  await gateway.connect();
  const ask = (path: string, init: RequestInit) =>
    gateway.fetch(new Request(`http://g${path}`, init));
  const plain = await ask("/v1/books/1", {});
  assertEquals([plain.status, plain.headers.get("www-authenticate")], [401, "Bearer"]);
  const post = (type: string) =>
    ask("/library.v1.Library/Get", { method: "POST", headers: { "content-type": type } });
  const connect = await post("application/proto");
  assertEquals([connect.status, (await connect.json()).code], [401, "unauthenticated"]);
  const web = await post("application/grpc-web");
  assertStringIncludes(
    await web.text(),
    "grpc-status: 16\r\ngrpc-message: Cannot answer: need a token",
  );
});

Deno.test("Gateway puts answers of plain HTTP into the envelope of its server", async () => {
  const server = { log: new MemoryLog(), envelope: (data: unknown) => ({ code: 0, data }) };
  await using gateway = new Gateway({ Name: "g", Port: 0 }, {
    server,
    json: { emitDefaults: false },
  });
  const unary = (_: unknown, message: unknown) => Promise.resolve(message);
  gateway.add(library as never, { unary, stream: () => [] } as never);
  await gateway.connect();
  const answer = await gateway.fetch(new Request("http://g/v1/books/1"));
  assertEquals(await answer.json(), { code: 0, data: { name: "1" } });
  const path = "/library.v1.Library/Get?connect=v1&encoding=json&message={}";
  assertEquals(await (await gateway.fetch(new Request(`http://g${path}`))).json(), {});
});

Deno.test("Gateway passes HTTP on beside RPC", async () => {
  const upstream = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => new Response(`pong ${new URL(request.url).pathname}`),
  );
  {
    await using gateway = makeGateway({
      Upstreams: [{
        Http: { Target: `127.0.0.1:${upstream.addr.port}`, Prefix: "/api" },
        Mappings: [{ Method: "get", Path: "/ping" }],
      }],
    });
    await gateway.connect();
    const ask = (path: string, method = "GET") =>
      gateway.fetch(new Request(`http://g${path}`, { method }));
    assertEquals(await (await ask("/ping")).text(), "pong /api/ping");
    assertEquals((await ask("/other")).status, 404);
    const refused = await ask("/ping", "POST");
    assertEquals([refused.status, refused.headers.get("allow")], [405, "GET, HEAD"]);
  }
  await upstream.shutdown();
});
