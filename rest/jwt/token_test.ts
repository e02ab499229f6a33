import { assertEquals, assertThrows } from "@std/assert";
import { UnauthorizedError } from "../errors.ts";
import { signToken, verifyToken } from "./token.ts";

const SECRET = "unit-test-secret-1";
const PREVIOUS = "previous-secret";
const NOW_MS = 1_750_000_000_000;

/** A token and whether it passes with the secret alone, and with the previous one as well. */
const tokens: [what: string, token: string, alone: string | undefined, both: string | undefined][] =
  [
    [
      "HS256",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjQyLCJyb2xlIjoiYWRtaW4iLCJleHAiOjQxMDI0NDQ4MDAsImlhdCI6MTcwMDAwMDAwMH0.g_mSILwl6CwLFwZ281vU-N_3AKW75dEnhsDKaRdLU9I",
      undefined,
      undefined,
    ],
    [
      "HS512",
      "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjQyLCJleHAiOjQxMDI0NDQ4MDB9.rHtaAbS_ggKKN9hIVHf7JfhbeXmGCWpJwHe4mDIoSv4b5lgDfW6-gjWDJHRdFE27MelwiKLWv-teHxLOxzm-LA",
      undefined,
      undefined,
    ],
    [
      "signed with the previous secret",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjQyLCJleHAiOjQxMDI0NDQ4MDB9.n0yMzlGTcX8YqDdG3VLPEI7lwXkiv5rIUcNwUGOG5yc",
      "its signature does not match",
      undefined,
    ],
    [
      "expired",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjQyLCJleHAiOjE3MDAwMDAwMDB9.UjFr9vsw6Knj3S4RXLW6-ckHetnSENlYp5M292tZaFk",
      "it is expired",
      "it is expired",
    ],
    [
      "not valid yet",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjQxMDI0NDQ4MDB9.sadYxAmVqGmCnjVC-W2tJVPhkqFFijkirbUa6RCiKQs",
      "it is not valid yet",
      "it is not valid yet",
    ],
    [
      "with exp as text",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOiI0MTAyNDQ0ODAwIn0.psQK8GNOfKfn0qm3KBzpFRMWkEtY4u4EcT3YAmd2kDA",
      "it is expired",
      "it is expired",
    ],
    [
      "with exp 0",
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjB9.5-Qes7izcPS_6aMDJihOq8O-LPQxfOWabePDQ5uOGTM",
      "it is expired",
      "it is expired",
    ],
    [
      "with alg none",
      "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJ1c2VySWQiOjQyfQ.",
      "its algorithm is not accepted",
      "its algorithm is not accepted",
    ],
    ["of two parts", "a.b", "it does not have three parts", "it does not have three parts"],
    ["of no JSON", "a.b.c", "it is malformed", "it is malformed"],
    ["too long", "a".repeat(20_000) + ".b.c", "it does not have three parts", "it does not have"],
  ];

for (const [what, token, alone, both] of tokens) {
  for (const [previousSecret, fault] of [[undefined, alone], [PREVIOUS, both]] as const) {
    const verb = fault === undefined ? "accepts" : "refuses";
    const keys = previousSecret ? "two secrets" : "one secret";
    Deno.test(`verifyToken() ${verb} a token ${what} with ${keys}`, () => {
      const verify = () => verifyToken(token, { secret: SECRET, previousSecret, nowMs: NOW_MS });
      if (fault === undefined) assertEquals(verify().userId, 42);
      else assertThrows(verify, UnauthorizedError, fault);
    });
  }
}

Deno.test("verifyToken() accepts none of 10,000 altered tokens", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => (state = (state * 1664525 + 1013904223) >>> 0) % n;
  const token = signToken({ userId: 42, exp: 4102444800 }, SECRET);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";
  for (let i = 0; i < 10_000; i++) {
    const at = next(token.length);
    const altered = token.slice(0, at) + alphabet[next(alphabet.length)] +
      token.slice(at + next(2));
    if (altered === token) continue;
    assertThrows(
      () => verifyToken(altered, { secret: SECRET, nowMs: NOW_MS }),
      UnauthorizedError,
      "Cannot accept token",
      altered,
    );
  }
});

Deno.test("verifyToken() accepts only the algorithms it is told", () => {
  const token = signToken({}, SECRET, "HS384");
  const options = { secret: SECRET, nowMs: NOW_MS };
  assertEquals(verifyToken(token, { ...options, algorithms: ["HS384"] }), {});
  assertThrows(() => verifyToken(token, { ...options, algorithms: ["HS256"] }), UnauthorizedError);
});

Deno.test("verifyToken() allows for clocks that are apart", () => {
  const token = signToken({ exp: NOW_MS / 1000 - 5, nbf: NOW_MS / 1000 + 5 }, SECRET);
  const options = { secret: SECRET, nowMs: NOW_MS };
  assertEquals(typeof verifyToken(token, { ...options, leewaySeconds: 10 }), "object");
  assertThrows(() => verifyToken(token, { ...options, leewaySeconds: 4 }), UnauthorizedError);
});

Deno.test("signToken() refuses a secret of seven characters", () => {
  assertThrows(() => signToken({}, "1234567"), RangeError, "at least 8 characters");
});
