import { assertEquals } from "@std/assert";
import { expandEnv } from "./expand_env.ts";

const cases: readonly (readonly [text: string, expected: string])[] = [
  ["${FOO}", "2"],
  ["$FOO", "2"],
  ["$FOOX", ""],
  ["${NONE}", ""],
  ["$NONE", ""],
  ["$$", ""],
  ["${", ""],
  ["${}", ""],
  // go-zero looks up a variable named `FOO:-d`, so this reads as empty there.
  ["${FOO:-d}", "2"],
  ["${NONE:-d}", "d"],
  ["${EMPTY:-d}", "d"],
  ["${NONE:-a:-b}", "a:-b"],
  ["${NONE:-}", ""],
  ["a$FOO-b", "a2-b"],
  ["${FOO}X", "2X"],
  ["$112", "12"],
  ["abcd!@#$a12 3", "abcd!@# 3"],
  ["$", "$"],
  ["$ x", "$ x"],
  ["100%$", "100%$"],
  ["$(FOO)", "$(FOO)"],
  ["$é", "$é"],
  ["\\$FOO", "\\2"],
  ["${abc", "abc"],
  ["", ""],
];
for (const [text, expected] of cases) {
  Deno.test(`expandEnv() expands ${JSON.stringify(text)}`, () => {
    const lookup = (name: string) => name === "FOO" ? "2" : name === "EMPTY" ? "" : undefined;
    assertEquals(expandEnv(text, lookup), expected);
  });
}

Deno.test("expandEnv() asks only for names in the text", () => {
  const asked: string[] = [];
  expandEnv("$A ${B:-x} $1 $$", (name) => {
    asked.push(name);
    return undefined;
  });
  assertEquals(asked, ["A", "B"]);
});
