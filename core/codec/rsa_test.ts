import { assert, assertEquals, assertThrows } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { CodecError } from "./errors.ts";
import { RsaDecrypter, RsaEncrypter, type RsaPadding } from "./rsa.ts";

function rsaKeys(modulusLength: number) {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}

const keys = rsaKeys(1024);
const others = rsaKeys(1024);
const bytes = (text: string) => new TextEncoder().encode(text);

for (const padding of ["oaep", "pkcs1"] satisfies RsaPadding[]) {
  const encrypter = new RsaEncrypter(keys.publicKey, { padding });
  const decrypter = new RsaDecrypter(keys.privateKey, { padding });
  const room = padding === "oaep" ? 62 : 117;
  for (
    const { length, size } of [
      { length: 0, size: 0 },
      { length: 5, size: 128 },
      { length: room, size: 128 },
      { length: room + 1, size: 256 },
      { length: 3 * room, size: 384 },
    ]
  ) {
    Deno.test(`RsaDecrypter undoes RsaEncrypter, ${padding}, ${length} bytes`, () => {
      const data = crypto.getRandomValues(new Uint8Array(length));
      const secret = encrypter.encrypt(data);
      assertEquals(secret.length, size);
      assertEquals(decrypter.decrypt(secret), data);
      assertEquals(decrypter.decryptBase64(encrypter.encryptBase64(data)), data);
    });
  }

  Deno.test(`RsaDecrypter.decrypt() refuses what is not for its key, ${padding}`, () => {
    const foreign = new RsaEncrypter(others.publicKey, { padding }).encrypt(bytes("hello"));
    const cut = encrypter.encrypt(bytes("hello")).subarray(1);
    for (const data of [foreign, cut, bytes("noise")]) {
      assertThrows(() => decrypter.decrypt(data), CodecError, "the data is not for this key");
    }
  });

  Deno.test(`RsaDecrypter.decryptBase64() of nothing and of no base64, ${padding}`, () => {
    assertEquals(decrypter.decryptBase64("").length, 0);
    assertThrows(() => decrypter.decryptBase64("***"), CodecError, "it is not base64");
  });
}

const ec = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const damaged = (pem: string) => pem.replace(/\n[^-]{40}/, `\n${"A".repeat(40)}`);
const bad = [
  { name: "no PEM", publicKey: "hello", privateKey: "hello", message: "in PEM" },
  { name: "nothing", publicKey: "", privateKey: "", message: "in PEM" },
  {
    name: "damaged PEM",
    publicKey: damaged(keys.publicKey),
    privateKey: damaged(keys.privateKey),
    message: "in PEM",
  },
  {
    name: "an EC key",
    publicKey: ec.publicKey,
    privateKey: ec.privateKey,
    message: "it is ec, not RSA",
  },
];
for (const { name, publicKey, privateKey, message } of bad) {
  Deno.test(`RsaEncrypter and RsaDecrypter refuse ${name}`, () => {
    assertThrows(() => new RsaEncrypter(publicKey), CodecError, message);
    assertThrows(() => new RsaDecrypter(privateKey), CodecError, message);
  });
}

Deno.test("RsaEncrypter refuses a key too short for OAEP, and moduli that are not whole bytes", () => {
  const short = rsaKeys(512);
  assertThrows(() => new RsaEncrypter(short.publicKey), CodecError, "too short for oaep");
  const pkcs1 = new RsaEncrypter(short.publicKey, { padding: "pkcs1" });
  assertEquals(pkcs1.encrypt(bytes("hello")).length, 64);
  const odd = rsaKeys(1028);
  assertThrows(() => new RsaEncrypter(odd.publicKey), CodecError, "whole bytes, got 1028 bits");
  assertThrows(() => new RsaDecrypter(odd.privateKey), CodecError, "whole bytes, got 1028 bits");
});

Deno.test("RsaEncrypter pads with OAEP unless told otherwise", () => {
  const secret = new RsaEncrypter(keys.publicKey).encrypt(bytes("hello"));
  assertEquals(
    new RsaDecrypter(keys.privateKey, { padding: "oaep" }).decrypt(secret),
    bytes("hello"),
  );
  assert(secret.length === 128);
});
