import { assert, assertEquals } from "@std/assert";
import { grpcNumberOf, ServiceError } from "../../core/errors.ts";
import { cors } from "../../rest/security/cors.ts";
import { MemoryLog } from "../../core/testing/memory_log.ts";
import { Gateway } from "./gateway.ts";
import { rpcCors } from "./cors.ts";
import { frameBytes, framesIn } from "./protocol/frame.ts";
import { libraryInfo, libraryMethod, stand } from "./testdata/library.ts";

const PATH = "/library.v1.Library";
const book = libraryMethod("Echo").input;
const encoder = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The frames of a body, those that are text as text. */
function shown(body: Uint8Array): [flags: number, payload: string][] {
  return framesIn(body, body.length).map(({ flags, payload }) => [flags, text(payload)]);
}

async function gzip(data: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

const packedTitle = await gzip('{"title":"packed"}');
const packedUrl = (await gzip('{"name":"packed"}')).toBase64({ alphabet: "base64url" });
const packedFrame = frameBytes(1, await gzip(Uint8Array.of(8, 3)));

interface Row {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
  readonly status: number;
  /** The code, or the whole answer. */
  readonly answer?: unknown;
}

const JSON_TYPE = { "content-type": "application/json" };

const connectRows: Row[] = [
  {
    name: "a message of JSON",
    headers: JSON_TYPE,
    body: '{"title":"x"}',
    status: 200,
    answer: { title: "x" },
  },
  {
    name: "a charset",
    headers: { "content-type": "application/json; charset=utf-8", "connect-protocol-version": "1" },
    body: '{"big":"5"}',
    status: 200,
    answer: { big: "5" },
  },
  { name: "an unknown field", headers: JSON_TYPE, body: '{"x":1}', status: 200, answer: {} },
  {
    name: "JSON that is none",
    headers: JSON_TYPE,
    body: "{",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "bytes that are none",
    headers: { "content-type": "application/proto" },
    body: Uint8Array.of(7),
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "another version",
    headers: { ...JSON_TYPE, "connect-protocol-version": "2" },
    body: "{}",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "a timeout that is none",
    headers: { ...JSON_TYPE, "connect-timeout-ms": "soon" },
    body: "{}",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "another content type",
    headers: { "content-type": "text/plain" },
    body: "x",
    status: 415,
  },
  {
    name: "a stream for one message",
    headers: { "content-type": "application/connect+json" },
    body: "",
    status: 415,
  },
  {
    name: "one message for a stream",
    path: "CountUp",
    headers: JSON_TYPE,
    body: "{}",
    status: 415,
  },
  {
    name: "a method that is not there",
    path: "None",
    headers: { "content-type": "application/proto" },
    status: 404,
    answer: "unimplemented",
  },
  {
    name: "a message in the query",
    method: "GET",
    path: `Get?connect=v1&encoding=json&message=${encodeURIComponent('{"name":"ü"}')}`,
    status: 200,
    answer: { name: "ü" },
  },
  {
    name: "a message in the query in base64",
    method: "GET",
    path: `Get?connect=v1&encoding=json&base64=1&message=${
      btoa('{"deep":true}').replace(/=/g, "")
    }`,
    status: 200,
    answer: { deep: true },
  },
  {
    name: "a query without a message",
    method: "GET",
    path: "Get?connect=v1&encoding=json",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "a query of another encoding",
    method: "GET",
    path: "Get?connect=v1&encoding=xml&message=",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "a query of another version",
    method: "GET",
    path: "Get?connect=v2&encoding=json&message={}",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "base64 that is none",
    method: "GET",
    path: "Get?connect=v1&encoding=proto&base64=1&message=*",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "a compressed query",
    method: "GET",
    path: `Get?connect=v1&encoding=json&compression=gzip&base64=1&message=${packedUrl}`,
    status: 200,
    answer: { name: "packed" },
  },
  {
    name: "a query that is compressed in another way",
    method: "GET",
    path: "Get?connect=v1&encoding=proto&compression=br&message=a",
    status: 501,
    answer: "unimplemented",
  },
  {
    name: "a compressed query that is corrupted",
    method: "GET",
    path: "Get?connect=v1&encoding=proto&compression=gzip&message=a",
    status: 400,
    answer: "invalid_argument",
  },
  {
    name: "a compressed body",
    headers: { ...JSON_TYPE, "content-encoding": "gzip" },
    body: packedTitle,
    status: 200,
    answer: { title: "packed" },
  },
  {
    name: "a body that is compressed in another way",
    headers: { ...JSON_TYPE, "content-encoding": "br", "connect-protocol-version": "1" },
    body: "{}",
    status: 501,
    answer: "unimplemented",
  },
  {
    name: "more headers than a call can carry",
    headers: {
      ...JSON_TYPE,
      ...Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`x-${at}`, "1"])),
    },
    body: "{}",
    status: 431,
    answer: "resource_exhausted",
  },
  {
    name: "GET of what may change something",
    method: "GET",
    path: "Echo?connect=v1&encoding=json&message={}",
    status: 405,
    answer: "unimplemented",
  },
];

for (
  const { name, method = "POST", path = "Echo", headers = {}, body, status, answer } of connectRows
) {
  Deno.test(`gatewayRoutes() answers Connect with ${name}`, async () => {
    await using gateway = await stand();
    const response = await gateway.fetch(`${PATH}/${path}`, {
      method,
      headers,
      body: body ?? null,
    });
    assertEquals(response.status, status);
    if (status === 415) {
      assert(response.headers.get("accept-post")?.startsWith("application/"));
      return;
    }
    const json = await response.json();
    assertEquals(typeof answer === "string" ? json.code : json, answer);
  });
}

Deno.test("gatewayRoutes() refuses a compression that nobody undoes", async () => {
  await using gateway = await stand({}, { Middlewares: { Gunzip: false } });
  const headers = { ...JSON_TYPE, "content-encoding": "gzip" };
  const response = await gateway.fetch(`${PATH}/Echo`, { method: "POST", headers, body: "{}" });
  assertEquals([response.status, (await response.json()).code], [501, "unimplemented"]);
});

Deno.test("gatewayRoutes() tells Connect metadata and details", async () => {
  await using gateway = await stand();
  const headers = {
    ...JSON_TYPE,
    "x-in": "1",
    cookie: "no",
    "x-raw-bin": "AQI",
    "connect-timeout-ms": "500",
  };
  const response = await gateway.fetch(`${PATH}/Echo`, { method: "POST", headers, body: "{}" });
  assertEquals(response.headers.get("x-head"), "h1, h2");
  assertEquals(response.headers.get("trailer-x-trail"), "t1, t2");
  assertEquals(gateway.log.metadata, [["x-in", "1"], ["x-raw-bin", Uint8Array.of(1, 2)]]);
  assert(gateway.log.remainingMs <= 500);
  await response.body?.cancel();
  const failed = await gateway.fetch(`${PATH}/Fail`, {
    method: "POST",
    headers,
    body: '{"value":1}',
  });
  assertEquals(failed.headers.get("retry-after"), "2");
  const { code, message, details } = await failed.json();
  assertEquals([code, message], ["failed_precondition", "Cannot count: 1 – too far"]);
  assertEquals(details.map(({ type, debug }: { type: string; debug: unknown }) => [type, debug]), [
    ["google.protobuf.Struct", {
      "@type": "type.googleapis.com/google.protobuf.Struct",
      value: { limit: 7 },
    }],
    ["google.rpc.RetryInfo", {
      "@type": "type.googleapis.com/google.rpc.RetryInfo",
      retryDelay: "1.500s",
    }],
  ]);
});

Deno.test("gatewayRoutes() forwards no more headers of Connect than its options say", async () => {
  await using gateway = await stand({ forwardHeader: (name) => name === "x-in" });
  const headers = { ...JSON_TYPE, "x-in": "1", authorization: "no" };
  await (await gateway.fetch(`${PATH}/Echo`, { method: "POST", headers, body: "{}" })).text();
  assertEquals(gateway.log.metadata, [["x-in", "1"]]);
});

Deno.test("gatewayRoutes() streams both ways by Connect", async () => {
  await using gateway = await stand();
  const body = new Blob(
    [1, 2, 3].map((value) => frameBytes(0, encoder.encode(`{"value":${value}}`))),
  );
  const headers = { "content-type": "application/connect+json" };
  const response = await gateway.fetch(`${PATH}/Chat`, { method: "POST", headers, body });
  assertEquals(shown(await response.bytes()), [
    [0, '{"value":2}'],
    [0, '{"value":4}'],
    [0, '{"value":6}'],
    [2, '{"metadata":{}}'],
  ]);
  const sum = await gateway.fetch(`${PATH}/Sum`, { method: "POST", headers, body });
  assertEquals(shown(await sum.bytes()), [[0, '{"value":6}'], [2, '{"metadata":{}}']]);
});

const streamFaults: [name: string, path: string, body: Uint8Array<ArrayBuffer>, code: string][] = [
  ["no message", "CountUp", Uint8Array.of(), "invalid_argument"],
  [
    "two messages for one",
    "CountUp",
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "invalid_argument",
  ],
  ["a frame cut short", "Sum", Uint8Array.of(0, 0, 0, 0, 9, 1), "invalid_argument"],
  ["a frame that is too large", "Sum", Uint8Array.of(0, 255, 0, 0, 0, 1), "resource_exhausted"],
  ["a frame that is compressed nobody knows how", "Sum", packedFrame, "unimplemented"],
];

for (const [name, path, body, code] of streamFaults) {
  Deno.test(`gatewayRoutes() refuses a stream of Connect with ${name}`, async () => {
    await using gateway = await stand();
    const headers = { "content-type": "application/connect+proto" };
    const response = await gateway.fetch(`${PATH}/${path}`, { method: "POST", headers, body });
    const [flags, payload] = shown(await response.bytes()).at(-1)!;
    assertEquals([response.status, flags, JSON.parse(payload).error.code], [200, 2, code]);
  });
}

for (
  const [encoding, body, expected] of [
    ["gzip", packedFrame, '{"value":3}'],
    ["gzip", frameBytes(0, Uint8Array.of(8, 3)), '{"value":3}'],
    ["gzip", frameBytes(1, Uint8Array.of(8, 3)), "invalid_argument"],
    ["br", packedFrame, "unimplemented"],
    ["identity", frameBytes(0, Uint8Array.of(8, 3)), '{"value":3}'],
  ] as const
) {
  Deno.test(`gatewayRoutes() answers a stream of Connect in ${encoding}, ${expected}`, async () => {
    await using gateway = await stand();
    const headers = {
      "content-type": "application/connect+proto",
      "connect-content-encoding": encoding,
    };
    const response = await gateway.fetch(`${PATH}/Sum`, { method: "POST", headers, body });
    const frames = framesIn(await response.bytes(), 10_000);
    const { output } = libraryMethod("Sum");
    const [{ flags, payload }] = frames as [typeof frames[0]];
    const told = flags === 0
      ? JSON.stringify(output.toJson(output.decode(payload)))
      : JSON.parse(text(payload)).error.code;
    assertEquals(told, expected);
  });
}

Deno.test("gatewayRoutes() inflates no frame to more than the route takes", async () => {
  await using gateway = await stand({}, { MaxBytes: 2_000 });
  const headers = {
    "content-type": "application/connect+json",
    "connect-content-encoding": "gzip",
  };
  const body = frameBytes(1, await gzip(`{"value":1${" ".repeat(100_000)}}`));
  const response = await gateway.fetch(`${PATH}/Sum`, { method: "POST", headers, body });
  const [[, payload]] = shown(await response.bytes()) as [[number, string]];
  assertEquals(JSON.parse(payload).error.code, "resource_exhausted");
});

const message = frameBytes(
  0,
  book.encode(book.fromJson({ title: "x" })) as Uint8Array<ArrayBuffer>,
);

for (const contentType of ["application/grpc-web", "application/grpc-web+proto"]) {
  Deno.test(`gatewayRoutes() answers ${contentType}`, async () => {
    await using gateway = await stand();
    const headers = { "content-type": contentType, "x-grpc-web": "1" };
    const response = await gateway.fetch(`${PATH}/Echo`, {
      method: "POST",
      headers,
      body: message,
    });
    assertEquals(response.headers.get("content-type"), contentType);
    assertEquals(response.headers.get("x-head"), "h1, h2");
    const [answer, trailer] = framesIn(await response.bytes(), 1_000);
    assertEquals([answer!.flags, book.toJson(book.decode(answer!.payload))], [0, { title: "x" }]);
    assertEquals([trailer!.flags, text(trailer!.payload)], [
      0x80,
      "grpc-status: 0\r\nx-trail: t1\r\nx-trail: t2\r\n",
    ]);
  });
}

/** A gateway whose upstream fails every call. */
async function failing(error: ServiceError): Promise<Gateway> {
  const gateway = new Gateway({ Name: "g", Port: 0 }, { server: { log: new MemoryLog() } });
  const caller = { unary: () => Promise.reject(error), stream: () => [] };
  gateway.add(libraryInfo, caller as never);
  await gateway.connect();
  return gateway;
}

Deno.test("gatewayRoutes() answers Connect with 499 for a call that was given up", async () => {
  await using gateway = await failing(new ServiceError("canceled", "Cannot go on: given up"));
  const init = { method: "POST", headers: JSON_TYPE, body: "{}" };
  const response = await gateway.fetch(new Request(`http://g${PATH}/Echo`, init));
  assertEquals([response.status, (await response.json()).code], [499, "canceled"]);
});

Deno.test("gatewayRoutes() writes any message of an error for gRPC-Web", async () => {
  await using gateway = await failing(new ServiceError("not_found", 'no "ü%\n\ud800"'));
  const headers = { "content-type": "application/grpc-web" };
  const init = { method: "POST", headers, body: message };
  const response = await gateway.fetch(new Request(`http://g${PATH}/Echo`, init));
  const [[, payload]] = shown(await response.bytes()) as [[number, string]];
  const told = 'grpc-status: 5\r\ngrpc-message: no "%C3%BC%25%0A%EF%BF%BD"\r\n';
  assertEquals(payload, told);
});

Deno.test("gatewayRoutes() takes compressed messages of gRPC-Web", async () => {
  await using gateway = await stand();
  const headers = { "content-type": "application/grpc-web", "grpc-encoding": "gzip" };
  const response = await gateway.fetch(`${PATH}/Sum`, {
    method: "POST",
    headers,
    body: packedFrame,
  });
  const [answer] = framesIn(await response.bytes(), 1_000);
  assertEquals([answer!.flags, [...answer!.payload]], [0, [8, 3]]);
});

Deno.test("gatewayRoutes() answers gRPC-Web in base64", async () => {
  await using gateway = await stand();
  const headers = { "content-type": "application/grpc-web-text" };
  const body = message.toBase64();
  const response = await gateway.fetch(`${PATH}/Echo`, { method: "POST", headers, body });
  assertEquals(response.headers.get("content-type"), "application/grpc-web-text");
  const pieces = (await response.text()).match(/[^=]+={0,2}/g)!;
  const frames = pieces.map((piece) => [...Uint8Array.fromBase64(piece)]).flat();
  const [answer, trailer] = framesIn(Uint8Array.from(frames), 1_000);
  assertEquals(book.toJson(book.decode(answer!.payload)), { title: "x" });
  assert(text(trailer!.payload).startsWith("grpc-status: 0\r\n"));
});

const webFaults: [name: string, path: string, body: BodyInit, type: string, code: number][] = [
  ["no message", "Echo", "", "", 3],
  ["two messages for one", "Echo", new Blob([message, message]), "", 3],
  ["bytes that are no message", "Echo", Uint8Array.of(0, 0, 0, 0, 1, 7), "", 3],
  ["base64 that is none", "Echo", "*", "-text", 3],
  ["a compressed message", "Echo", Uint8Array.of(1, 0, 0, 0, 0), "", 12],
  ["a method that is not there", "None", "", "", 12],
  ["a method that fails", "Fail", Uint8Array.of(0, 0, 0, 0, 2, 8, 3), "", 9],
];

for (const [name, path, body, type, code] of webFaults) {
  Deno.test(`gatewayRoutes() answers gRPC-Web with ${name}`, async () => {
    await using gateway = await stand();
    const headers = { "content-type": `application/grpc-web${type}` };
    const response = await gateway.fetch(`${PATH}/${path}`, { method: "POST", headers, body });
    assertEquals(response.status, 200);
    const bytes = type === ""
      ? await response.bytes()
      : Uint8Array.fromBase64(await response.text());
    const [[flags, payload]] = shown(bytes) as [[number, string]];
    assertEquals([flags, payload.split("\r\n")[0]], [0x80, `grpc-status: ${code}`]);
    if (path === "Fail") {
      assert(payload.includes("grpc-message: Cannot count: 3 %E2%80%93 too far\r\n"), payload);
    }
  });
}

for (
  const [name, options] of [["connect", { connect: false }], ["grpcWeb", {
    grpcWeb: false,
  }]] as const
) {
  Deno.test(`gatewayRoutes() leaves out what ${name} switches off`, async () => {
    await using gateway = await stand(options);
    const status = async (type: string) => {
      const init = { method: "POST", headers: { "content-type": type }, body: "{}" };
      const response = await gateway.fetch(`${PATH}/Echo`, init);
      await response.body?.cancel();
      return response.status;
    };
    const [connect, web] = [await status("application/json"), await status("application/grpc-web")];
    assertEquals([connect, web], name === "connect" ? [415, 200] : [200, 415]);
  });
}

const refusals: [
  name: string,
  headers: Record<string, string>,
  told: (response: Response) => Promise<unknown>,
][] = [
  ["plain HTTP", { "content-type": "text/plain" }, async (response) => {
    return [response.status, (await response.json()).status];
  }],
  ["Connect", { "content-type": "application/proto" }, async (response) => {
    return [response.status, (await response.json()).code === "resource_exhausted" && 413];
  }],
  [
    "Connect, in JSON",
    { "content-type": "application/json", "connect-protocol-version": "1" },
    async (response) => {
      return [response.status, (await response.json()).code === "resource_exhausted" && 413];
    },
  ],
  ["gRPC-Web", { "content-type": "application/grpc-web" }, async (response) => {
    const [[, payload]] = shown(await response.bytes()) as [[number, string]];
    return [
      413,
      payload.startsWith(`grpc-status: ${grpcNumberOf("resource_exhausted")}\r\n`) && 413,
    ];
  }],
];

for (const [name, headers, told] of refusals) {
  Deno.test(`formatGatewayError() tells what the chain refuses in the words of ${name}`, async () => {
    await using gateway = await stand({ route: { maxBytes: 10 } });
    const init = {
      method: "POST",
      headers: { ...headers, "content-length": "11" },
      body: "01234567890",
    };
    assertEquals(await told(await gateway.fetch(`${PATH}/Echo`, init)), [413, 413]);
  });
}

Deno.test("rpcCors lets browsers of other origins call", async () => {
  const allow = cors({ origins: ["https://app.example"], ...rpcCors });
  const config = { Name: "g", Port: 0 };
  await using gateway = new Gateway(config, { server: { log: new MemoryLog(), cors: allow } });
  const unary = () => Promise.reject(new ServiceError("aborted", "Cannot do it"));
  gateway.add(libraryInfo, { unary, stream: () => [] } as never);
  await gateway.connect();
  const ask = (init: RequestInit) => gateway.fetch(new Request(`http://g${PATH}/Echo`, init));
  const origin = { origin: "https://app.example" };
  const preflight = await ask({
    method: "OPTIONS",
    headers: {
      ...origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-grpc-web,connect-timeout-ms",
    },
  });
  const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase().split(/, ?/);
  for (
    const name of ["content-type", "x-grpc-web", "connect-timeout-ms", "connect-protocol-version"]
  ) {
    assert(allowed?.includes(name), name);
  }
  const answer = await ask({ method: "POST", headers: { ...origin, ...JSON_TYPE }, body: "{}" });
  assertEquals((await answer.json()).code, "aborted");
  assertEquals(answer.headers.get("access-control-allow-origin"), "https://app.example");
});
