import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { constants, createHmac, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { legacyAesEcbEncrypt } from "../../../core/codec/aes_ecb.ts";
import { CodecError } from "../../../core/codec/errors.ts";
import { sha256Hex } from "../../../core/codec/digest.ts";
import { ServiceError } from "../../../core/errors.ts";
import { FakeClock } from "../../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import type { Handler } from "../../handler.ts";
import { Server } from "../../server.ts";
import { contentSecurity, type ContentSecurityOptions, GO_ZERO_METHODS } from "./middleware.ts";
import { signRequest, type SignRequestOptions } from "./sign_request.ts";

const NOW_S = 1_700_000_000;
const KEY = "0123456789abcdef0123456789abcdef";
const PING = "ping";
const FINGERPRINT = "12345";
const pair = generateKeyPairSync("rsa", { modulusLength: 1024 });
const privateKeyPem = String(pair.privateKey.export({ type: "pkcs1", format: "pem" }));
const publicKeyPem = String(pair.publicKey.export({ type: "spki", format: "pem" }));
const keys = [{ fingerprint: FINGERPRINT, privateKeyPem }];

/** A request as an old client makes it, with any part of it wrong. */
interface Parts {
  method?: string;
  url?: string;
  body?: string;
  time?: string;
  type?: string;
  key?: string;
  secretTail?: string;
  keyTail?: string;
  fingerprint?: string;
  signature?: string;
  signedPath?: string;
  signedQuery?: string;
  header?: string | null;
  headers?: Record<string, string>;
}

function oldClient(parts: Parts): Request {
  const { method = "GET", url = "http://localhost/a/b?c=d&e=f", body, time = String(NOW_S) } =
    parts;
  const { type = "0", key = KEY, secretTail = "", keyTail = "", fingerprint = FINGERPRINT } = parts;
  const base64 = Buffer.from(key).toString("base64") + keyTail;
  const inner = `version=v1; type=${type}; key=${base64}; time=${time}`;
  const padding = constants.RSA_PKCS1_PADDING;
  const secret = publicEncrypt({ key: publicKeyPem, padding }, Buffer.from(inner))
    .toString("base64") + secretTail;
  const { pathname, search } = new URL(url);
  const path = parts.signedPath ?? decodeURIComponent(pathname);
  const query = parts.signedQuery ?? search.slice(1);
  const text = [time, method, path, query, sha256Hex(body ?? "")].join("\n");
  const signature = parts.signature ??
    createHmac("sha256", key).update(text).digest("base64");
  const header = parts.header !== undefined
    ? parts.header
    : `key=${fingerprint}; secret=${secret}; signature=${signature}`;
  const headers = { ...parts.headers, ...header !== null && { "x-content-security": header } };
  return new Request(url, { method, headers, ...body !== undefined && { body } });
}

function encrypted(text: string, key = KEY): string {
  return legacyAesEcbEncrypt(Buffer.from(key), Buffer.from(text)).toBase64();
}

async function answers(
  request: Request,
  options: Partial<ContentSecurityOptions> = {},
  handler: Handler = echo,
): Promise<{ status: number; text: string; headers: Headers; log: MemoryLog }> {
  const clock = new FakeClock({ wallTime: NOW_S * 1000 });
  const log = new MemoryLog({ clock });
  await using server = new Server({ Name: "test", Port: 0 }, { log, clock });
  const middleware = [contentSecurity({ keys, ...options })];
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
    for (const path of ["/", "/a/b", "/files/:name"]) {
      server.addRoutes([{ method, path, handler }], { middleware });
    }
  }
  const response = await server.fetch(request);
  return { status: response.status, text: await response.text(), headers: response.headers, log };
}

async function echo(request: Request): Promise<Response> {
  return new Response(`got ${await request.text()}`);
}

const scenarios: [what: string, parts: Parts, strict: number, lax: number][] = [
  ["GET", {}, 200, 200],
  ["GET with a signature and a body type of 1", { type: "1" }, 200, 200],
  ["GET with a type of no meaning", { type: "-7" }, 200, 200],
  ["POST, plain", { method: "POST", body: "hello" }, 200, 200],
  ["POST, encrypted", { method: "POST", body: encrypted("hello"), type: "1" }, 200, 200],
  [
    "DELETE of an escaped path",
    { method: "DELETE", url: "http://localhost/files/a%20b" },
    200,
    200,
  ],
  ["a time at the edge of the tolerance", { time: String(NOW_S - 3600) }, 200, 200],
  ["a time just beyond it", { time: String(NOW_S - 3601) }, 403, 200],
  ["a time two days ago", { time: String(NOW_S - 172_800) }, 403, 200],
  ["a time in two days", { time: String(NOW_S + 172_800) }, 403, 200],
  ["a time that is no number", { time: `${NOW_S}any` }, 403, 200],
  ["a time that is empty", { time: "" }, 403, 200],
  ["a time in scientific notation", { time: "1.7e9" }, 403, 200],
  ["an unknown fingerprint", { fingerprint: "54321" }, 403, 200],
  ["no header", { header: null }, 403, 200],
  ["an empty header", { header: "" }, 403, 200],
  ["a header without signature", { header: `key=${FINGERPRINT}; secret=AAAA` }, 403, 200],
  ["a huge header", { header: `key=${"x".repeat(7_000)}` }, 403, 200],
  ["a secret of noise", { header: `key=${FINGERPRINT}; secret=AAAA; signature=AAAA` }, 403, 200],
  ["a secret with garbage behind it", { secretTail: "any" }, 403, 200],
  ["an inner key with garbage behind it", { keyTail: "any" }, 403, 200],
  ["an inner type that is no number", { type: "a" }, 403, 200],
  ["the right signature", { signature: "rxHFiVaQz3TOeQvUfFD4fzYOPEMIF9S72o00rD3YZcM=" }, 200, 200],
  ["a wrong signature", { signature: "bjjhdQP02RGftmgrpB+z6IZQv++hzxe6LpxXwTMre/g=" }, 403, 200],
  ["a signature of another body", { method: "POST", body: "x", signature: "AAAA" }, 403, 200],
  ["an empty signature", { signature: "" }, 403, 200],
  ["a signature of another path", { signedPath: "/a/c" }, 403, 200],
  ["a signature of another query", { signedQuery: "c=d" }, 403, 200],
  ["HEAD without header", { method: "HEAD", header: null }, 403, 200],
  ["PATCH without header", { method: "PATCH", header: null, body: "x" }, 403, 200],
  ["HEAD", { method: "HEAD" }, 200, 200],
  ["PATCH", { method: "PATCH", body: "x" }, 200, 200],
];

for (const [what, parts, strictStatus, laxStatus] of scenarios) {
  for (const strict of [true, false]) {
    const status = strict ? strictStatus : laxStatus;
    Deno.test(`contentSecurity() answers ${status} to ${what}, strict ${strict}`, async () => {
      const { status: got, log } = await answers(oldClient(parts), { strict });
      assertEquals(got, status);
      assertEquals(log.contents("error").length, strictStatus === 403 ? 1 : 0);
    });
  }
}

for (const method of ["HEAD", "PATCH", "OPTIONS"]) {
  Deno.test(`contentSecurity() lets ${method} pass where it does as go-zero`, async () => {
    const clock = new FakeClock({ wallTime: NOW_S * 1000 });
    await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog(), clock });
    server.addRoutes([{ method, path: "/a/b", handler: () => new Response(null) }], {
      middleware: [contentSecurity({ keys, strict: true, methods: GO_ZERO_METHODS })],
    });
    const response = await server.fetch(new Request("http://localhost/a/b", { method }));
    assertEquals(response.status, 200);
  });
}

const proxied: Parts = {
  url: "http://localhost/",
  signedPath: "/a/b",
  signedQuery: "c=d&e=f",
};
const originals: [original: string, trusted: boolean, status: number][] = [
  ["http://localhost/a/b?c=d&e=f", true, 200],
  ["/a/b?c=d&e=f", true, 200],
  ["http://localhost/a/b?c=d", true, 403],
  ["http://localhost/%zz", true, 403],
  ["http://localhost/a/b?c=d&e=f", false, 403],
];

for (const [original, trustRequestUri, status] of originals) {
  Deno.test(`contentSecurity() answers ${status} to X-Request-Uri ${original}, trusted ${trustRequestUri}`, async () => {
    const request = oldClient({ ...proxied, headers: { "x-request-uri": original } });
    assertEquals((await answers(request, { strict: true, trustRequestUri })).status, status);
  });
}

Deno.test("contentSecurity() gives all refusals one answer", async () => {
  const told = new Set<string>();
  for (const [, parts, strictStatus] of scenarios) {
    if (strictStatus !== 403 || parts.method === "HEAD") continue;
    const { text, headers } = await answers(oldClient(parts), { strict: true });
    told.add(JSON.stringify([{ ...JSON.parse(text), traceId: "" }, ...headers]));
  }
  assertEquals(told.size, 1);
});

const codes: [what: string, parts: Parts, code: number][] = [
  ["no header", { header: null }, 1],
  ["a broken secret", { secretTail: "any" }, 1],
  ["a time that is no number", { time: "any" }, 1],
  ["a time that is off", { time: "1" }, 2],
  ["a wrong signature", { signature: "AAAA" }, 3],
];

for (const [what, parts, code] of codes) {
  Deno.test(`contentSecurity() tells the callback ${code} for ${what}`, async () => {
    const { status, text } = await answers(oldClient({ method: "POST", body: "b", ...parts }), {
      strict: true,
      onRefused: async (refused) =>
        new Response(
          `${refused.code} ${refused.strict} ${await refused.request.text()}`,
          { status: 418 },
        ),
    });
    assertEquals([status, text], [418, `${code} true b`]);
  });
}

Deno.test("contentSecurity() lets the callback go on", async () => {
  const request = oldClient({ method: "POST", body: "b", header: null });
  const { status, text } = await answers(request, {
    strict: true,
    onRefused: ({ next, request, context }) => next(request, context),
  });
  assertEquals([status, text], [200, "got b"]);
});

async function replayed(options: Partial<ContentSecurityOptions>, parts: Parts, waitMs = 0) {
  const clock = new FakeClock({ wallTime: NOW_S * 1000 });
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog(), clock });
  server.get("/a/b", () => new Response(), {
    middleware: [contentSecurity({ keys, strict: true, ...options })],
  });
  const [first, second] = [oldClient(parts), oldClient(parts)];
  const { status } = await server.fetch(first);
  clock.elapse(waitMs);
  return [status, (await server.fetch(second)).status];
}

Deno.test("contentSecurity() accepts a signature once, however its secret is encrypted", async () => {
  assertEquals(await replayed({}, {}), [200, 403]);
  assertEquals(await replayed({}, {}, 3_600_000), [200, 403]);
  assertEquals(await replayed({ replay: false }, {}), [200, 200]);
  assertEquals(await replayed({ replay: { remember: () => Promise.resolve(true) } }, {}), [
    200,
    200,
  ]);
});

Deno.test("contentSecurity() remembers no signature that it refuses", async () => {
  let asked = 0;
  const replay = { remember: () => ++asked > 0 };
  for (const [, parts, strictStatus] of scenarios) {
    if (strictStatus === 403) await answers(oldClient(parts), { strict: true, replay });
  }
  assertEquals(asked, 0);
});

const bodies: [what: string, parts: Parts, status: number][] = [
  ["no base64", { body: "hello", type: "1" }, 400],
  ["base64 of no whole block", { body: Buffer.from("hello").toString("base64"), type: "1" }, 400],
  ["wrong padding", { body: Buffer.alloc(16).toString("base64"), type: "1" }, 400],
  ["a key of 9 bytes", { body: encrypted("hello"), type: "1", key: "012345678" }, 400],
  ["no AES-GCM", { body: "hello", type: "2" }, 400],
  ["altered AES-GCM", { body: "x".repeat(50), type: "2" }, 400],
  ["2048 bytes where 1024 are the limit", { body: "x".repeat(2048) }, 413],
];

for (const [what, parts, status] of bodies) {
  Deno.test(`contentSecurity() answers ${status} to a signed body of ${what}`, async () => {
    const request = oldClient({ method: "POST", ...parts });
    const { status: got, text } = await answers(request, { strict: true, maxBytes: 1024 });
    assertEquals(got, status);
    assert(!text.includes("hello"));
  });
}

Deno.test("contentSecurity() gives one answer to all bodies that do not decrypt", async () => {
  const told = new Set<string>();
  for (const [, parts, status] of bodies) {
    if (status !== 400) continue;
    const { text } = await answers(oldClient({ method: "POST", ...parts }), { strict: true });
    told.add(JSON.stringify({ ...JSON.parse(text), traceId: "" }));
  }
  assertEquals(told.size, 1);
});

Deno.test("contentSecurity() reads no body of those who do not claim to hold a key", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(512))),
  });
  const request = new Request("http://localhost/a/b", { method: "POST", body });
  assertEquals((await answers(request, { strict: true })).status, 403);
  assert(pulled <= 3); // The limit of the route reads ahead.
});

Deno.test("contentSecurity() answers 413 as soon as a body without length is too long", async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(512))),
  });
  const { headers } = oldClient({ method: "POST" });
  const request = new Request("http://localhost/a/b", { method: "POST", body, headers });
  assertEquals((await answers(request, { strict: true, maxBytes: 1024 })).status, 413);
  assert(pulled < 10);
});

Deno.test("contentSecurity() answers an old client in its own way", async () => {
  const request = oldClient({ method: "POST", body: encrypted(PING), type: "1" });
  const { text, headers } = await answers(request, { strict: true }, async (request) => {
    assertEquals(await request.text(), PING);
    return new Response("pong", { headers: { "content-type": "text/x" } });
  });
  assertEquals([text, headers.get("content-type")], ["UNhZPzRBSNSVNtULxaXp8Q==", "text/x"]);
});

const handlers: [what: string, handler: Handler, status: number, plain: string | undefined][] = [
  ["a status without body", () => new Response(null, { status: 503 }), 503, ""],
  ["no content", () => new Response(null, { status: 204 }), 204, ""],
  [
    "a stream of events",
    () => new Response("data: 1", { headers: { "content-type": "text/event-stream" } }),
    500,
    undefined,
  ],
  ["too much", () => new Response("x".repeat(2048)), 500, undefined],
];

for (const [what, handler, status, plain] of handlers) {
  Deno.test(`contentSecurity() answers ${status} to an old client for ${what}`, async () => {
    const request = oldClient({ method: "POST", body: encrypted(PING), type: "1" });
    const options = { strict: true, maxAnswerBytes: 1024 };
    const { status: got, text } = await answers(request, options, handler);
    assertEquals(got, status);
    if (plain !== undefined) assertEquals(text, plain);
    else assertEquals(JSON.parse(text).status, 500);
  });
}

Deno.test("contentSecurity() answers 500 where the client's key cannot encrypt the answer", async () => {
  const request = oldClient({ type: "2", key: "012345678" });
  const { status, text } = await answers(request, { strict: true });
  assertEquals([status, text.includes("got")], [500, false]);
});

Deno.test("contentSecurity() accepts nothing that cannot be remembered", async () => {
  const replay = { remember: () => Promise.reject(new Error("down")) };
  assertEquals((await answers(oldClient({}), { strict: true, replay })).status, 500);
});

async function roundTrip(
  type: 0 | 1 | 2,
  body: string | undefined,
  handler: Handler = echo,
  change: (answer: Response) => Response = (answer) => answer,
  more: Partial<SignRequestOptions> = {},
): Promise<{ sent: string; wire: string; answer: Response }> {
  const clock = new FakeClock({ wallTime: NOW_S * 1000 });
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog(), clock });
  const method = body === undefined ? "GET" : "POST";
  server.addRoutes([{ method, path: "/a/b", handler }], {
    middleware: [contentSecurity({ keys, strict: true })],
  });
  const plain = new Request("http://localhost/a/b?c=d", {
    method,
    ...body !== undefined && { body },
  });
  const options = { fingerprint: FINGERPRINT, publicKeyPem, type, clock, ...more };
  const { request, readAnswer } = await signRequest(plain, options);
  const sent = await request.clone().text();
  const response = change(await server.fetch(request));
  const wire = await response.clone().text();
  return { sent, wire, answer: await readAnswer(response) };
}

for (const type of [0, 1, 2] as const) {
  for (const body of [undefined, "", "hello", "é".repeat(1000)]) {
    const what = body === undefined ? "no body" : `${body.length} characters`;
    Deno.test(`signRequest() and contentSecurity() agree on type ${type} with ${what}`, async () => {
      const { sent, wire, answer } = await roundTrip(type, body);
      assertEquals(await answer.text(), `got ${body ?? ""}`);
      assertEquals(sent === (body ?? ""), type === 0 || !body);
      const isPlain = type === 0 || type === 1 && !body;
      assertEquals(wire.startsWith("got "), isPlain);
    });
  }
}

Deno.test("contentSecurity() encrypts errors of encrypted requests", async () => {
  const handler = () => {
    throw new ServiceError("not_found", "Cannot find user: no id 7");
  };
  for (const type of [1, 2] as const) {
    const { wire, answer } = await roundTrip(type, "hello", handler);
    assertEquals(answer.status, 404);
    assertEquals((await answer.json()).detail, "Cannot find user: no id 7");
    assert(!wire.includes("user"));
  }
});

const changes: [what: string, change: (answer: Response) => Response][] = [
  ["another status", (it) => new Response(it.body, { status: 201, headers: it.headers })],
  ["a plain body", () => new Response("got hello")],
  [
    "a plain body that is marked",
    () => new Response("got hello", { headers: { "x-content-security": "type=2" } }),
  ],
];

for (const [what, change] of changes) {
  Deno.test(`SignedRequest.readAnswer() refuses ${what}`, async () => {
    await assertRejects(() => roundTrip(2, "hello", echo, change), CodecError);
  });
}

Deno.test("SignedRequest.readAnswer() reads what a proxy says in the clear", async () => {
  for (const type of [1, 2] as const) {
    const busy = () => new Response("busy", { status: 503 });
    const { answer } = await roundTrip(type, "hello", echo, busy);
    assertEquals([answer.status, await answer.text()], [503, "busy"]);
  }
});

Deno.test("signRequest() refuses a path that cannot be signed, and a key that is none", async () => {
  const options = { fingerprint: FINGERPRINT, publicKeyPem };
  const request = new Request("http://localhost/%zz");
  await assertRejects(() => signRequest(request, options), SyntaxError, "malformed escape");
  const fine = new Request("http://localhost/");
  await assertRejects(() => signRequest(fine, { ...options, publicKeyPem: "x" }), CodecError);
});

Deno.test("signRequest() uses a fresh key for each request", async () => {
  const [a, b] = [await roundTrip(2, "hello"), await roundTrip(2, "hello")];
  assertNotEquals(a.sent, b.sent);
});

Deno.test("contentSecurity() says nothing of keys, secrets and signatures", async () => {
  const requests = [{}, { signature: "AAAA" }, { secretTail: "any" }, { time: "1" }]
    .map((parts) => oldClient({ method: "POST", body: "078-05-1120", ...parts }));
  for (const request of requests) {
    const header = request.headers.get("x-content-security")!;
    const { log, text, status } = await answers(request, { strict: true });
    const all = log.lines.join("\n") + (status === 200 ? "" : text);
    const pieces = [
      KEY,
      Buffer.from(KEY).toString("base64"),
      "078-05",
      privateKeyPem.slice(60, 90),
    ];
    for (const piece of [...pieces, header.slice(20, 60), header.slice(-20)]) {
      assert(!all.includes(piece), piece);
    }
  }
});

Deno.test("contentSecurity() takes as long for a broken secret as for a wrong signature", async () => {
  // Not a proof, which takes millions of samples; a way around the work would show.
  const clock = new FakeClock({ wallTime: NOW_S * 1000 });
  await using server = new Server({ Name: "test", Port: 0 }, { log: new MemoryLog(), clock });
  server.post("/a/b", echo, { middleware: [contentSecurity({ keys, strict: true })] });
  const body = "x".repeat(500_000);
  const noise = Buffer.from(crypto.getRandomValues(new Uint8Array(128)).fill(1, 0, 1));
  const header = `key=${FINGERPRINT}; secret=${noise.toString("base64")}; signature=AAAA`;
  const kinds: [Parts, number[]][] = [[{ header }, []], [{ signature: "AAAA" }, []]];
  for (let round = 0; round < 40; round++) {
    for (const [parts, times] of kinds) {
      const request = oldClient({ method: "POST", body, ...parts });
      const started = performance.now();
      assertEquals((await server.fetch(request)).status, 403);
      times.push(performance.now() - started);
    }
  }
  const [broken, wrong] = kinds.map(([, times]) => times.sort((a, b) => a - b)[times.length >> 1]!);
  assert(broken! > wrong! * 0.4 && broken! < wrong! * 2.5, `${broken} ms and ${wrong} ms`);
});

Deno.test("contentSecurity() refuses options that cannot work", () => {
  assertThrows(() => contentSecurity({ keys: [], strict: true }), TypeError, "there are no keys");
  assertThrows(() => contentSecurity({ keys: [...keys, ...keys] }), TypeError, "fingerprint");
  assertThrows(() => contentSecurity({ keys, maxBytes: 0 }), RangeError, "maxBytes");
  assertThrows(() => contentSecurity({ keys, maxAnswerBytes: 0 }), RangeError, "maxAnswerBytes");
  assertThrows(() => contentSecurity({ keys, toleranceMs: -1 }), RangeError, "toleranceMs");
  const bad = [{ fingerprint: "a", privateKeyPem: "secret material" }];
  const error = assertThrows(() => contentSecurity({ keys: bad }), CodecError);
  assert(!error.message.includes("secret material"));
});

Deno.test("contentSecurity() checks nothing without keys", async () => {
  assertEquals((await answers(oldClient({ header: null }), { keys: [] })).status, 200);
});
