import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@^3";
import { formatTimeoutMs, parseTimeoutMs } from "./propagation.ts";

const written = [
  { remainingMs: 0, text: "0" },
  { remainingMs: 0.9, text: "0" },
  { remainingMs: 249.99, text: "249" },
  { remainingMs: 1e12, text: "9999999999" },
  { remainingMs: Infinity, text: undefined },
];
for (const { remainingMs, text } of written) {
  Deno.test(`formatTimeoutMs() writes ${remainingMs} as ${text}`, () => {
    assertEquals(formatTimeoutMs(remainingMs), text);
  });
}

for (const remainingMs of [-1, NaN]) {
  Deno.test(`formatTimeoutMs() refuses ${remainingMs}`, () => {
    assertThrows(() => formatTimeoutMs(remainingMs), RangeError, `got ${remainingMs}`);
  });
}

const bad = ["", " 1", "1 ", "+1", "-1", "1.5", "1e3", "0x10", "12345678901", "1,2", "١", "NaN"];
for (const text of bad) {
  Deno.test(`parseTimeoutMs() refuses ${JSON.stringify(text)} without repeating it`, () => {
    const error = assertThrows(() => parseTimeoutMs(text), SyntaxError, "need 1 to 10 digits");
    assertEquals(error.message.endsWith(`got ${text.length} characters`), true);
  });
}

Deno.test("parseTimeoutMs() reads what formatTimeoutMs() writes, rounded down", () => {
  assertEquals(parseTimeoutMs(null), undefined);
  fc.assert(fc.property(fc.double({ min: 0, max: 9_999_999_999, noNaN: true }), (ms) => {
    assertEquals(parseTimeoutMs(formatTimeoutMs(ms)!), Math.floor(ms));
  }));
});
