import { assertEquals } from "@std/assert";
import { PlainEncoder } from "./plain_encoder.ts";
import type { JsonValue, LogLabel } from "./record.ts";

interface Row {
  name: string;
  level?: LogLabel;
  content: JsonValue;
  fields?: Record<string, JsonValue>;
  rest: string;
}

const cases: Row[] = [
  {
    name: "separates with tabs and pads the level",
    content: "hi",
    fields: { caller: "cmdl/main.go:25" },
    rest: " info \thi\tcaller=cmdl/main.go:25\n",
  },
  {
    name: "keeps the order of fields",
    content: "m",
    fields: { z: 1, a: true, caller: "c" },
    rest: " info \tm\tz=1\ta=true\tcaller=c\n",
  },
  {
    name: "puts no line break after a value",
    content: { k: "<x>" },
    fields: { caller: "c" },
    rest: ' info \t{"k":"<x>"}\tcaller=c\n',
  },
  {
    name: "shows objects as JSON",
    content: "m",
    fields: { list: ["a", 1], none: null },
    rest: ' info \tm\tlist=["a",1]\tnone=null\n',
  },
  {
    name: "shows line breaks, tabs and terminal codes as escapes",
    level: "error",
    content: "a\nb\tc\x1b[31m\u2028",
    fields: { "k\n": "v\r" },
    rest: " error \ta\\nb\\tc\\u001b[31m\\u2028\tk\\n=v\\r\n",
  },
];

for (const { name, level = "info", content, fields = {}, rest } of cases) {
  Deno.test(`PlainEncoder.encode() ${name}`, () => {
    const encoder = new PlainEncoder({ timeFormat: () => "T" });
    assertEquals(
      encoder.encode({ time: 0, level, channel: "access", content, fields }),
      `T\t${rest}`,
    );
  });
}

const COLORS: { level: LogLabel; code: number }[] = [
  { level: "alert", code: 31 },
  { level: "error", code: 31 },
  { level: "fatal", code: 31 },
  { level: "info", code: 34 },
  { level: "slow", code: 33 },
  { level: "debug", code: 33 },
  { level: "stat", code: 32 },
];

for (const { level, code } of COLORS) {
  Deno.test(`PlainEncoder.encode() colours ${level} when asked to`, () => {
    const encoder = new PlainEncoder({ timeFormat: () => "T", color: true });
    assertEquals(
      encoder.encode({ time: 0, level, channel: "access", content: "x", fields: {} }),
      `T\t\x1b[${code}m ${level} \x1b[39m\tx\n`,
    );
  });
}
