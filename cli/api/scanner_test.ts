import { assertEquals } from "@std/assert";
import { Scanner } from "./scanner.ts";
import type { Token } from "./token.ts";

function scan(text: string, compat = false): Token[] {
  const scanner = new Scanner(text, { compat });
  const tokens: Token[] = [];
  do tokens.push(scanner.next(tokens.at(-1))); while (tokens.at(-1)?.kind !== "eof");
  return tokens;
}

const kinds = [
  { name: "words and numbers", text: "a_1 12 _ Z9", expected: "ident int ident ident" },
  { name: "durations", text: "1h2m3s4ms5\u00b5s6ns 7m 0s", expected: "duration duration duration" },
  {
    name: "digits before other letters",
    text: "1d 3S 1_000 5us",
    expected: "int ident int ident int ident int ident",
  },
  { name: "a duration and a word behind it", text: "5min", expected: "duration ident" },
  { name: "units in the wrong order", text: "10ms1s", expected: "illegal" },
  { name: "the same unit twice", text: "1h1h", expected: "illegal" },
  { name: "a unit that breaks off", text: "2nd x", expected: "illegal ident" },
  { name: "a second part without unit", text: "1h2", expected: "illegal" },
  { name: "strings without escapes", text: '"a\\" b"" `x"`', expected: "string ident string raw" },
  { name: "interface{}", text: "interface{} interface {}", expected: "interface{} ident { }" },
  { name: "annotations", text: "@doc @handler @server", expected: "@doc @handler @server" },
  { name: "other annotations", text: "@Doc @handlers @", expected: "illegal illegal illegal" },
  { name: "dots", text: "... . ..", expected: "... . illegal" },
  { name: "punctuation", text: "-*/=()[]{},.;:", expected: "- * / = ( ) [ ] { } , . ; :" },
  { name: "other letters", text: "\u00fc a\u00fc", expected: "illegal ident illegal" },
  { name: "other characters", text: "# ' \ud83d\ude00", expected: "illegal illegal illegal" },
  { name: "NUL", text: "a\0b", expected: "ident illegal ident" },
  { name: "NUL in a string", text: '"a\0b" c', expected: "illegal" },
  { name: "NUL in a comment", text: "// a\0b", expected: "illegal ident" },
  { name: "a byte order mark in front", text: "\ufeffa", expected: "ident" },
  { name: "a byte order mark elsewhere", text: "a\ufeff", expected: "ident illegal" },
  { name: "comments", text: "/**/ a /*/ x */ b /*** y ***/ c // d", expected: "ident ident ident" },
  { name: "an unfinished comment", text: "a /* b", expected: "ident illegal" },
  { name: "an unfinished string", text: 'a "b', expected: "ident illegal" },
];

for (const { name, text, expected } of kinds) {
  Deno.test(`Scanner scans ${name}`, () => {
    const found = scan(text).slice(0, -1).map((token) => token.kind).join(" ");
    // What follows the first illegal token in it is not promised.
    assertEquals(found.slice(0, expected.length), expected);
  });
}

const positions = [
  { name: "after a string of two lines", text: '"a\nb" c', at: "2:4" },
  { name: "after a comment of two lines", text: "/* a\n b */ c", at: "2:7" },
  { name: "in code points", text: '"\ud83d\ude00\u00fc" c', at: "1:6" },
  { name: "with tabs as one column", text: "\t\tc", at: "1:3" },
  { name: "without the byte order mark", text: "\ufeffc", at: "1:1" },
  { name: "with CRLF", text: "a\r\n  c", at: "2:3" },
  { name: "with a lone CR on the same line", text: "a\rc", at: "1:3" },
];

for (const { name, text, at } of positions) {
  Deno.test(`Scanner counts lines and columns ${name}`, () => {
    const token = scan(text).at(-2);
    assertEquals(`${token?.line}:${token?.column}`, at);
  });
}

const comments = [
  {
    name: "on its line belongs to the token before",
    text: "a // x\nb",
    trailing: ["// x"],
    leading: [],
  },
  {
    name: "above belongs to the token behind",
    text: "a\n// x\nb",
    trailing: [],
    leading: ["// x"],
  },
  {
    name: "between two tokens of a line belongs to the one behind",
    text: "a /* x */ b",
    trailing: [],
    leading: ["/* x */"],
  },
  {
    name: "at the line end is split from those below",
    text: "a /* x */ // y\n// z\nb",
    trailing: ["/* x */", "// y"],
    leading: ["// z"],
  },
  {
    name: "that ends where the next token stands belongs to that",
    text: "a /* x\n y */ b",
    trailing: [],
    leading: ["/* x\n y */"],
  },
];

for (const { name, text, trailing, leading } of comments) {
  Deno.test(`Scanner: a comment ${name}`, () => {
    const [a, b] = scan(text);
    assertEquals(a?.trailing.map((comment) => comment.text), trailing);
    assertEquals(b?.leading.map((comment) => comment.text), leading);
  });
}

Deno.test("Scanner reads escaped quotes only in the old dialect", () => {
  assertEquals(scan('"a\\"b"', true).map((token) => token.text), ['"a\\"b"', ""]);
  assertEquals(scan('"a\\"b"').map((token) => token.kind), ["string", "ident", "illegal", "eof"]);
});

Deno.test("Scanner says where a long line breaks off without going over it again", () => {
  const text = "a ".repeat(30_000);
  assertEquals(scan(text).at(-2)?.column, 59_999);
});
