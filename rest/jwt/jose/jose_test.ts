import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
} from "node:crypto";
import { ServiceError } from "../../../core/errors.ts";
import { FakeClock } from "../../../core/testing/fake_clock.ts";
import { UnauthorizedError } from "../../errors.ts";
import type { TokenVerifier } from "../verifier.ts";
import type { JsonWebKeyInput, PublicKeyAlgorithm } from "./algorithm.ts";
import { joseVerifier, signWithKey } from "./jose_verifier.ts";
import { KeyRing, pemKeys } from "./key_source.ts";
import { RemoteKeys, type RemoteKeysOptions } from "./remote_keys.ts";

const NOW_MS = 1_750_000_000_000;
const rsa = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const otherRsa = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const p256 = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }));
const p384 = pemOf(generateKeyPairSync("ec", { namedCurve: "P-384" }));
const ed25519 = pemOf(generateKeyPairSync("ed25519"));

function pemOf({ publicKey, privateKey }: KeyPairKeyObjectResult) {
  return {
    publicKey: String(publicKey.export({ type: "spki", format: "pem" })),
    privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

function jwk(pem: string, more: JsonWebKeyInput = {}): JsonWebKeyInput {
  return { ...createPublicKey(pem).export({ format: "jwk" }), ...more } as JsonWebKeyInput;
}

const pairs: [PublicKeyAlgorithm, { publicKey: string; privateKey: string }][] = [
  ["RS256", rsa],
  ["RS384", rsa],
  ["RS512", rsa],
  ["PS256", rsa],
  ["PS384", rsa],
  ["PS512", rsa],
  ["ES256", p256],
  ["ES384", p384],
  ["EdDSA", ed25519],
  ["Ed25519", ed25519],
];
const everyKey = [rsa, p256, p384, ed25519].map(({ publicKey }) => jwk(publicKey));

async function verify(verifier: TokenVerifier, token: string): Promise<unknown> {
  return (await verifier.verify(token, NOW_MS)).userId;
}

for (const [algorithm, { publicKey, privateKey }] of pairs) {
  Deno.test(`joseVerifier() accepts ${algorithm} of its own key alone`, async () => {
    const token = await signWithKey({ userId: 42 }, { privateKeyPem: privateKey, algorithm });
    const pem = joseVerifier({ keys: await pemKeys([{ pem: publicKey, algorithm }]) });
    assertEquals(await verify(pem, token), 42);
    assertEquals(await verify(joseVerifier({ keys: new KeyRing(everyKey) }), token), 42);
    const others = everyKey.filter((key) =>
      key.n !== jwk(publicKey).n || key.x !== jwk(publicKey).x
    );
    await assertRejects(
      () => verify(joseVerifier({ keys: new KeyRing(others) }), token),
      UnauthorizedError,
    );
    const altered = token.slice(0, -6) + (token.at(-6) === "A" ? "B" : "A") + token.slice(-5);
    await assertRejects(() => verify(pem, altered), UnauthorizedError, "does not match");
  });
}

function hmacToken(header: Record<string, unknown>, secret: string): string {
  const signed = [header, { userId: 42 }]
    .map((it) => Buffer.from(JSON.stringify(it)).toString("base64url")).join(".");
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const publicSecrets: [what: string, secret: string][] = [
  ["in PEM", rsa.publicKey],
  ["in PEM without its last line break", rsa.publicKey.trim()],
  ["as JSON Web Key", JSON.stringify(jwk(rsa.publicKey))],
  ["as modulus", jwk(rsa.publicKey).n!],
];

for (const [what, secret] of publicSecrets) {
  for (const alg of ["HS256", "RS256", "none", "NONE"]) {
    Deno.test(`joseVerifier() refuses ${alg} made with the public key ${what}`, async () => {
      const verifier = joseVerifier({ keys: new KeyRing(everyKey) });
      const token = hmacToken({ alg }, secret);
      await assertRejects(() => verify(verifier, token), UnauthorizedError);
      const unsigned = token.slice(0, token.lastIndexOf(".") + 1);
      await assertRejects(() => verify(verifier, unsigned), UnauthorizedError);
    });
  }
}

Deno.test("joseVerifier() never uses a shared secret of a key set", async () => {
  const oct = { kty: "oct", k: Buffer.from("secret").toString("base64url") };
  const verifier = joseVerifier({ keys: new KeyRing([oct]) });
  for (const alg of ["HS256", "RS256", "ES256"]) {
    await assertRejects(() => verify(verifier, hmacToken({ alg }, "secret")), UnauthorizedError);
  }
});

const restricted: [what: string, key: JsonWebKeyInput][] = [
  ["another algorithm", { alg: "RS512" }],
  ["encryption", { use: "enc" }],
  ["signing only", { key_ops: ["sign"] }],
  ["another name", { kid: "other" }],
];

for (const [what, more] of restricted) {
  Deno.test(`joseVerifier() does not use a key for ${what}`, async () => {
    const options = { privateKeyPem: rsa.privateKey, algorithm: "RS256", keyId: "mine" } as const;
    const token = await signWithKey({ userId: 42 }, options);
    const keys = new KeyRing([jwk(rsa.publicKey, more)]);
    await assertRejects(
      () => verify(joseVerifier({ keys }), token),
      UnauthorizedError,
      "not known",
    );
  });
}

const kids = [
  "../../etc/passwd",
  "' OR 1=1 --",
  "__proto__",
  "constructor",
  "http://evil/",
  "a\0b",
];
for (const keyId of kids) {
  Deno.test(`joseVerifier() does nothing with kid ${JSON.stringify(keyId)} but compare`, async () => {
    const options = { privateKeyPem: rsa.privateKey, algorithm: "RS256", keyId } as const;
    const token = await signWithKey({ userId: 42 }, options);
    const keys = new KeyRing([jwk(rsa.publicKey, { kid: "mine" })]);
    await assertRejects(
      () => verify(joseVerifier({ keys }), token),
      UnauthorizedError,
      "not known",
    );
  });
}

Deno.test("joseVerifier() takes no key from the header", async () => {
  const { CompactSign, importPKCS8 } = await import("npm:jose@^6");
  const key = await importPKCS8(otherRsa.privateKey, "RS256");
  for (
    const more of [
      { jwk: jwk(otherRsa.publicKey) },
      { jku: "http://127.0.0.1:1/keys" },
      { x5u: "http://127.0.0.1:1/cert" },
    ]
  ) {
    const token = await new CompactSign(new TextEncoder().encode('{"userId":1}'))
      .setProtectedHeader({ alg: "RS256", ...more } as never).sign(key);
    const verifier = joseVerifier({ keys: new KeyRing([jwk(rsa.publicKey)]) });
    await assertRejects(() => verify(verifier, token), UnauthorizedError, "does not match");
  }
});

Deno.test("joseVerifier() holds claims to its rules", async () => {
  const keys = new KeyRing(everyKey);
  const verifier = joseVerifier({ keys, issuer: "me", algorithms: ["EdDSA"] });
  const options = { privateKeyPem: ed25519.privateKey, algorithm: "EdDSA" } as const;
  const sign = (claims: Record<string, unknown>) => signWithKey(claims, options);
  assertEquals(await verify(verifier, await sign({ userId: 42, iss: "me" })), 42);
  for (const claims of [{ iss: "you" }, {}, { iss: "me", exp: NOW_MS / 1000 }]) {
    const token = await sign(claims);
    await assertRejects(() => verify(verifier, token), UnauthorizedError);
  }
  const rs256 = await signWithKey({ iss: "me" }, {
    privateKeyPem: rsa.privateKey,
    algorithm: "RS256",
  });
  await assertRejects(() => verify(verifier, rs256), UnauthorizedError, "algorithm");
});

Deno.test("joseVerifier() refuses algorithms of shared secrets", () => {
  const algorithms = ["HS256"] as unknown[] as PublicKeyAlgorithm[];
  assertThrows(() => joseVerifier({ keys: new KeyRing([]), algorithms }), TypeError, "HS256");
});

Deno.test("pemKeys() and signWithKey() say nothing of a key they cannot read", async () => {
  const inner = rsa.privateKey.split("\n")[3]!;
  const errors = [
    await assertRejects(() => pemKeys([{ pem: rsa.privateKey, algorithm: "RS256" }]), TypeError),
    await assertRejects(() => pemKeys([{ pem: p256.publicKey, algorithm: "RS256" }]), TypeError),
    await assertRejects(
      () =>
        signWithKey({}, { privateKeyPem: `${rsa.privateKey.slice(0, 400)}`, algorithm: "RS256" }),
      TypeError,
    ),
  ];
  for (const error of errors) assert(!`${error.message} ${error.cause}`.includes(inner));
});

/** A key set that tests can change, and how often it was read. */
function issuer(options: RemoteKeysOptions = {}) {
  const clock = new FakeClock();
  const state = { keys: [jwk(rsa.publicKey, { kid: "1" })], reads: 0, up: true };
  const keys = new RemoteKeys("https://issuer.example/keys", {
    clock,
    fetch: () => {
      state.reads++;
      if (!state.up) return Promise.reject(new TypeError("connection refused"));
      return Promise.resolve(Response.json({ keys: state.keys }));
    },
    ...options,
  });
  return { clock, state, keys, verifier: joseVerifier({ keys }) };
}

function tokenOf(keyId: string, { privateKey } = rsa): Promise<string> {
  return signWithKey({ userId: 42 }, { privateKeyPem: privateKey, algorithm: "RS256", keyId });
}

Deno.test("RemoteKeys reads once for many tokens, and again when the set is old", async () => {
  const { clock, state, verifier } = issuer({ maxAgeMs: 60_000 });
  const token = await tokenOf("1");
  await Promise.all([verify(verifier, token), verify(verifier, token), verify(verifier, token)]);
  assertEquals(state.reads, 1);
  clock.elapse(60_000);
  await verify(verifier, token);
  assertEquals(state.reads, 2);
});

Deno.test("RemoteKeys finds a new key, but not more often than the cooldown allows", async () => {
  const { clock, state, verifier } = issuer();
  await verify(verifier, await tokenOf("1"));
  const next = await tokenOf("2", otherRsa);
  state.keys = [...state.keys, jwk(otherRsa.publicKey, { kid: "2" })];
  for (let i = 0; i < 20; i++) {
    await assertRejects(() => verify(verifier, next), UnauthorizedError, "not known");
  }
  assertEquals(state.reads, 1);
  clock.elapse(30_000);
  assertEquals(await verify(verifier, next), 42);
  assertEquals(state.reads, 2);
});

Deno.test("RemoteKeys goes on with its keys while the issuer is down", async () => {
  const { clock, state, verifier } = issuer();
  const token = await tokenOf("1");
  await verify(verifier, token);
  state.up = false;
  clock.elapse(3_600_000);
  assertEquals(await verify(verifier, token), 42);
  assertEquals(await verify(verifier, token), 42);
  assertEquals(state.reads, 2);
});

const faults: [what: string, options: RemoteKeysOptions][] = [
  ["is down", { fetch: () => Promise.reject(new TypeError("connection refused")) }],
  ["answers 500", { fetch: () => Promise.resolve(new Response("{}", { status: 500 })) }],
  ["answers no JSON", { fetch: () => Promise.resolve(new Response("<html>")) }],
  ["answers no set", { fetch: () => Promise.resolve(Response.json({ keys: 1 })) }],
  ["answers too much", {
    maxBytes: 100,
    fetch: () => Promise.resolve(Response.json({ keys: [jwk(rsa.publicKey)] })),
  }],
];

for (const [what, options] of faults) {
  Deno.test(`RemoteKeys is unavailable when the issuer ${what} from the start`, async () => {
    const { verifier } = issuer(options);
    const token = await tokenOf("1");
    const error = await assertRejects(() => verify(verifier, token), ServiceError);
    assertEquals([error.code, error.retryAfterMs], ["unavailable", 30_000]);
  });
}

Deno.test("RemoteKeys gives up on an issuer that does not answer", async () => {
  const { clock, verifier } = issuer({
    fetch: (_, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))
      ),
  });
  const token = await tokenOf("1");
  const refused = assertRejects(() => verify(verifier, token), ServiceError, "cannot be read");
  await clock.advance(5_000);
  await refused;
});

Deno.test("RemoteKeys passes over keys it cannot use", async () => {
  const { state, verifier } = issuer();
  state.keys = [
    null as never,
    { kty: "oct", kid: "1" },
    { kty: "RSA", kid: "1", n: "AQ", e: "AQ" },
    { kty: "RSA", kid: "1" },
    ...state.keys,
  ];
  assertEquals(await verify(verifier, await tokenOf("1")), 42);
});

for (const url of ["http://issuer.example/keys", "file:///etc/passwd", "data:,{}"]) {
  Deno.test(`RemoteKeys refuses ${url}`, () => {
    assertThrows(() => new RemoteKeys(url), TypeError, "use https");
  });
}

Deno.test("RemoteKeys refuses options out of range", () => {
  const url = "https://issuer.example/";
  for (
    const options of [{ maxAgeMs: 0 }, { cooldownMs: -1 }, { timeoutMs: NaN }, { maxBytes: 0 }]
  ) {
    assertThrows(() => new RemoteKeys(url, options), RangeError, Object.keys(options)[0]);
  }
});
