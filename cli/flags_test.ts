import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./errors.ts";
import { type FlagTable, parseFlags, UnknownFlagError } from "./flags.ts";

const TABLE: FlagTable = {
  dir: { type: "string", about: "" },
  int64: { type: "string", about: "", choices: ["number", "bigint"], default: "number" },
  test: { type: "boolean", about: "" },
  help: { type: "boolean", letter: "h", about: "" },
};

const read = [
  { words: ["a.api", "--dir", "out"], args: ["a.api"], dir: "out" },
  { words: ["-dir", "out", "a.api"], args: ["a.api"], dir: "out" },
  { words: ["--dir=out=x"], args: [], dir: "out=x" },
  { words: ["--dir", "--test"], args: [], dir: "--test" },
  { words: ["--", "--dir"], args: ["--dir"], dir: undefined },
  { words: ["-", "-1"], args: ["-", "-1"], dir: undefined },
];
for (const { words, args, dir } of read) {
  Deno.test(`parseFlags() reads ${words.join(" ")}`, () => {
    const parsed = parseFlags(words, TABLE);
    assertEquals([parsed.args, parsed.flags.text("dir")], [args, dir]);
  });
}

Deno.test("parseFlags() turns booleans on and off, and knows letters and defaults", () => {
  const { flags } = parseFlags(["--test", "--test=false", "-h"], TABLE);
  assertEquals([flags.on("test"), flags.on("help"), flags.text("int64")], [false, true, "number"]);
});

const refused = [
  { words: ["--dir"], message: "flag --dir needs a value" },
  { words: ["--test=maybe"], message: "flag --test takes no value" },
  { words: ["--int64", "float"], message: "flag --int64 takes number, bigint" },
];
for (const { words, message } of refused) {
  Deno.test(`parseFlags() refuses ${words.join(" ")}`, () => {
    assertThrows(() => parseFlags(words, TABLE), UsageError, message);
  });
}

Deno.test("parseFlags() names an unknown flag without its value", () => {
  const error = assertThrows(() => parseFlags(["--dri=x"], TABLE), UnknownFlagError);
  assertEquals(error.flag, "--dri");
});
