import { assert, assertEquals } from "@std/assert";
import { truncateText } from "./truncate.ts";

const cases = [
  {
    name: "keeps a text of exactly the limit",
    text: "1234567890",
    maxBytes: 10,
    kept: "1234567890",
  },
  { name: "cuts one byte more", text: "12345678901", maxBytes: 10, kept: "1234567890" },
  { name: "cuts after a whole three-byte character", text: "ab中文", maxBytes: 5, kept: "ab中" },
  { name: "does not split a three-byte character", text: "ab中文", maxBytes: 7, kept: "ab中" },
  { name: "does not split a surrogate pair", text: "a😀", maxBytes: 4, kept: "a" },
  { name: "keeps everything with limit 0", text: "12345", maxBytes: 0, kept: "12345" },
];

for (const { name, text, maxBytes, kept } of cases) {
  Deno.test(`truncateText() ${name}`, () => assertEquals(truncateText(text, maxBytes), kept));
}

Deno.test("truncateText() keeps the longest prefix of whole characters that fits", () => {
  const alphabet = ["a", "é", "中", "😀"];
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  for (let n = 0; n < 4 ** 5; n++) {
    const characters = Array.from({ length: 5 }, (_, i) => alphabet[Math.floor(n / 4 ** i) % 4]!);
    const text = characters.join("");
    for (let maxBytes = 1; maxBytes <= 20; maxBytes++) {
      const kept = truncateText(text, maxBytes);
      assert(text.startsWith(kept) && bytes(kept) <= maxBytes, `${text} ${maxBytes}`);
      const next = characters[Array.from(kept).length];
      assert(next === undefined || bytes(kept + next) > maxBytes, `${text} ${maxBytes}`);
    }
  }
});
