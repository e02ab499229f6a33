import { assertEquals, assertThrows } from "@std/assert";
import { Metadata } from "./metadata.ts";

Deno.test("Metadata keeps values by name, in small letters and in order", () => {
  const metadata = new Metadata([["A", "1"], ["b-bin", new Uint8Array([1])], ["a", "2"]]);
  assertEquals([...metadata], [["a", "1"], ["a", "2"], ["b-bin", new Uint8Array([1])]]);
  assertEquals([metadata.get("A"), metadata.get("b-bin"), metadata.get("c")], [
    "1",
    undefined,
    undefined,
  ]);
  assertEquals([metadata.getBytes("a"), metadata.getBytes("B-Bin")], [
    undefined,
    new Uint8Array([1]),
  ]);
  assertEquals([metadata.size, metadata.has("A"), metadata.has("c")], [2, true, false]);
  metadata.set("a", "3");
  metadata.delete("B-BIN");
  assertEquals([...metadata], [["a", "3"]]);
});

Deno.test("Metadata is made of records and of other metadata, and shares nothing with it", () => {
  const first = new Metadata({ a: ["1", "2"], b: "3" });
  const second = new Metadata(first);
  second.append("a", "4");
  assertEquals(first.getAll("a"), ["1", "2"]);
  first.merge(new Metadata({ b: "5" }));
  assertEquals([first.get("b"), second.get("b")], ["5", "3"]);
});

const WRONG = [
  { name: "a space in a name", set: ["a b", "1"], text: "need letters" },
  { name: "an empty name", set: ["", "1"], text: "need letters" },
  { name: "a letter that is not ASCII", set: ["ä", "1"], text: "need letters" },
  { name: "a line break in a value", set: ["a", "1\r\nb: 2"], text: "printable ASCII" },
  { name: "a value that is not ASCII", set: ["a", "é"], text: "printable ASCII" },
  { name: "text under a name for bytes", set: ["a-bin", "1"], text: "need bytes" },
  { name: "bytes under a name for text", set: ["a", new Uint8Array()], text: '"-bin"' },
] as const;

for (const { name, set: [key, value], text } of WRONG) {
  Deno.test(`Metadata refuses ${name}, and does not repeat the value`, () => {
    for (const change of ["set", "append"] as const) {
      const error = assertThrows(() => new Metadata()[change](key, value), SyntaxError, text);
      assertEquals(
        typeof value === "string" && value.length > 1 && error.message.includes(value),
        false,
      );
    }
  });
}
