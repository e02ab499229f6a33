import { assert, assertEquals } from "@std/assert";
import { ERROR_CODES, grpcNumberOf, httpStatusOf, ServiceError } from "../../../core/errors.ts";
import { Server } from "../../../rest/server.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { Metadata } from "../../metadata.ts";
import { Any } from "../../proto/google/protobuf/any.gen.ts";
import { BadRequest, ErrorInfo, Help } from "../../proto/google/rpc/error_details.gen.ts";
import { Status } from "../../proto/google/rpc/status.gen.ts";
import { STATUS_DETAILS } from "../../status_details.ts";
import type { OutgoingCall } from "../../transport/transport.ts";
import { addGateway } from "../gateway_routes.ts";
import { servicesOfPool } from "../service/described_service.ts";
import { DescriptorPool } from "../dynamic/descriptor_pool.ts";
import { libraryPool, librarySet, protoSet, stand, wiredStand } from "../testdata/library.ts";

Deno.test("addGateway() tells metadata of an answer in its headers", async () => {
  await using gateway = await stand();
  const { headers, status } = await gateway.fetch("/v1/echo", {
    method: "POST",
    body: "{}",
    headers: { "Grpc-Metadata-Tenant": "acme", "x-other": "no", traceparent: "t" },
  });
  assertEquals(status, 200);
  assertEquals(headers.get("content-type"), "application/json");
  assertEquals(headers.get("grpc-metadata-x-head"), "h1, h2");
  assertEquals(headers.get("grpc-metadata-x-raw-bin"), "AQL/");
  assertEquals(headers.get("grpc-trailer-x-trail"), "t1, t2");
  assertEquals(gateway.log.metadata, [["gateway-tenant", "acme"], ["traceparent", "t"]]);
});

Deno.test("addGateway() adds what its options say to the metadata", async () => {
  await using gateway = await stand({
    metadata: (_request, context) => [["x-route", context.route], ["gateway-a", "mine"]],
  });
  const headers = { "grpc-metadata-a": "theirs", "grpc-metadata-b": "theirs" };
  await (await gateway.fetch("/v1/books/1", { headers })).body?.cancel();
  assertEquals(gateway.log.metadata, [
    ["gateway-a", "mine"],
    ["gateway-b", "theirs"],
    ["x-route", "/v1/books/:name"],
  ]);
});

Deno.test("addGateway() answers errors with their details", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/fail/3");
  const problem = await response.json();
  assertEquals(response.status, 400);
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  assertEquals(response.headers.get("retry-after"), "2");
  assertEquals(response.headers.get("grpc-trailer-x-trail"), "t1, t2");
  assertEquals([problem.code, problem.detail, problem.limit], [
    "failed_precondition",
    "Cannot count: 3 – too far",
    7,
  ]);
});

/** A gateway before something that fails with this error, and says this with its status. */
async function failing(
  error: ServiceError,
  details?: Any[],
): Promise<Server> {
  const log = new MemoryLog();
  const server = new Server({ Name: "g", Port: 0 }, { log });
  const unary = (_method: unknown, _request: unknown, call: OutgoingCall) => {
    if (details) {
      const status = { code: grpcNumberOf(error.code), message: error.message, details };
      call.onTrailer?.(new Metadata({ [STATUS_DETAILS]: Status.encode(status) }));
    }
    return Promise.reject(error);
  };
  addGateway(server, servicesOfPool(libraryPool, { unary, stream: () => [] as never } as never));
  return await Promise.resolve(server);
}

for (const code of ERROR_CODES) {
  Deno.test(`addGateway() answers ${code} with ${httpStatusOf(code)}`, async () => {
    await using server = await failing(new ServiceError(code, "Cannot do it"));
    const response = await server.fetch(new Request("http://g/v1/books/1"));
    assertEquals(response.status, httpStatusOf(code));
    assertEquals((await response.json()).code, code);
  });
}

Deno.test("addGateway() writes details of google.rpc as JSON, and others as base64", async () => {
  const pack = (name: string, value: Uint8Array) =>
    Any.create({ typeUrl: `type.googleapis.com/${name}`, value });
  const fieldViolations = [{
    field: "a",
    description: "bad",
    reason: "",
    localizedMessage: undefined,
  }];
  const book = libraryPool.find("library.v1.Author")!;
  await using server = await failing(new ServiceError("invalid_argument", "Cannot do it"), [
    pack("google.rpc.BadRequest", BadRequest.encode(BadRequest.create({ fieldViolations }))),
    pack("google.rpc.Help", Help.encode(Help.create())),
    pack("library.v1.Author", book.encode(book.fromJson({ name: "A" }))),
    pack("unknown.Type", Uint8Array.of(1, 2)),
  ]);
  const { details } = await (await server.fetch(new Request("http://g/v1/books/1"))).json();
  assertEquals(details, [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: [{ field: "a", description: "bad" }],
    },
    { "@type": "type.googleapis.com/google.rpc.Help" },
    { "@type": "type.googleapis.com/library.v1.Author", name: "A" },
    { "@type": "type.googleapis.com/unknown.Type", value: "AQI=" },
  ]);
});

Deno.test("addGateway() leaves details of errors out of the headers", async () => {
  await using gateway = await wiredStand();
  const response = await gateway.fetch("/v1/fail/3");
  const { limit, details } = await response.json();
  const types = details.map((each: Record<string, unknown>) => each["@type"]);
  assertEquals([limit, types], [7, ["type.googleapis.com/google.rpc.RetryInfo"]]);
  const names = [...response.headers.keys()].filter((name) => name.includes("details"));
  assertEquals(names, []);
});

Deno.test("addGateway() answers an error whose details cannot be read", async () => {
  const value = ErrorInfo.encode(ErrorInfo.create({ reason: "x" })).slice(0, 2);
  await using server = await failing(new ServiceError("aborted", "Cannot do it"), [
    Any.create({ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value }),
  ]);
  const response = await server.fetch(new Request("http://g/v1/books/1"));
  assertEquals(response.status, 409);
  assertEquals((await response.json()).details[0].value, value.toBase64());
});

Deno.test("addGateway() tells nothing of an error that nobody meant to throw", async () => {
  await using server = await failing(new Error("secret") as ServiceError);
  const response = await server.fetch(new Request("http://g/v1/books/1"));
  const text = await response.text();
  assertEquals([response.status, text.includes("secret")], [500, false]);
});

Deno.test("addGateway() streams lines of JSON", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/count?to=3");
  assertEquals(response.headers.get("content-type"), "application/x-ndjson");
  assertEquals(await response.text(), '{"value":0}\n{"value":1}\n{"value":2}\n');
});

Deno.test("addGateway() streams nothing as nothing", async () => {
  await using gateway = await stand();
  assertEquals(await (await gateway.fetch("/v1/count?from=3")).text(), "");
});

Deno.test("addGateway() streams events for who accepts them", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/count?to=2", {
    headers: { accept: "text/event-stream" },
  });
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  assertEquals(await response.text(), 'data: {"value":0}\n\ndata: {"value":1}\n\n');
});

Deno.test("addGateway() answers a stream that fails at once with a status", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/count?from=13&to=20&failAt=13");
  assertEquals([response.status, (await response.json()).code], [400, "out_of_range"]);
});

for (
  const [accept, end] of [
    ["application/json", '{"value":12}\n{"error":{'],
    ["text/event-stream", 'data: {"value":12}\n\nevent: error\ndata: {'],
  ]
) {
  Deno.test(`addGateway() ends a stream of ${accept} that fails with the error`, async () => {
    await using gateway = await stand();
    const path = "/v1/count?from=12&to=20&failAt=13";
    const response = await gateway.fetch(path, { headers: { accept: accept! } });
    const text = await response.text();
    assertEquals(response.status, 200);
    assert(text.startsWith(end!), text);
    assert(text.includes('"detail":"Cannot go on: 13 is unlucky","code":"out_of_range"'), text);
  });
}

Deno.test("addGateway() streams both ways", async () => {
  await using gateway = await stand();
  const body = '{"value":1}\n{"value":2}\n';
  const response = await gateway.fetch("/v1/chat", { method: "POST", body });
  assertEquals(await response.text(), '{"value":2}\n{"value":4}\n');
});

for (const accept of ["text/event-stream", "application/x-ndjson"]) {
  Deno.test(`addGateway() asks for answers of ${accept} no faster than they are read`, async () => {
    let made = 0;
    let left = false;
    const endless = async function* () {
      try {
        for (;;) yield { value: made++ };
      } finally {
        left = true;
      }
    };
    const server = new Server({ Name: "gateway", Port: 0 }, { log: new MemoryLog() });
    const caller = { unary: () => Promise.reject(new Error("none")), stream: endless };
    addGateway(server, servicesOfPool(libraryPool, caller as never));
    const request = new Request("http://g/v1/count", { headers: { accept } });
    const reader = (await server.fetch(request)).body!.getReader();
    for (let read = 0; read < 5; read++) await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert(made >= 5 && made < 15, `${made}`);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert(left);
    await server.stop();
  });
}

Deno.test("addGateway() cancels the call when the client leaves a stream", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/count?to=1000000");
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(gateway.log.canceled, ["CountUp"]);
});

Deno.test("addGateway() cancels a call that its client leaves while it waits", async () => {
  await using gateway = await stand();
  const response = await gateway.fetch("/v1/count?to=5&wait_ms=60000");
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(gateway.log.canceled, ["CountUp"]);
});

Deno.test({
  name: "addGateway() answers 408 to a body that does not come",
  // The runtime does not end the reading of a body whose client has stalled.
  sanitizeOps: false,
  async fn() {
    await using gateway = await wiredStand({ route: { timeoutMs: 100 } });
    const { port } = gateway.server.address;
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const head = "POST /v1/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n{";
    await connection.write(new TextEncoder().encode(head));
    const answer = new Uint8Array(1_000);
    const length = await connection.read(answer);
    const [status] = new TextDecoder().decode(answer.subarray(0, length ?? 0)).split("\r\n");
    assertEquals(status, "HTTP/1.1 408 Request Timeout");
  },
});

Deno.test("addGateway() goes on with a stream when the time of the route is up", async () => {
  await using gateway = await stand({ route: { timeoutMs: 150 } });
  const text = await (await gateway.fetch("/v1/count?to=4&wait_ms=80")).text();
  assertEquals(text.trim().split("\n").length, 4);
});

for (const [name, value] of [["grpc-timeout", "150m"], ["zeno-timeout-ms", "150"]] as const) {
  Deno.test(`addGateway() ends a stream when ${name} is up`, async () => {
    await using gateway = await stand();
    const headers = { [name]: value };
    const text = await (await gateway.fetch("/v1/count?to=4&wait_ms=80", { headers })).text();
    const lines = text.trim().split("\n");
    assertEquals(JSON.parse(lines.at(-1)!).error.code, "deadline_exceeded");
    assert(lines.length > 1, text);
  });
}

const timeouts: [name: string, headers: Record<string, string>, route: number][] = [
  ["the route", {}, 100],
  ["zeno-timeout-ms", { "zeno-timeout-ms": "100" }, 3_000],
  ["grpc-timeout", { "grpc-timeout": "100m" }, 3_000],
  ["grpc-timeout in words of Go", { "grpc-timeout": "0.1s" }, 3_000],
];

for (const [name, headers, timeoutMs] of timeouts) {
  Deno.test(`addGateway() gives a call no more time than ${name}`, async () => {
    await using gateway = await stand({ route: { timeoutMs } });
    const response = await gateway.fetch("/v1/wait?wait_ms=2000", { headers });
    assertEquals([response.status, (await response.json()).code], [504, "deadline_exceeded"]);
    assert(gateway.log.remainingMs <= 100, `${gateway.log.remainingMs}`);
    assertEquals(gateway.log.canceled, ["Wait"]);
  });
}

Deno.test("addGateway() takes and answers bodies of any kind", async () => {
  await using gateway = await stand();
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => at);
  const response = await gateway.fetch("/v1/files/a?file.content_type=no", {
    method: "POST",
    body: bytes,
    headers: { "content-type": "image/own" },
  });
  assertEquals(response.headers.get("content-type"), "image/own");
  assertEquals(await response.bytes(), bytes);
});

Deno.test("addGateway() takes a body of any kind for the whole message", async () => {
  await using gateway = await stand();
  const headers = { "content-type": "text/own" };
  const response = await gateway.fetch("/v1/store", { method: "POST", headers, body: "{ raw" });
  assertEquals(response.headers.get("content-type"), "text/own");
  assertEquals(await response.text(), "{ raw");
});

Deno.test("addGateway() answers a field that is a body of any kind, set or not", async () => {
  await using gateway = await stand();
  const set = await gateway.fetch("/v1/fetch/a?file.content_type=text/own&file.data=aGk");
  assertEquals([set.headers.get("content-type"), await set.text()], ["text/own", "hi"]);
  const unset = await gateway.fetch("/v1/fetch/a");
  assertEquals(unset.headers.get("content-type"), "application/octet-stream");
  assertEquals(await unset.text(), "");
});

Deno.test("addGateway() refuses more headers than a call can carry", async () => {
  await using gateway = await stand();
  const headers = Array.from(
    { length: 101 },
    (_, at) => [`grpc-metadata-${at}`, "1"] as [string, string],
  );
  const response = await gateway.fetch("/v1/books/a", { headers });
  assertEquals([response.status, (await response.json()).code], [431, "resource_exhausted"]);
});

Deno.test("addGateway() answers HEAD as GET", async () => {
  await using gateway = await stand();
  assertEquals((await gateway.fetch("/v1/books/1", { method: "HEAD" })).status, 200);
  assertEquals((await gateway.fetch("/v1/all/1/2", { method: "HEAD" })).status, 200);
});

Deno.test("addGateway() leaves out what its options say", async () => {
  await using gateway = await stand({
    json: { emitDefaults: false, enumNumbers: true, protoNames: true },
  });
  const body = JSON.stringify({ snakeCaseName: "s", kind: "ATLAS" });
  const response = await gateway.fetch("/v1/echo", { method: "POST", body });
  assertEquals(await response.json(), { kind: 2, snake_case_name: "s" });
});

Deno.test("addGateway() refuses a body that is too large", async () => {
  await using gateway = await stand({ route: { maxBytes: 100 } });
  const body = JSON.stringify({ title: "x".repeat(200) });
  const response = await gateway.fetch("/v1/echo", { method: "POST", body });
  assertEquals([response.status, (await response.json()).code], [413, "resource_exhausted"]);
});

for (const [count, what] of [[0, "no answer"], [2, "more than one answer"]] as const) {
  Deno.test(`addGateway() refuses ${what} of a method that gives one`, async () => {
    let left = false;
    const stream = async function* () {
      try {
        for (let value = 0; value < count; value++) yield { value };
      } finally {
        left = true;
      }
    };
    const log = new MemoryLog();
    await using server = new Server({ Name: "g", Port: 0 }, { log });
    addGateway(server, servicesOfPool(libraryPool, { unary: () => {}, stream } as never));
    const request = new Request("http://g/v1/sum", { method: "POST", body: "" });
    const response = await server.fetch(request);
    const { code, detail } = await response.json();
    assertEquals([response.status, code, left], [500, "internal", true]);
    assertEquals(detail, `Cannot call /library.v1.Library/Sum: it gave ${what}`);
  });
}

Deno.test("addGateway() keeps the minus of zero", async () => {
  await using gateway = await stand({ json: { emitDefaults: false } });
  const body = '{"price":-0,"extra":{"a":-0}}';
  const plain = await gateway.fetch("/v1/echo", { method: "POST", body });
  assertEquals(await plain.text(), body);
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body };
  const connect = await gateway.fetch("/library.v1.Library/Echo", init);
  assertEquals(await connect.text(), body);
  const query = await gateway.fetch("/v1/books/a?filter.price=-0");
  assertEquals(await query.text(), '{"name":"a","filter":{"price":-0}}');
});

Deno.test("addGateway() keeps all digits of numbers within an Any", async () => {
  const { pool, echoed } = anyEcho();
  const log = new MemoryLog();
  await using server = new Server({ Name: "g", Port: 0 }, { log });
  addGateway(server, servicesOfPool(pool, echoed as never));
  const any = { "@type": "type.googleapis.com/library.v1.Author", born: 1 };
  const body = JSON.stringify({ any }).replace('"born":1', '"born":9007199254740993');
  const response = await server.fetch(new Request("http://g/any", { method: "POST", body }));
  assertEquals(await response.json(), {
    any: { "@type": any["@type"], name: "", born: "9007199254740993" },
  });
});

function anyEcho() {
  const pool = DescriptorPool.fromSets(librarySet, protoSet("any.proto"));
  const unary = (_method: unknown, message: unknown) => Promise.resolve(message);
  return { pool, echoed: { unary, stream: () => [] } };
}
