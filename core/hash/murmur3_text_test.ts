import { assert, assertEquals } from "@std/assert";
import { compileTextHasher } from "./_murmur3_text.ts";
import { murmur3Hex } from "./murmur3.ts";

const hex = (words: Int32Array) =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

for (
  const { name, builtins } of [
    { name: "with the builtins", builtins: ["js-string"] },
    { name: "without the builtins", builtins: [] },
  ]
) {
  Deno.test(`compileTextHasher() hashes ASCII of every length ${name}`, () => {
    const hasher = compileTextHasher(builtins);
    const text = "The quick brown fox jumps over the lazy dog. \0\x7f";
    for (let length = 0; length <= text.length; length++) {
      const key = text.slice(0, length);
      assert(hasher.hash(key, length, 7) < 0x80);
      assertEquals(hex(hasher.words), murmur3Hex(new TextEncoder().encode(key), { seed: 7 }));
    }
  });

  Deno.test(`compileTextHasher() tells text that is not ASCII ${name}`, () => {
    const hasher = compileTextHasher(builtins);
    for (let length = 1; length < 50; length++) {
      for (const place of [0, length >> 1, length - 1]) {
        for (const strange of ["\x80", "é", "\u0100", "一", "\ud83d"]) {
          const key = "x".repeat(place) + strange + "y".repeat(length - place - 1);
          assert(hasher.hash(key, length, 0) >= 0x80, key);
        }
      }
    }
  });
}

Deno.test("murmur3Hex() hashes text where WebAssembly is forbidden", async () => {
  const program = `const { murmur3Hex } = await import("${import.meta.resolve("./murmur3.ts")}");
    console.log(typeof WebAssembly, murmur3Hex("hello"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--jitless", program],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "undefined cbd8a7b341bd9b025b1e906a48ae1d19\n",
  );
});
