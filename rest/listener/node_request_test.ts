import { assert, assertEquals, assertRejects } from "@std/assert";
import { NodeRequest } from "./node_request.ts";
import { bodyAtHand } from "./body_at_hand.ts";

function nodeRequest(method: string, body: string | null = null): Request {
  return new NodeRequest({
    head: {
      url: "http://localhost/a/../b?c",
      rawHeaders: ["Content-Type", "application/json", "X-A", "1", "x-a", "2"],
      hasBody: body !== null,
      isChunked: false,
      bytes: 0,
    },
    method,
    body: body === null ? null : ReadableStream.from([new TextEncoder().encode(body)]),
    signal: () => AbortSignal.abort("gone"),
  });
}

Deno.test("NodeRequest is a Request with the path as it was written", () => {
  const request = nodeRequest("GET");
  assert(request instanceof Request);
  assertEquals([request.method, request.url], ["GET", "http://localhost/a/../b?c"]);
  assertEquals([...request.headers], [["content-type", "application/json"], ["x-a", "1, 2"]]);
  assertEquals([request.body, request.bodyUsed, request.redirect], [null, false, "follow"]);
  assertEquals(request.signal.reason, "gone");
  assert(request.headers === request.headers && request.signal === request.signal);
});

const READS: readonly [string, (request: Request) => Promise<unknown>, unknown][] = [
  ["text", (request) => request.text(), '{"n":1}'],
  ["json", (request) => request.json(), { n: 1 }],
  ["bytes", async (request) => (await request.bytes()).length, 7],
  ["arrayBuffer", async (request) => (await request.arrayBuffer()).byteLength, 7],
  ["blob", async (request) => (await request.blob()).type, "application/json"],
  ["body", async (request) => (await Array.fromAsync(request.body!)).length, 1],
  ["clone", async (request) => [await request.clone().text(), await request.text()], [
    '{"n":1}',
    '{"n":1}',
  ]],
  ["new Request", (request) => new Request(request, { headers: {} }).text(), '{"n":1}'],
];

for (const [name, read, wanted] of READS) {
  Deno.test(`NodeRequest.${name} reads the body once`, async () => {
    const request = nodeRequest("POST", '{"n":1}');
    assertEquals(await read(request), wanted);
    assert(request.bodyUsed);
    await assertRejects(() => request.text(), TypeError);
  });
}

Deno.test("NodeRequest keeps a changed header when it is copied", () => {
  const request = nodeRequest("GET");
  request.headers.set("x-b", "3");
  const copy = new Request(request, { method: "PUT" });
  assertEquals([copy.method, copy.headers.get("x-b"), copy.headers.get("x-a")], [
    "PUT",
    "3",
    "1, 2",
  ]);
});

Deno.test("bodyAtHand() finds what a response was made of, and no stream", () => {
  assertEquals(bodyAtHand(Response.json({ a: 1 })), '{"a":1}');
  assertEquals(bodyAtHand(new Response("é", { status: 201 })), "é");
  assertEquals(bodyAtHand(new Response(new Uint8Array(2))), new Uint8Array(2));
  assertEquals(bodyAtHand(new Response(new ReadableStream())), undefined);
  assertEquals(bodyAtHand(new Response(new Blob(["x"]))), undefined);
  assertEquals(bodyAtHand(new Response(null)), undefined);
});

Deno.test("bodyAtHand() finds nothing where the body has been read or asked for", async () => {
  const read = new Response("x");
  await read.text();
  assertEquals(bodyAtHand(read), undefined);
  const asked = new Response("x");
  assert(asked.body);
  assertEquals(bodyAtHand(asked), undefined);
});
