import { assertEquals } from "@std/assert";
import { signatureOf, signedTarget } from "./signed_text.ts";

const KEY = new TextEncoder().encode("0123456789abcdef0123456789abcdef");

const signatures: [method: string, path: string, query: string, body: string, signature: string][] =
  [
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
  ];

for (const [method, path, query, body, signature] of signatures) {
  Deno.test(`signatureOf() signs ${method} ${path}?${query} ${JSON.stringify(body)}`, () => {
    const parts = { time: "1700000000", method, path, query };
    const bytes = new TextEncoder().encode(body);
    assertEquals(signatureOf(KEY, { ...parts, body: bytes }).toString("base64"), signature);
  });
}

const targets: [url: string, target: [path: string, query: string] | undefined][] = [
  ["http://localhost/a/b?c=d&e=f", ["/a/b", "c=d&e=f"]],
  ["https://host:8443/files/a%20b", ["/files/a b", ""]],
  ["http://host", ["", ""]],
  ["http://host?x=%2F", ["", "x=%2F"]],
  ["http://[::1]:80/a/../b?x?y#z", ["/a/../b", "x?y"]],
  ["http://user@host/p#f", ["/p", ""]],
  ["http://host/%zz", undefined],
  ["/a/b", undefined],
];

for (const [url, target] of targets) {
  Deno.test(`signedTarget() reads ${url}`, () => {
    assertEquals(signedTarget(url), target && { path: target[0], query: target[1] });
  });
}
