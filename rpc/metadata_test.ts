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
  { name: "a name of the connection's", set: ["Connection", "close"], text: "to the protocol" },
  { name: "the type of the content", set: ["content-type", "text/html"], text: "to the protocol" },
  { name: "the status", set: ["grpc-status", "0"], text: "to the protocol" },
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

Deno.test("Metadata that came with a call goes with another, without what belongs to the protocol", () => {
  const came = Metadata.received([
    ["tenant", ["acme"]],
    ["content-type", ["application/grpc"]],
    ["te", ["trailers"]],
    ["grpc-status", ["0"]],
  ]);
  const sent = new Metadata({ a: "1" });
  sent.merge(came);
  assertEquals([...sent], [["a", "1"], ["tenant", "acme"]]);
  assertEquals([...new Metadata(came)], [["tenant", "acme"]]);
  sent.merge(sent);
  assertEquals([...sent], [["a", "1"], ["tenant", "acme"]]);
});

Deno.test("Metadata holds no more than a call can carry", () => {
  const full = new Metadata();
  for (let i = 0; i < 100; i++) full.append(`a${i}`, "");
  assertThrows(() => full.append("a0", ""), RangeError, "100 values");
  full.set("a0", "1"); // In the place of another there is room.
  full.delete("a1");
  full.append("a2", "2");
  assertThrows(() => full.append("a2", "3"), RangeError, "100 values");

  const big = new Metadata();
  assertThrows(() => big.set("a", "x".repeat(32_768)), RangeError, "32768 bytes");
  assertThrows(() => big.set("a-bin", new Uint8Array(24_576)), RangeError, "32768 bytes");
  assertEquals(big.size, 0);
  for (let i = 0; i < 3; i++) big.set("a", "x".repeat(30_000));
  big.set("b", "x".repeat(2_000));
  const came = Metadata.received([["a", ["x".repeat(40_000)]]]); // What came, came.
  assertThrows(() => came.append("b", "1"), RangeError);
  came.delete("a");
  came.append("b", "1");
});
