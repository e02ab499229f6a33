import { assertEquals, assertThrows } from "@std/assert";
import { getDiffieHellman } from "node:crypto";
import {
  computeDiffieHellmanSecret,
  diffieHellmanPublicKey,
  generateDiffieHellmanKeys,
} from "./diffie_hellman.ts";
import { sha256Hex } from "./digest.ts";
import { CodecError } from "./errors.ts";

const prime = new Uint8Array(getDiffieHellman("modp14").getPrime());
const one = Uint8Array.of(1);

/** Most significant byte first, as few bytes as it takes. */
function bytesOf(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Uint8Array.fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
}

function less(value: Uint8Array): Uint8Array {
  return bytesOf(BigInt(`0x${value.toHex()}`) - 1n);
}

Deno.test("diffieHellmanPublicKey() is a power of two modulo the prime of RFC 3526, group 14", () => {
  assertEquals(
    sha256Hex(prime),
    "d66436f79bbd6b2e38c0ffbd079be904d2641415e2e67140e09448be9a60890e",
  );
  const small = diffieHellmanPublicKey(bytesOf(10n));
  assertEquals([small.length, small.toHex().slice(-6)], [256, "000400"]);
  const large = diffieHellmanPublicKey(bytesOf(2048n));
  assertEquals(
    sha256Hex(large),
    "a575bad88ba291c4e122bb9ad21a9737c00280ba65bc00e8aea68250c6c166b0",
  );
});

Deno.test("computeDiffieHellmanSecret() agrees with the reference", () => {
  const [a, b] = [bytesOf(123456789n), bytesOf(987654321n)];
  const secret = computeDiffieHellmanSecret(diffieHellmanPublicKey(a), b);
  assertEquals(secret.toHex().slice(0, 16), "7337171df156b558");
  assertEquals(
    sha256Hex(secret),
    "b4aee893c0cf4b4a3a343dcb7c3d9c7d89d3e6ccdb8b27612cffd253ebde34b0",
  );
  assertEquals(computeDiffieHellmanSecret(diffieHellmanPublicKey(b), a), secret);
});

Deno.test("generateDiffieHellmanKeys() makes keys of two ends that agree", () => {
  const [a, b] = [generateDiffieHellmanKeys(), generateDiffieHellmanKeys()];
  assertEquals([a.publicKey.length, a.privateKey.length], [256, 256]);
  assertEquals(diffieHellmanPublicKey(a.privateKey), a.publicKey);
  assertEquals(
    computeDiffieHellmanSecret(b.publicKey, a.privateKey),
    computeDiffieHellmanSecret(a.publicKey, b.privateKey),
  );
});

for (
  const { name, key, secret } of [
    { name: "1", key: one, secret: one },
    { name: "the prime less 1", key: less(prime), secret: less(prime) },
  ]
) {
  Deno.test(`computeDiffieHellmanSecret() takes ${name}`, () => {
    assertEquals(computeDiffieHellmanSecret(key, one).slice(-secret.length), secret);
  });
}

for (
  const { name, key } of [
    { name: "nothing", key: new Uint8Array(0) },
    { name: "0", key: new Uint8Array(256) },
    { name: "the prime", key: prime },
    { name: "a longer number", key: new Uint8Array(257).fill(1) },
  ]
) {
  Deno.test(`computeDiffieHellmanSecret() refuses ${name} as public key`, () => {
    assertThrows(() => computeDiffieHellmanSecret(key, one), CodecError, "out of bounds");
  });
}

for (const length of [0, 257]) {
  Deno.test(`computeDiffieHellmanSecret() refuses a private key of ${length} bytes`, () => {
    const key = new Uint8Array(length).fill(1);
    assertThrows(() => computeDiffieHellmanSecret(one, key), RangeError, `got ${length} bytes`);
    assertThrows(() => diffieHellmanPublicKey(key), RangeError, `got ${length} bytes`);
  });
}
