import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { FakeClock } from "../../../core/testing/fake_clock.ts";
import { MemoryLog } from "../../../core/testing/memory_log.ts";
import { Server } from "../../server.ts";
import { ReplayCache } from "../replay_cache.ts";
import { MessageSigningKey, MessageVerifyingKey } from "./algorithm.ts";
import { isDigestOf } from "./content_digest.ts";
import { MessageSignatureError, type MessageSignatureFault } from "./errors.ts";
import { messageSignature, type MessageSignatureOptions, verifiedSignature } from "./middleware.ts";
import { signMessage, type SignMessageOptions } from "./sign.ts";
import { targetOf } from "./target.ts";
import { verifyMessage, type VerifyMessageOptions } from "./verify.ts";

const NOW_S = 1_700_000_000;
const secret = new TextEncoder().encode("a secret of thirty-two characters");

function pemOf({ publicKey, privateKey }: KeyPairKeyObjectResult) {
  return {
    publicKeyPem: String(publicKey.export({ type: "spki", format: "pem" })),
    privateKeyPem: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

const rsa = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const ed25519 = pemOf(generateKeyPairSync("ed25519"));
const p256 = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }));
const p384 = pemOf(generateKeyPairSync("ec", { namedCurve: "P-384" }));
const shared = { id: "shared", algorithm: "hmac-sha256", secret } as const;
const pairs = [
  ["ed25519", ed25519],
  ["ecdsa-p256-sha256", p256],
  ["rsa-pss-sha512", rsa],
  ["rsa-v1_5-sha256", rsa],
] as const;
const signing = [
  new MessageSigningKey(shared),
  ...pairs.map(([algorithm, pem]) => new MessageSigningKey({ id: algorithm, algorithm, ...pem })),
];
const verifying = [
  new MessageVerifyingKey(shared),
  ...pairs.map(([algorithm, pem]) => new MessageVerifyingKey({ id: algorithm, algorithm, ...pem })),
];
const [hmacKey, edKey] = signing as [MessageSigningKey, MessageSigningKey];

function clockAt(offsetSeconds = 0): FakeClock {
  return new FakeClock({ wallTime: (NOW_S + offsetSeconds) * 1000 });
}

function order(init: RequestInit & { url?: string } = {}): Request {
  const { url = "http://shop.example/orders?page=2&tag=a%20b", ...rest } = init;
  return new Request(url, { method: "POST", body: '{"pay":7}', ...rest });
}

function sign(options: Partial<SignMessageOptions> = {}, message = order()): Promise<Request> {
  return signMessage(message, { key: hmacKey, clock: clockAt(), ...options });
}

function verify(message: Request | Response, options: Partial<VerifyMessageOptions> = {}) {
  return verifyMessage(message, { keys: verifying, clock: clockAt(), ...options });
}

for (const key of signing) {
  Deno.test(`verifyMessage() accepts what signMessage() signed by ${key.algorithm}`, async () => {
    const signed = await sign({ key, tag: "pay", nameAlgorithm: true, expiresInSeconds: 60 });
    const { keyId, algorithm, created, expires, tag, components } = await verify(signed);
    assertEquals([keyId, algorithm, tag], [key.id, key.algorithm, "pay"]);
    assertEquals([created, expires], [NOW_S, NOW_S + 60]);
    assertEquals(components, [
      '"@method"',
      '"@authority"',
      '"@path"',
      '"@query"',
      '"content-digest"',
    ]);
  });

  Deno.test(`verifyMessage() refuses what ${key.algorithm} did not sign`, async () => {
    const signed = await sign({ key });
    const value = signed.headers.get("signature")!;
    const bytes = Uint8Array.fromBase64(/:(.*):/.exec(value)![1]!);
    const spoilt = [
      bytes.slice(0, -1),
      new Uint8Array(0),
      new Uint8Array(bytes.length),
      Uint8Array.from(bytes, (byte, i) => i === 7 ? byte ^ 1 : byte),
      Uint8Array.from([...bytes, 0]),
    ];
    for (const wrong of spoilt) {
      signed.headers.set("signature", `sig=:${wrong.toBase64()}:`);
      await assertRejects(() => verify(signed), MessageSignatureError, "does not match");
    }
  });
}

const changes: [
  what: string,
  change: (message: Request) => Request,
  fault: MessageSignatureFault,
][] = [
  ["method", (it) => order({ method: "PUT", headers: it.headers }), "mismatch"],
  [
    "path",
    (it) => order({ url: "http://shop.example/order?page=2&tag=a%20b", headers: it.headers }),
    "mismatch",
  ],
  [
    "query",
    (it) => order({ url: "http://shop.example/orders?page=3", headers: it.headers }),
    "mismatch",
  ],
  [
    "host",
    (it) => order({ url: "http://evil.example/orders?page=2", headers: it.headers }),
    "mismatch",
  ],
  ["digest", (it) => withHeader(it, "content-digest", "sha-256=:AAAA:"), "mismatch"],
  ["missing digest", (it) => withHeader(it, "content-digest", null), "coverage"],
  ["missing signature", (it) => withHeader(it, "signature", null), "missing"],
  ["missing input", (it) => withHeader(it, "signature-input", null), "missing"],
  ["signature of another label", (it) => withHeader(it, "signature", "other=:AAAA:"), "missing"],
  ["malformed signature", (it) => withHeader(it, "signature", "sig=:"), "malformed"],
  ["signature that is no bytes", (it) => withHeader(it, "signature", 'sig="AAAA"'), "malformed"],
  ["malformed input", (it) => withHeader(it, "signature-input", "sig=("), "malformed"],
  ["input without list", (it) => withHeader(it, "signature-input", "sig=1"), "missing"],
];

function withHeader(message: Request, name: string, value: string | null): Request {
  if (value === null) message.headers.delete(name);
  else message.headers.set(name, value);
  return message;
}

for (const [what, change, fault] of changes) {
  Deno.test(`verifyMessage() refuses a message with another ${what}`, async () => {
    const signed = change(await sign());
    const error = await assertRejects(() => verify(signed), MessageSignatureError);
    assertEquals([error.fault, error.httpStatus, error.challenge], [fault, 401, "Signature"]);
  });
}

const DEFAULTS = '"@method" "@authority" "@path" "@query"';
const inputs: [what: string, input: string, fault: MessageSignatureFault][] = [
  ["nothing", '();created=1700000000;keyid="shared"', "coverage"],
  ["no method", '("@authority" "@path" "@query");created=1700000000;keyid="shared"', "coverage"],
  ["a component twice", `(${DEFAULTS} "@path");created=1700000000;keyid="shared"`, "malformed"],
  [
    "its own parameters",
    `(${DEFAULTS} "@signature-params");created=1700000000;keyid="shared"`,
    "malformed",
  ],
  ["a token", `(${DEFAULTS} date);created=1700000000;keyid="shared"`, "malformed"],
  ["a name in upper case", `(${DEFAULTS} "Date");created=1700000000;keyid="shared"`, "malformed"],
  [
    "a field that is not there",
    `(${DEFAULTS} "date");created=1700000000;keyid="shared"`,
    "coverage",
  ],
  ["an unknown component", `(${DEFAULTS} "@body");created=1700000000;keyid="shared"`, "coverage"],
  ["a prototype", `(${DEFAULTS} "@constructor");created=1700000000;keyid="shared"`, "coverage"],
  ["a status", `(${DEFAULTS} "@status");created=1700000000;keyid="shared"`, "coverage"],
  ["an unknown parameter", `(${DEFAULTS} "@path";x);created=1700000000;keyid="shared"`, "coverage"],
  ["bytes", `(${DEFAULTS} "content-digest";bs);created=1700000000;keyid="shared"`, "coverage"],
  ["a trailer", `(${DEFAULTS} "content-digest";tr);created=1700000000;keyid="shared"`, "coverage"],
  [
    "the request of a request",
    `(${DEFAULTS} "@path";req);created=1700000000;keyid="shared"`,
    "coverage",
  ],
  [
    "a parameter that is not there",
    `(${DEFAULTS} "@query-param";name="x");created=1700000000;keyid="shared"`,
    "coverage",
  ],
  ["too much", `(${DEFAULTS} ${'"a" '.repeat(70)});created=1700000000;keyid="shared"`, "malformed"],
  ["and has no key", `(${DEFAULTS});created=1700000000`, "key"],
  ["and has an unknown key", `(${DEFAULTS});created=1700000000;keyid="../../etc/passwd"`, "key"],
  ["and has a key that is no text", `(${DEFAULTS});created=1700000000;keyid=shared`, "malformed"],
  [
    "and names another algorithm",
    `(${DEFAULTS});created=1700000000;keyid="shared";alg="ed25519"`,
    "algorithm",
  ],
  ["and has no time", `(${DEFAULTS});keyid="shared"`, "time"],
  [
    "and has a time that is no integer",
    `(${DEFAULTS});created=1700000000.5;keyid="shared"`,
    "malformed",
  ],
  ["and has a time as text", `(${DEFAULTS});created="1700000000";keyid="shared"`, "malformed"],
  ["and is of the future", `(${DEFAULTS});created=1700000031;keyid="shared"`, "time"],
  ["and is too old", `(${DEFAULTS});created=1699999669;keyid="shared"`, "time"],
  ["and is expired", `(${DEFAULTS});created=1700000000;expires=1699999969;keyid="shared"`, "time"],
  ["and is at the edge of its age", `(${DEFAULTS});created=1699999670;keyid="shared"`, "mismatch"],
];

for (const [what, input, fault] of inputs) {
  Deno.test(`verifyMessage() refuses a signature that covers ${what}`, async () => {
    const signed = await sign();
    signed.headers.set("signature-input", `sig=${input}`);
    const error = await assertRejects(() => verify(signed), MessageSignatureError);
    assertEquals(error.fault, fault);
  });
}

Deno.test("MessageVerifyingKey takes no key of another kind, and no secret for a public key", () => {
  const id = "x";
  const wrong: [algorithm: "ed25519" | "ecdsa-p256-sha256" | "rsa-v1_5-sha256", pem: string][] = [
    ["ed25519", rsa.publicKeyPem],
    ["ecdsa-p256-sha256", ed25519.publicKeyPem],
    ["ecdsa-p256-sha256", p384.publicKeyPem],
    ["rsa-v1_5-sha256", p256.publicKeyPem],
  ];
  for (const [algorithm, publicKeyPem] of wrong) {
    assertThrows(() => new MessageVerifyingKey({ id, algorithm, publicKeyPem }), TypeError, "kind");
  }
  const short = pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }));
  assertThrows(
    () => new MessageVerifyingKey({ id, algorithm: "rsa-pss-sha512", ...short }),
    RangeError,
    "2048 bits",
  );
  const tiny = { ...shared, secret: secret.slice(0, 15) };
  assertThrows(() => new MessageVerifyingKey(tiny), RangeError, "16 bytes");
  const inner = rsa.privateKeyPem.slice(100, 140);
  const error = assertThrows(
    () =>
      new MessageSigningKey({
        id,
        algorithm: "ed25519",
        privateKeyPem: rsa.privateKeyPem.slice(0, 300),
      }),
    TypeError,
  );
  assert(!`${error.message}${error.cause}`.includes(inner));
});

Deno.test("verifyMessage() refuses HMAC made with a public key", async () => {
  const asSecret = new TextEncoder().encode(rsa.publicKeyPem);
  const forger = new MessageSigningKey({
    id: "rsa-v1_5-sha256",
    algorithm: "hmac-sha256",
    secret: asSecret,
  });
  for (const nameAlgorithm of [true, false]) {
    const signed = await sign({ key: forger, nameAlgorithm });
    await assertRejects(() => verify(signed), MessageSignatureError);
  }
});

Deno.test("verifyMessage() finds the one good signature among several", async () => {
  const stranger = new MessageSigningKey({ ...shared, id: "stranger" });
  const forger = new MessageSigningKey({ ...shared, secret: secret.slice(1) });
  let signed = await sign({ key: stranger, label: "a" });
  signed = await sign({ key: forger, label: "b", tag: "pay" }, signed);
  signed = await sign({ key: edKey, label: "c", tag: "pay" }, signed);
  assertEquals((await verify(signed)).label, "c");
  assertEquals((await verify(signed, { tag: "pay" })).label, "c");
  const error = await assertRejects(() => verify(signed, { tag: "x" }), MessageSignatureError);
  assertEquals(error.fault, "missing");
});

Deno.test("verifyMessage() looks at eight signatures and no more", async () => {
  let asked = 0;
  const signed = await sign();
  const field = (value: string) =>
    Array.from({ length: 100 }, (_, i) => `s${i}=${value}`).join(", ");
  signed.headers.set("signature-input", field(`(${DEFAULTS});created=${NOW_S};keyid="x"`));
  signed.headers.set("signature", field(":AAAA:"));
  const keys = () => (asked++, undefined);
  await assertRejects(() => verify(signed, { keys }), MessageSignatureError, "not known");
  assertEquals(asked, 8);
});

Deno.test("verifyMessage() accepts a signature once, however it is written", async () => {
  const replay = new ReplayCache({ clock: clockAt() });
  const p256Key = signing[2]!;
  const signed = await sign({ key: p256Key });
  await verify(signed, { replay });
  await assertRejects(() => verify(signed, { replay }), MessageSignatureError, "before");
  // Whoever has a signature of ECDSA has a second one: s and n - s are as good.
  const bytes = Uint8Array.fromBase64(/:(.*):/.exec(signed.headers.get("signature")!)![1]!);
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = BigInt(`0x${bytes.slice(32).toHex()}`);
  const twin = bytes.slice(0, 32).toHex() + (n - s).toString(16).padStart(64, "0");
  signed.headers.set("signature", `sig=:${Uint8Array.fromHex(twin).toBase64()}:`);
  assertEquals((await verify(signed)).keyId, p256Key.id);
  await assertRejects(() => verify(signed, { replay }), MessageSignatureError, "before");
  assertEquals(replay.size, 1);
});

Deno.test("verifyMessage() asks for a nonce where it is told so", async () => {
  const requireNonce = true;
  await verify(await sign(), { requireNonce });
  const signed = await sign({ nonce: false });
  await assertRejects(() => verify(signed, { requireNonce }), MessageSignatureError, "nonce");
});

const ANYTHING = { requiredComponents: [], maxAgeSeconds: Infinity };

Deno.test("verifyMessage() accepts one without time where age says nothing", async () => {
  const signed = await sign({ created: false });
  await assertRejects(() => verify(signed), MessageSignatureError, "when it was made");
  assertEquals((await verify(signed, ANYTHING)).created, undefined);
});

const components: [component: string, url: string][] = [
  ["@target-uri", "http://shop.example/a?b#c"],
  ["@request-target", "http://shop.example/a?b"],
  ["@scheme", "https://shop.example"],
  ['"@query-param";name="page"', "http://shop.example/?page=2"],
  ['"@query-param";name="fa%C3%A7ade%22%3A%20"', "http://a/?fa%C3%A7ade%22%3A%20=something"],
  ['"content-digest";key="sha-256"', "http://a/"],
  ['"content-digest";sf', "http://a/"],
];

for (const [component, url] of components) {
  Deno.test(`signMessage() and verifyMessage() agree on ${component}`, async () => {
    const message = order({
      url,
      headers: { "content-digest": "sha-256=:AAAA:,   sha-512=:BBBB:" },
    });
    const signed = await sign({ components: [component] }, message);
    const { components } = await verify(signed, { requiredComponents: [component] });
    assertEquals(components, [component.startsWith("@") ? `"${component}"` : component]);
  });
}

Deno.test("signMessage() refuses what cannot be covered", async () => {
  const url = "http://a/?x=1&x=2";
  for (
    const component of ['"@query-param";name="x"', "date", "@status", '"@path";req', "@nothing"]
  ) {
    const signing = () => sign({ components: [component] }, order({ url }));
    await assertRejects(signing, MessageSignatureError, "it covers");
  }
  for (const component of ["Date", "", '"a', "a b", "@signature-params", "a\r\nb"]) {
    await assertRejects(() => sign({ components: [component] }), SyntaxError);
  }
  await assertRejects(() => sign({ expiresInSeconds: 0 }), RangeError, "expiresInSeconds");
});

Deno.test("signMessage() signs an answer together with its request", async () => {
  const request = order();
  const answer = new Response("done", { status: 201 });
  const components = ["@status", "content-digest", '"@method";req', '"@path";req'];
  const signed = await signMessage(answer, { key: edKey, clock: clockAt(), components, request });
  assertEquals((await verify(signed, { request })).keyId, "ed25519");
  await assertRejects(() => verify(signed), MessageSignatureError, "has no request");
  const other = order({ method: "PUT" });
  await assertRejects(() => verify(signed, { request: other }), MessageSignatureError, "match");
  assertEquals(await signed.text(), "done");
});

const targets: [url: string, authority: string, path: string, query: string][] = [
  ["http://Shop.EXAMPLE:80/a%2Fb/../c?x", "shop.example", "/a%2Fb/../c", "?x"],
  ["https://shop.example:443", "shop.example", "/", ""],
  ["https://shop.example:80/?", "shop.example:80", "/", "?"],
  ["http://user@[::1]:8080/a#b?c", "[::1]:8080", "/a", ""],
];

for (const [url, authority, path, query] of targets) {
  Deno.test(`targetOf() reads ${url}`, () => {
    const { scheme, ...target } = targetOf(url);
    assertEquals([scheme, target], [url.split(":")[0], { authority, path, query }]);
  });
}

Deno.test("verifyMessage() takes what clients see for what the proxy left", async () => {
  const signed = await sign({}, order({ url: "https://shop.example/orders" }));
  const inside = order({ url: "http://10.0.0.7:8080/orders", headers: signed.headers });
  await assertRejects(() => verify(inside), MessageSignatureError, "match");
  assertEquals((await verify(inside, { origin: "https://shop.example" })).keyId, "shared");
});

const body = new TextEncoder().encode("hello");
const digests: [header: string, isGood: boolean][] = [
  ["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:", true],
  [
    "sha-512=:m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==:",
    true,
  ],
  ["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:, md5=:AAAA:", true],
  ["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:, sha-512=:AAAA:", false],
  ["md5=:XUFAKrxLKna5cZ2REBfFkg==:", false],
  ["sha-256=:AAAA:", false],
  ['sha-256="LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="', false],
  ["sha-256", false],
  ["sha-256=(:AAAA:)", false],
  ["", false],
  ["sha-256=:", false],
];

for (const [header, isGood] of digests) {
  Deno.test(`isDigestOf() says ${isGood} to ${header.slice(0, 60)}`, () => {
    assertEquals(isDigestOf(header, body), isGood);
  });
}

async function ask(
  request: Request | readonly Request[],
  options: Partial<MessageSignatureOptions> = {},
): Promise<{ statuses: number[]; texts: string[]; log: MemoryLog }> {
  const log = new MemoryLog();
  await using server = new Server({ Name: "test", Port: 0 }, { log, clock: clockAt() });
  const middleware = [messageSignature({ keys: verifying, ...options })];
  server.addRoutes(
    ["GET", "POST"].map((method) => ({
      method,
      path: "/orders",
      handler: async (request, context) =>
        new Response(`${verifiedSignature(context)?.keyId} ${await request.text()}`),
    })),
    { middleware },
  );
  const answers: Response[] = [];
  for (const one of [request].flat()) answers.push(await server.fetch(one));
  return {
    statuses: answers.map(({ status }) => status),
    texts: await Promise.all(answers.map((answer) => answer.text())),
    log,
  };
}

Deno.test("messageSignature() lets a signed request pass, with its body, once", async () => {
  const signed = await sign();
  const { statuses, texts } = await ask([signed.clone(), signed]);
  assertEquals(statuses, [200, 401]);
  assertEquals(texts[0], 'shared {"pay":7}');
  const again = await sign();
  assertEquals((await ask([again.clone(), again], { replay: false })).statuses, [200, 200]);
});

Deno.test("messageSignature() needs no digest without a body", async () => {
  const get = new Request("http://shop.example/orders");
  const signed = await sign({ components: ["@method", "@authority", "@path", "@query"] }, get);
  assertEquals((await ask(signed)).statuses, [200]);
});

Deno.test("messageSignature() refuses a body that nobody vouches for", async () => {
  const components = ["@method", "@authority", "@path", "@query"];
  const without = await sign({ components });
  const { statuses, texts } = await ask([
    without,
    order({ headers: (await sign()).headers, body: "x" }),
  ]);
  assertEquals(statuses, [401, 401]);
  assert(texts[0]!.includes("content-digest"));
  assert(texts[1]!.includes("the body is not that of its digest"));
  assertEquals((await ask(await sign({ components }), { requireDigest: false })).statuses, [200]);
});

Deno.test("messageSignature() does not use up a signature that came with another body", async () => {
  const signed = await sign();
  const forged = order({ headers: signed.headers, body: "x" });
  assertEquals((await ask([forged, signed])).statuses, [401, 200]);
});

Deno.test("messageSignature() reads no body of those who hold no key, and not too much", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(512))),
  }, { highWaterMark: 0 });
  const { headers } = await sign();
  const bad = new Headers(headers);
  bad.set("signature", "sig=:AAAA:");
  const request = new Request("http://shop.example/orders?page=2&tag=a%20b", {
    method: "POST",
    body: endless,
    headers: bad,
  });
  assertEquals((await ask(request)).statuses, [401]);
  assert(pulled <= 2); // The limit of the route reads ahead by a chunk.
  const long = await sign({}, order({ body: "x".repeat(2048) }));
  assertEquals((await ask(long, { maxBytes: 1024 })).statuses, [413]);
});

Deno.test("messageSignature() lets a callback answer, and logs nothing secret", async () => {
  const signed = await sign({ key: new MessageSigningKey({ ...shared, id: "stranger" }) });
  const onRefused = (error: MessageSignatureError) => new Response(error.fault, { status: 418 });
  const { statuses, texts, log } = await ask(signed, { onRefused });
  assertEquals([statuses, texts], [[418], ["key"]]);
  const all = log.lines.join("\n");
  assert(!all.includes(signed.headers.get("signature")!.slice(5, 25)));
  assert(!all.includes("a secret of thirty"));
});

Deno.test("messageSignature() refuses options out of range", () => {
  assertThrows(() => messageSignature({ keys: [], maxBytes: 0 }), RangeError, "maxBytes");
  assertThrows(() => messageSignature({ keys: [], maxAgeSeconds: 0 }), RangeError, "maxAgeSeconds");
});
