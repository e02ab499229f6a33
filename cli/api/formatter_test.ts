import { assertEquals } from "@std/assert";
import { formatApi } from "./formatter.ts";

interface Case {
  name: string;
  text: string;
  expected: string;
}

const cases: Case[] = [
  { name: "nothing", text: " \n\n", expected: "" },
  { name: "only comments", text: "\n// a\n\n\n\n// b\n", expected: "// a\n\n// b\n" },
  {
    name: "a byte order mark and CRLF away",
    text: '\ufeffsyntax="v1"\r\n/* a\r\n b */\r\ntype T{}\r\n',
    expected: 'syntax = "v1"\n\n/* a\n b */\ntype T {}\n',
  },
  {
    name: "statements",
    text:
      'syntax="v1" info(a:"1" bb:x) import "a.api" import "b.api"\n\n\nimport("c.api" "d.api")import "e.api" type T{A int}',
    expected:
      'syntax = "v1"\n\ninfo (\n\ta:  "1"\n\tbb: x\n)\n\nimport "a.api"\nimport "b.api"\n\nimport (\n\t"c.api"\n\t"d.api"\n)\n\nimport "e.api"\n\ntype T {\n\tA int\n}\n',
  },
  {
    name: "members in columns",
    text:
      'type T {\nA int\nLong string `json:"b"`\n\n\nM map[ string ] [ ] * T `json:"m"` // behind\nD,  E [ 2 ]int\nF interface{} `json:"f"`\n}',
    expected:
      'type T {\n\tA    int\n\tLong string          `json:"b"`\n\tM    map[string][]*T `json:"m"` // behind\n\tD, E [2]int\n\tF    interface{} `json:"f"`\n}\n',
  },
  {
    name: "columns apart around comments, embedded and nested members",
    text:
      'type T {\nA int `a:"1"`\n// c\nLonger string `b:"2"`\nU\n*V `v:"1"`\nB {\nC int\nDdd int\n} `c:"3"`\nEeeeeeeeeee int\n}',
    expected:
      'type T {\n\tA int `a:"1"`\n\t// c\n\tLonger string `b:"2"`\n\tU\n\t*V `v:"1"`\n\tB {\n\t\tC   int\n\t\tDdd int\n\t} `c:"3"`\n\tEeeeeeeeeee int\n}\n',
  },
  {
    name: "type groups",
    text: "type(A{}\n\n\nB{X int}C=int D []{ E int }\nF {\n})type T = {A int}",
    expected:
      "type (\n\tA {}\n\tB {\n\t\tX int\n\t}\n\tC = int\n\tD []{\n\t\tE int\n\t}\n\tF {}\n)\n\ntype T = {\n\tA int\n}\n",
  },
  {
    name: "services",
    text: '@server(prefix:/v1/ group:a/b middleware:A , B)service s-api{@doc("summary":"x")\n}'
      .replace('("summary":', "(summary:").replace(
        "\n}",
        '@handler h get /p/()returns();@doc "y" @handler g post /q(T)returns([ ]* T)}service s-api{}',
      ),
    expected:
      '@server (\n\tprefix:     /v1/\n\tgroup:      a/b\n\tmiddleware: A,B\n)\nservice s-api {\n\t@doc (\n\t\tsummary: "x"\n\t)\n\t@handler h\n\tget /p/\n\n\t@doc "y"\n\t@handler g\n\tpost /q (T) returns ([]*T)\n}\n\nservice s-api {}\n',
  },
  {
    name: "empty things away",
    text:
      'info()import ""import()type()info(a:"")@server()service s{@doc ""@handler h get /p @doc(a:"" b:"")@handler g get /q}',
    expected: "service s {\n\t@handler h\n\tget /p\n\n\t@handler g\n\tget /q\n}\n",
  },
  {
    name: "lists with one value whole",
    text: 'info(a:"" b:"1")',
    expected: 'info (\n\ta: ""\n\tb: "1"\n)\n',
  },
  {
    name: "all kinds of comments",
    text:
      '// a\ntype T { // b\n// c\nA int // d\n/* e */ B int /* f */ // g\n// h\n} // i\n@server ( // j\n// k\nx: y // l\n// m\n) // n\n// o\nservice s { // p\n// q\n@doc ( // r\na: "1" // s\n) // t\n// u\n@handler h // v\n// w\nget /p // x\n// y\n} // z\n// end',
    expected:
      '// a\ntype T { // b\n\t// c\n\tA int // d\n\t/* e */\n\tB int /* f */ // g\n\t// h\n} // i\n\n@server ( // j\n\t// k\n\tx: y // l\n\t// m\n) // n\n// o\nservice s { // p\n\t// q\n\t@doc ( // r\n\t\ta: "1" // s\n\t) // t\n\t// u\n\t@handler h // v\n\t// w\n\tget /p // x\n\t// y\n} // z\n\n// end\n',
  },
  {
    name: "comments in the middle of things above them",
    text:
      'type /*a*/ T /*b*/ {\nA /*c*/ int\nB map[/*d*/int]/*e*/int\n} syntax /*f*/ = /*g*/ "v1" import /*h*/ "x.api"',
    expected:
      '/*a*/\n/*b*/\ntype T {\n\t/*c*/\n\tA int\n\t/*d*/\n\t/*e*/\n\tB map[int]int\n}\n\n/*f*/\n/*g*/\nsyntax = "v1"\n\n/*h*/\nimport "x.api"\n',
  },
  {
    name: "comments in the middle of routes above them",
    text:
      'service /*a*/ s /*b*/ {\n@doc /*c*/ "x"\n@handler /*d*/ h\nget /*e*/ /p /*f*/ ( /*g*/ ) /*h*/ returns /*i*/ (/*j*/T) /*k*/ ; // l\n}',
    expected:
      '/*a*/\n/*b*/\nservice s {\n\t/*c*/\n\t@doc "x"\n\t/*d*/\n\t@handler h\n\t/*e*/\n\t/*f*/\n\t/*g*/\n\t/*h*/\n\t/*i*/\n\t/*j*/\n\t/*k*/\n\tget /p returns (T) // l\n}\n',
  },
  {
    name: "comments in empty brackets",
    text: "type T {\n// a\n}\ntype U { /* b */ }\nservice s { // c\n}",
    expected: "type T {\n\t// a\n}\n\ntype U {\n\t/* b */\n}\n\nservice s { // c\n}\n",
  },
  {
    name: "comments of what is left out",
    text:
      '// a\ninfo ( // b\n// c\n) // d\n// e\ntype T {}\nservice s {\n// f\n@doc "" // g\n// h\n@handler h\nget /p\n}\nimport () // i',
    expected:
      "// a\n// b\n// c\n// d\n\n// e\ntype T {}\n\nservice s {\n\t// f\n\t// g\n\t// h\n\t@handler h\n\tget /p\n}\n\n// i\n",
  },
  {
    name: "one empty line next to comments",
    text:
      "type T {\n\n\n// a\n\n\n// b\n\n\nA int\n\n\n// c\nB int\n\nC int\n\n// d\n\n}\n\n\n// e\n\n\n\ntype U {}",
    expected:
      "type T {\n\t// a\n\n\t// b\n\n\tA int\n\n\t// c\n\tB int\n\tC int\n\n\t// d\n}\n\n// e\n\ntype U {}\n",
  },
  {
    name: "comments of many lines as they are",
    text: "type T {\n/* a\n   b\n */\nA int /* c\n d */\n}",
    expected: "type T {\n\t/* a\n   b\n */\n\tA int /* c\n d */\n}\n",
  },
  {
    name: "strings of many lines as they are",
    text: 'info(a:"x\n  y" bbb:`z\n`)',
    expected: 'info (\n\ta:   "x\n  y"\n\tbbb: `z\n`\n)\n',
  },
  {
    name: "a structure as a map key",
    text: "type T {\nA map[{B /*x*/ int}]int\n}",
    expected: "type T {\n\t/*x*/\n\tA map[{B int}]int\n}\n",
  },
];

for (const { name, text, expected } of cases) {
  Deno.test(`formatApi() formats ${name}`, () => {
    const { text: once, diagnostics } = formatApi(text, { file: "a.api" });
    assertEquals(once, expected, JSON.stringify(diagnostics));
    assertEquals(formatApi(expected, { file: "a.api" }).text, expected);
  });
}

Deno.test("formatApi() leaves a file alone that does not parse", () => {
  const { text, diagnostics } = formatApi("type T {", { file: "a.api" });
  assertEquals([text, diagnostics.length], [undefined, 1]);
});

Deno.test("formatApi() needs no more than a file that parses", () => {
  const text = 'import "missing.api"\n\ntype T {\n\tA Unknown\n}\n\ntype T any\n';
  assertEquals(formatApi(text, { file: "a.api" }).text, text);
});
