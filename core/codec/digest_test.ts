import { assertEquals } from "@std/assert";
import { md5, md5Hex, sha256Hex } from "./digest.ts";
import { hmacSha256, hmacSha256Base64, verifyHmacSha256 } from "./hmac.ts";

const md5s = [
  ["hello, world!\n", "910c8bc73110b0cd1bc5d2bcae782511"],
  ["test", "098f6bcd4621d373cade4e832627b4f6"],
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
] as const;
for (const [text, hex] of md5s) {
  Deno.test(`md5() of ${JSON.stringify(text)}`, () => {
    assertEquals(md5Hex(text), hex);
    assertEquals(md5(new TextEncoder().encode(text)).toHex(), hex);
  });
}

const sha256s = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["hello", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"],
] as const;
for (const [text, hex] of sha256s) {
  Deno.test(`sha256Hex() of ${JSON.stringify(text)}`, () => assertEquals(sha256Hex(text), hex));
}

const hmacs = [
  {
    key: "foo",
    body: "bar",
    hex: "f9320baf0249169e73850cd6156ded0106e2bb6ad8cab01b7bbbebe6d1065317",
    base64: "+TILrwJJFp5zhQzWFW3tAQbiu2rYyrAbe7vr5tEGUxc=",
  },
  {
    key: "key",
    body: "The quick brown fox jumps over the lazy dog",
    hex: "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
    base64: "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=",
  },
  {
    key: "",
    body: "",
    hex: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
    base64: "thNnmggU2ex3L5XXeMNfxf8Wl8STcVZTxscSFEKSxa0=",
  },
];
for (const { key, body, hex, base64 } of hmacs) {
  Deno.test(`hmacSha256() of "${body}" with key "${key}"`, () => {
    assertEquals(hmacSha256(key, body).toHex(), hex);
    assertEquals(hmacSha256Base64(key, new TextEncoder().encode(body)), base64);
    const mac = Uint8Array.fromHex(hex);
    assertEquals(verifyHmacSha256(key, body, mac), true);
    assertEquals(verifyHmacSha256(key, `${body}.`, mac), false);
    assertEquals(verifyHmacSha256(`${key}.`, body, mac), false);
    assertEquals(verifyHmacSha256(key, body, mac.subarray(1)), false);
  });
}

// What is signed of a request: the time, the method, the path, the query and the digest of the body.
const signatures = [
  ["GET", "/a/b", "c=d&e=f", "", "rxHFiVaQz3TOeQvUfFD4fzYOPEMIF9S72o00rD3YZcM="],
  ["POST", "/a/b", "c=d&e=f", "hello", "Fm+6citoYOIxSDnoFVnW5gCpJZ9WUkpOwvPOWcRpX5c="],
  ["POST", "/a/b", "", "hello", "bjjhdQP02RGftmgrpB+z6IZQv++hzxe6LpxXwTMre/g="],
  [
    "POST",
    "/a/b",
    "c=d&e=f",
    "pZwJZBLuy3mDACEQT4YTBw==",
    "azq2YR2cBvn1q/BlD3ieqyoW4v3FRm92lTGwpIMZPMo=",
  ],
  ["DELETE", "/files/a b", "", "", "QOYvNZXy3nRjOgU9Q+yyegXLk4yJRolJIGzj2ae1lno="],
] as const;
for (const [method, path, query, body, signature] of signatures) {
  Deno.test(`hmacSha256Base64() signs ${method} ${path}?${query} "${body}"`, () => {
    const content = ["1700000000", method, path, query, sha256Hex(body)].join("\n");
    assertEquals(hmacSha256Base64("0123456789abcdef0123456789abcdef", content), signature);
  });
}
