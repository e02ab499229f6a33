import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { pad, unpad } from "./_pkcs7.ts";
import {
  legacyAesEcbDecrypt,
  legacyAesEcbDecryptBase64,
  legacyAesEcbEncrypt,
  legacyAesEcbEncryptBase64,
} from "./aes_ecb.ts";
import { AesGcm } from "./aes_gcm.ts";
import { CodecError } from "./errors.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const KEY32 = "q4t7w!z%C*F-JaNdRgUjXn2r5u8x/A?D";
const KEY32_BASE64 = "cTR0N3cheiVDKkYtSmFOZFJnVWpYbjJyNXU4eC9BP0Q=";
const HEX_KEY = "0123456789abcdef0123456789abcdef";

const ecb = [
  { key: KEY32, text: "helloworld", base64: "T9tgPaTw7Y0kJWyHrBSbHA==" },
  { key: KEY32, text: "helloworldlong..", base64: "rh3R1C399Um2PM5csZ0V9sLGR8DB3Bztcpmh0T7CFbE=" },
  { key: KEY32, text: "hello", base64: "05AnyEruMk/OT8DilQjOjw==" },
  { key: KEY32, text: "", base64: "wsZHwMHcHO1ymaHRPsIVsQ==" },
  { key: "0123456789abcdef", text: "hello", base64: "Z0x+8454yr2c7JwSWCOmOQ==" },
  { key: "0123456789abcdef01234567", text: "hello", base64: "96Mzp/yW0lz/FjdWJkjljA==" },
  { key: HEX_KEY, text: "ping", base64: "evgJQDDXE/C945rlPrsNvQ==" },
  { key: HEX_KEY, text: "pong", base64: "UNhZPzRBSNSVNtULxaXp8Q==" },
  { key: HEX_KEY, text: "hello", base64: "pZwJZBLuy3mDACEQT4YTBw==" },
  {
    key: HEX_KEY,
    text: "0123456789abcdef",
    base64: "+DyaYNwM25ghn3nW1dsWNYqjYkH96N8FTcMlxsaVuJ4=",
  },
  { key: "0123456789abcdef", text: "ping", base64: "teCDJCyibF6BEcJZxTq3eA==" },
  { key: "0123456789abcdef", text: "pong", base64: "H6pDmSWEGDQJH++9eXqDww==" },
];
for (const { key, text, base64 } of ecb) {
  Deno.test(`legacyAesEcbEncrypt() of "${text}" with ${key.length} bytes of key`, () => {
    assertEquals(legacyAesEcbEncrypt(bytes(key), bytes(text)).toBase64(), base64);
    assertEquals(legacyAesEcbDecrypt(bytes(key), Uint8Array.fromBase64(base64)), bytes(text));
    assertEquals(legacyAesEcbEncryptBase64(key, bytes(text).toBase64()), base64);
    assertEquals(legacyAesEcbDecryptBase64(key, base64), bytes(text).toBase64());
  });
}

Deno.test("legacyAesEcbEncryptBase64() takes a long key as base64", () => {
  assertEquals(legacyAesEcbEncryptBase64(KEY32_BASE64, "aGVsbG8="), "05AnyEruMk/OT8DilQjOjw==");
  assertEquals(legacyAesEcbDecryptBase64(KEY32_BASE64, "05AnyEruMk/OT8DilQjOjw=="), "aGVsbG8=");
});

for (const length of [0, 9, 15, 33, 59]) {
  Deno.test(`AES refuses a key of ${length} bytes`, async () => {
    const key = bytes("a".repeat(length));
    const message = `need 16, 24 or 32 bytes, got ${length}`;
    assertThrows(() => legacyAesEcbEncrypt(key, bytes("a")), RangeError, message);
    assertThrows(() => legacyAesEcbDecrypt(key, new Uint8Array(16)), RangeError, message);
    await assertRejects(() => AesGcm.import(key), RangeError, message);
  });
}
for (const length of [9, 59]) {
  Deno.test(`legacyAesEcbEncryptBase64() refuses a key of ${length} characters`, () => {
    assertThrows(() => legacyAesEcbEncryptBase64("a".repeat(length), "aGVsbG8="));
  });
}

const garbled = [
  { name: "nothing", data: new Uint8Array(0), message: "whole blocks of 16 bytes, got 0" },
  { name: "half a block", data: new Uint8Array(8), message: "whole blocks of 16 bytes, got 8" },
  { name: "noise", data: new Uint8Array(32).fill(7), message: "the padding is wrong" },
];
for (const { name, data, message } of garbled) {
  Deno.test(`legacyAesEcbDecrypt() refuses ${name}`, () => {
    const error = assertThrows(() => legacyAesEcbDecrypt(bytes(KEY32), data), CodecError, message);
    assertEquals([error.code, error.httpStatus], ["invalid_argument", 400]);
  });
}
Deno.test("legacyAesEcbDecryptBase64() refuses what is no base64", () => {
  assertThrows(() => legacyAesEcbDecryptBase64(KEY32, "***"), CodecError, "data: it is not base64");
  assertThrows(
    () => legacyAesEcbDecryptBase64("*".repeat(40), "aGVsbG8="),
    CodecError,
    "key: it is",
  );
});

const x = (count: number) => Array.from({ length: count }, () => 0x41);
const padded = [
  { name: "three threes", data: [...x(13), 3, 3, 3], unpadded: x(13) },
  { name: "a whole block", data: Array.from({ length: 16 }, () => 16), unpadded: [] },
  { name: "a byte that differs", data: [...x(13), 2, 3, 3] },
  { name: "a last byte of 0", data: [...x(15), 0] },
  { name: "a last byte of 17", data: [...x(15), 17] },
  { name: "more than there is", data: [0x41, 3] },
  { name: "0 in a short block", data: [0x41, 0] },
  { name: "nothing", data: [] },
  { name: "no whole block", data: [...x(14), 1] },
];
for (const { name, data, unpadded } of padded) {
  Deno.test(`unpad() of ${name}`, () => {
    const run = () => unpad(Uint8Array.from(data), 16);
    if (unpadded) assertEquals(run(), Uint8Array.from(unpadded));
    else assertThrows(run, CodecError, "Cannot decrypt: the padding is wrong");
  });
}

Deno.test("unpad() undoes pad()", () => {
  const seed = Date.now() | 0;
  console.log(`seed ${seed}`);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (data) => {
      assertEquals(pad(data, 16).length % 16, 0);
      assertEquals(unpad(pad(data, 16), 16), data);
    }),
    { seed },
  );
});

Deno.test("AesGcm.encrypt() never answers the same twice, and decrypt() undoes it", async () => {
  const aes = await AesGcm.import(bytes(HEX_KEY));
  for (const text of ["", "hello", "x".repeat(1000)]) {
    const [a, b] = [await aes.encrypt(bytes(text)), await aes.encrypt(bytes(text))];
    assertNotEquals(a, b);
    assertEquals(a.length, text.length + 28);
    assertEquals(await aes.decrypt(a), bytes(text));
    assertEquals(await aes.decrypt(b), bytes(text));
  }
});

Deno.test("AesGcm.decrypt() reads what the standard's test case 14 gives", async () => {
  // McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: 32 zero bytes of key, 16 of text.
  const aes = await AesGcm.import(new Uint8Array(32));
  const message = "000000000000000000000000" + "cea7403d4d606b6e074ec5d3baf39d18" +
    "d0d1c8a799996bf0265b98b5d48ab919";
  assertEquals(await aes.decrypt(Uint8Array.fromHex(message)), new Uint8Array(16));
});

Deno.test("AesGcm.decrypt() refuses what was changed, wherever", async () => {
  const aes = await AesGcm.import(bytes(HEX_KEY));
  const message = await aes.encrypt(bytes("hello"), { additionalData: bytes("user 7") });
  for (let at = 0; at < message.length; at++) {
    const changed = message.slice();
    changed[at]! ^= 1;
    const options = { additionalData: bytes("user 7") };
    await assertRejects(() => aes.decrypt(changed, options), CodecError, "not authentic");
  }
  await assertRejects(() => aes.decrypt(message), CodecError, "not authentic");
  await assertRejects(() => aes.decrypt(message.slice(0, 27)), CodecError, "too short");
  assertEquals(await aes.decrypt(message, { additionalData: bytes("user 7") }), bytes("hello"));
});
