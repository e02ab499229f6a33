import { assert, assertEquals, assertThrows } from "@std/assert";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { UnauthorizedError } from "../errors.ts";
import { hmacVerifier, signToken, verifyToken } from "./token.ts";

const SECRET = "correct horse battery staple";
const NOW_MS = 1_750_000_000_000;

function part(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** A token with this text as header, signed with the secret as HS256 does. */
function forged(header: string, payload = '{"userId":42}', key = SECRET): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

function refuse(token: string, why = "Cannot accept token"): void {
  const error = assertThrows(
    () => verifyToken(token, { secret: SECRET, nowMs: NOW_MS }),
    UnauthorizedError,
    why,
  );
  assertEquals(error.challenge, 'Bearer error="invalid_token"');
}

const spellings = Array.from(
  { length: 16 },
  (_, bits) => [..."none"].map((c, i) => bits >> i & 1 ? c.toUpperCase() : c).join(""),
);

for (const spelling of spellings) {
  Deno.test(`verifyToken() refuses alg ${spelling}, signed or not`, () => {
    const header = `{"alg":"${spelling}","typ":"JWT"}`;
    refuse(`${part(header)}.${part('{"userId":42}')}.`, "algorithm is not accepted");
    refuse(forged(header), "algorithm is not accepted");
  });
}

const headers: [what: string, header: string][] = [
  ["that names a member twice", '{"alg":"none","alg":"HS256"}'],
  ["that names a member twice, once escaped", '{"alg":"none","\\u0061lg":"HS256"}'],
  ["with an empty alg", '{"alg":""}'],
  ["with alg as list", '{"alg":["HS256"]}'],
  ["with alg of a prototype", '{"alg":"constructor"}'],
  ["with alg in __proto__", '{"__proto__":{"alg":"HS256"}}'],
  ["with alg in lower case", '{"alg":"hs256"}'],
  ["with alg padded", '{"alg":"HS256 "}'],
  ["with alg of RSA", '{"alg":"RS256"}'],
  ["with alg of EC", '{"alg":"ES256"}'],
  ["with an extension", '{"alg":"HS256","crit":["exp"]}'],
  ["with an empty extension", '{"alg":"HS256","crit":[]}'],
  ["with unencoded payload", '{"alg":"HS256","b64":false,"crit":["b64"]}'],
  ["with kid as object", '{"alg":"HS256","kid":{"$gt":""}}'],
  ["that is a list", '["HS256"]'],
  ["that is null", "null"],
  ["that is no JSON", "{alg:HS256}"],
  ["that is empty", ""],
];

for (const [what, header] of headers) {
  Deno.test(`verifyToken() refuses a signed header ${what}`, () => refuse(forged(header)));
}

const harmless: [what: string, header: string][] = [
  ["kid of a path", '{"alg":"HS256","kid":"../../../../dev/null"}'],
  ["kid of SQL", `{"alg":"HS256","kid":"' UNION SELECT 'key"}`],
  ["kid of a URL", '{"alg":"HS256","kid":"http://evil.example/key"}'],
  ["jku", '{"alg":"HS256","jku":"http://evil.example/keys"}'],
  ["x5u", '{"alg":"HS256","x5u":"http://evil.example/cert"}'],
  ["jwk", '{"alg":"HS256","jwk":{"kty":"oct","k":"YXR0YWNrZXI"}}'],
  ["x5c", '{"alg":"HS256","x5c":["MIIB"]}'],
];

for (const [what, header] of harmless) {
  Deno.test(`verifyToken() takes no key from the header: ${what}`, () => {
    assertEquals(verifyToken(forged(header), { secret: SECRET, nowMs: NOW_MS }).userId, 42);
    refuse(forged(header, undefined, "attacker"), "signature does not match");
    refuse(forged(header, undefined, ""), "signature does not match");
  });
}

Deno.test("verifyToken() refuses a public key as secret, so none passes for one", () => {
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const error = assertThrows(() => hmacVerifier({ secret: publicKey }), TypeError, "key in PEM");
  assert(!error.message.includes(publicKey.slice(40, 80)));
});

const signatures: [what: string, (signature: string) => string][] = [
  ["no signature", () => ""],
  ["a padded signature", (it) => `${it}=`],
  ["a cut signature", (it) => it.slice(0, -4)],
  ["a longer signature", (it) => `${it}AAAA`],
  ["a signature in base64", (it) => it.replaceAll("-", "+").replaceAll("_", "/") + "="],
  ["a signature with spare bits", (it) => it.slice(0, -1) + next(it.at(-1)!)],
  ["a signature with a line break", (it) => `${it}\n`],
  ["a fourth part", (it) => `${it}.${it}`],
];

function next(char: string): string {
  return String.fromCharCode(char.charCodeAt(0) + 1);
}

for (const [what, change] of signatures) {
  Deno.test(`verifyToken() refuses ${what}`, () => {
    const token = signToken({ userId: 42 }, SECRET);
    const at = token.lastIndexOf(".") + 1;
    refuse(token.slice(0, at) + change(token.slice(at)));
  });
}

Deno.test("verifyToken() refuses claims that are too many, and a claim named twice", () => {
  refuse(signToken({ all: "x".repeat(16_384) }, SECRET), "three parts");
  refuse(forged('{"alg":"HS256"}', '{"exp":1,"exp":4102444800}'), "malformed");
  refuse(forged('{"alg":"HS256"}', "[".repeat(9_000)), "malformed");
});

Deno.test("verifyToken() keeps every digit of an id", () => {
  const token = signToken({ userId: 9007199254740993n, exp: 4102444800 }, SECRET);
  const claims = verifyToken(token, { secret: SECRET, nowMs: NOW_MS });
  assertEquals([claims.userId, claims.exp], [9007199254740993n, 4102444800]);
});

const rules: [what: string, claims: Record<string, unknown>, why: string | undefined][] = [
  ["issuer and audience", { iss: "a", aud: "me" }, undefined],
  ["one of several audiences", { iss: "b", aud: ["you", "me"] }, undefined],
  ["another issuer", { iss: "c", aud: "me" }, "its issuer is not accepted"],
  ["no issuer", { aud: "me" }, "its issuer is not accepted"],
  ["issuers as a list", { iss: ["a"], aud: "me" }, "its issuer is not accepted"],
  ["another audience", { iss: "a", aud: "you" }, "another audience"],
  ["no audience", { iss: "a" }, "another audience"],
  ["no sub", { iss: "a", aud: "me", sub: undefined }, "it has no sub"],
];

for (const [what, claims, why] of rules) {
  Deno.test(`verifyToken() ${why ? "refuses" : "accepts"} ${what}`, () => {
    const token = signToken({ sub: "7", ...claims }, SECRET);
    const verify = () =>
      verifyToken(token, {
        secret: SECRET,
        nowMs: NOW_MS,
        issuer: ["a", "b"],
        audience: "me",
        requiredClaims: ["sub"],
      });
    if (why === undefined) assertEquals(verify().sub, "7");
    else assertThrows(verify, UnauthorizedError, why);
  });
}

const types: [typ: string, asked: string, accepted: boolean][] = [
  ["JWT", "jwt", true],
  ["at+jwt", "at+jwt", true],
  ["application/AT+JWT", "at+jwt", true],
  ["JWT", "at+jwt", false],
];

for (const [typ, asked, accepted] of types) {
  Deno.test(`verifyToken() ${accepted ? "accepts" : "refuses"} typ ${typ} for ${asked}`, () => {
    const token = forged(`{"alg":"HS256","typ":"${typ}"}`);
    const verify = () => verifyToken(token, { secret: SECRET, nowMs: NOW_MS, type: asked });
    if (accepted) assertEquals(verify().userId, 42);
    else assertThrows(verify, UnauthorizedError, "another type");
  });
}

for (const leewaySeconds of [-1, 61, NaN]) {
  Deno.test(`hmacVerifier() refuses a leeway of ${leewaySeconds} s`, () => {
    assertThrows(() => hmacVerifier({ secret: SECRET, leewaySeconds }), RangeError, "0 to 60");
  });
}
