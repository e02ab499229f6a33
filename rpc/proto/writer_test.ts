import { assertEquals, assertThrows } from "@std/assert";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

type Method =
  | "int32"
  | "sint32"
  | "sfixed32"
  | "uint32"
  | "fixed32"
  | "int64"
  | "sint64"
  | "sfixed64"
  | "uint64"
  | "fixed64"
  | "float"
  | "double"
  | "bool"
  | "string"
  | "bytes";

const refused: readonly { method: Method; value: unknown; says: string }[] = [
  ...(["int32", "sint32", "sfixed32"] as const).flatMap((method) => [
    { method, value: 2 ** 31, says: `2147483648 is no ${method}` },
    { method, value: -(2 ** 31) - 1, says: `-2147483649 is no ${method}` },
    { method, value: 1.5, says: `1.5 is no ${method}` },
    { method, value: NaN, says: `NaN is no ${method}` },
    { method, value: "1", says: `need a ${method}, got string` },
    { method, value: undefined, says: `need a ${method}, got undefined` },
    { method, value: 1n, says: `need a ${method}, got bigint` },
  ]),
  ...(["uint32", "fixed32"] as const).flatMap((method) => [
    { method, value: -1, says: `-1 is no ${method}` },
    { method, value: 2 ** 32, says: `4294967296 is no ${method}` },
  ]),
  ...(["int64", "sint64", "sfixed64"] as const).flatMap((method) => [
    { method, value: 2n ** 63n, says: `9223372036854775808 is no ${method}` },
    { method, value: -(2n ** 63n) - 1n, says: `-9223372036854775809 is no ${method}` },
    { method, value: 1, says: `need a ${method}, got number` },
  ]),
  ...(["uint64", "fixed64"] as const).flatMap((method) => [
    { method, value: -1n, says: `-1 is no ${method}` },
    { method, value: 2n ** 64n, says: `18446744073709551616 is no ${method}` },
    { method, value: null, says: `need a ${method}, got null` },
  ]),
  { method: "float", value: 1e39, says: "1e+39 is no float" },
  { method: "float", value: "1", says: "need a float, got string" },
  { method: "double", value: 1n, says: "need a double, got bigint" },
  { method: "bool", value: 1, says: "need a bool, got number" },
  { method: "string", value: 1, says: "need a string, got number" },
  { method: "bytes", value: [1], says: "need a bytes, got object" },
];

for (const { method, value, says } of refused) {
  Deno.test(`Writer.${method}() refuses ${typeof value} ${value}`, () => {
    const writer = new Writer();
    // What comes from JavaScript may be of any type.
    const write = writer[method] as (this: Writer, value: unknown) => void;
    const error = assertThrows(() => write.call(writer, value), Error, says);
    assertEquals(error instanceof TypeError || error instanceof RangeError, true);
  });
}

Deno.test("Writer.doubles(), floats() and int32s() refuse what is no number", () => {
  const values = ["1"] as unknown[] as number[];
  assertThrows(() => new Writer().doubles(values), TypeError, "need a double, got string");
  assertThrows(() => new Writer().floats(values), TypeError, "need a float, got string");
  assertThrows(() => new Writer().int32s(values), TypeError, "need a int32, got string");
});

for (const length of [0, 1, 24, 25, 127, 128, 5000, 16_383, 16_384, 40_000, 1_500_000]) {
  for (
    const [kind, letter] of [["ASCII", "x"], ["two bytes", "ä"], ["four bytes", "😀"]] as const
  ) {
    Deno.test(`Writer.string() writes ${length} characters of ${kind}`, () => {
      const writer = new Writer();
      const text = letter.repeat(length);
      writer.string("before");
      writer.string(text);
      writer.string("behind");
      const reader = new Reader(writer.finish());
      assertEquals([reader.string(), reader.string() === text, reader.string()], [
        "before",
        true,
        "behind",
      ]);
      assertEquals(reader.more, false);
    });
  }
}

Deno.test("Writer.string() writes a lone surrogate as U+FFFD", () => {
  const writer = new Writer();
  for (const text of ["a\ud800b", `${"a".repeat(30)}\udc00`]) writer.string(text);
  const reader = new Reader(writer.finish());
  assertEquals([reader.string(), reader.string()], ["a\ufffdb", `${"a".repeat(30)}\ufffd`]);
});

for (const size of [0, 127, 128, 16_383, 16_384, 2_097_152]) {
  Deno.test(`Writer.end() writes the length of ${size} bytes, three messages deep`, () => {
    const writer = new Writer();
    const marks = [writer.begin(10), writer.begin(10), writer.begin(10)];
    writer.raw(new Uint8Array(size).fill(7));
    for (const mark of marks.reverse()) writer.end(mark);
    const reader = new Reader(writer.finish());
    const outers = [];
    for (let depth = 0; depth < 3; depth++) {
      assertEquals(reader.tag(), 10);
      outers.push(reader.enter());
    }
    let count = 0;
    for (; reader.more; count++) assertEquals(reader.uint32(), 7);
    assertEquals(count, size);
    for (const outer of outers.reverse()) reader.leave(outer);
    assertEquals(reader.more, false);
  });
}

Deno.test("Writer.finish() gives bytes that later writes do not touch", () => {
  const writer = new Writer();
  const all: Uint8Array[] = [];
  for (let index = 0; index < 5000; index++) {
    writer.string(`message ${index}`);
    all.push(writer.finish());
  }
  for (const [index, bytes] of all.entries()) {
    assertEquals(new Reader(bytes).string(), `message ${index}`);
  }
});

Deno.test("Writer.reset() forgets what is not finished", () => {
  const writer = new Writer();
  writer.uint32(1);
  const first = writer.finish();
  writer.uint32(2);
  writer.reset();
  writer.uint32(3);
  assertEquals([first, writer.finish()], [Uint8Array.of(1), Uint8Array.of(3)]);
});
