import { assertEquals, assertThrows } from "@std/assert";
import { identityOf } from "./identity.ts";

const rows: readonly (readonly [unknown, string])[] = [
  [null, ""],
  [undefined, ""],
  ["text", "text"],
  [1.1, "1.1"],
  [2.2, "2.2"],
  [-7, "-7"],
  [1e21, "1000000000000000000000"],
  [-1.25e22, "-12500000000000000000000"],
  [1.5e-7, "0.00000015"],
  [-5e-324, `-0.${"0".repeat(323)}5`],
  [12345678901234567890n, "12345678901234567890"],
  [true, "true"],
  [new TextEncoder().encode("abcd"), "abcd"],
  [new Error("failed"), "failed"],
  [{ toString: () => "own" }, "own"],
  [["a", 1], "a,1"],
];
for (const [value, text] of rows) {
  Deno.test(`identityOf() names ${text || String(value)}`, () =>
    assertEquals(identityOf(value), text));
}

Deno.test("identityOf() refuses an object without a text of its own", () => {
  assertThrows(() => identityOf({}), TypeError, "pass identify");
});
