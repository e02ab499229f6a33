import { assert, assertEquals } from "@std/assert";
import type { JsonValue } from "../../rpc/proto/json_value.ts";
import { type CompiledProtos, compileProtos } from "./compile.ts";

/** Compiles `main.proto` of these files, which stand in `/p`. */
function compile(
  files: Readonly<Record<string, string>>,
  roots: string[] = ["/p"],
): CompiledProtos {
  const readFile = (path: string) => {
    const text = files[path.replace(/^\/p\//, "")];
    if (text === undefined) throw new Deno.errors.NotFound();
    return text;
  };
  return compileProtos(["/p/main.proto"], { readFile, importPaths: roots });
}

const HEAD = 'syntax = "proto3";\npackage p;\n';

/** `text` stands on line 3 of a proto3 file of package `p`. */
const refused: readonly { text: string; code: string; at: string; says: string }[] = [
  { text: "message M {", code: "E-syntax", at: "3:12", says: "the file ends" },
  {
    text: "message M { int32 a = ; }",
    code: "E-syntax",
    at: "3:23",
    says: 'need a whole number, found ";"',
  },
  { text: "message M { int32 a = 1 }", code: "E-syntax", at: "3:25", says: 'need ";"' },
  { text: "message M { int32 = 1; }", code: "E-syntax", at: "3:19", says: "need a name" },
  { text: "message 5 {}", code: "E-syntax", at: "3:9", says: "need a name" },
  { text: "foo;", code: "E-syntax", at: "3:1", says: "need a message, enum, service" },
  { text: "message M { int32 a = 1; } }", code: "E-syntax", at: "3:28", says: 'found "}"' },
  { text: 'import "a', code: "E-syntax", at: "3:8", says: "it does not end" },
  { text: "/* never", code: "E-syntax", at: "3:1", says: "it does not end" },
  { text: "message M { int32 ä = 1; }", code: "E-syntax", at: "3:19", says: 'unexpected "ä"' },
  { text: "message M { int32 a = 09; }", code: "E-syntax", at: "3:23", says: "octal" },
  {
    text: "message M { int32 a = 1x; }",
    code: "E-syntax",
    at: "3:24",
    says: "a letter stands right behind",
  },
  { text: "message M { int32 a = 1.5x; }", code: "E-syntax", at: "3:26", says: "a letter" },
  { text: "/* 😀 ä */ message M { int32 = 1; }", code: "E-syntax", at: "3:29", says: "a name" },
  {
    text: `message M { option (o) = ${"{ o ".repeat(50_000)} }`,
    code: "E-syntax",
    at: "3:286",
    says: "it is too deep",
  },
  {
    text: `message M { option (o) = { o: ${"[ ".repeat(50_000)} }`,
    code: "E-syntax",
    at: "3:159",
    says: "it is too deep",
  },
  { text: 'option java_package = "\\q";', code: "E-syntax", at: "3:23", says: "is no escape" },
  {
    text: 'option java_package = "\\U00110000";',
    code: "E-syntax",
    at: "3:23",
    says: "is no escape",
  },
  { text: "message M { int32 a = 0; }", code: "E-number", at: "3:23", says: "need 1 to 536870911" },
  { text: "message M { int32 a = 536870912; }", code: "E-number", at: "3:23", says: "need 1 to" },
  {
    text: "message M { int32 a = 19500; }",
    code: "E-number",
    at: "3:23",
    says: "belong to protobuf",
  },
  {
    text: "message M { int32 a = 1; int32 b = 1; }",
    code: "E-number",
    at: "3:36",
    says: '"a" has it',
  },
  {
    text: "message M { reserved 1 to 3; int32 a = 2; }",
    code: "E-number",
    at: "3:40",
    says: "it is reserved",
  },
  {
    text: "message M { reserved 5 to 3; }",
    code: "E-number",
    at: "3:22",
    says: "5 to 3 is no range",
  },
  {
    text: 'message M { reserved "a"; int32 a = 2; }',
    code: "E-reserved",
    at: "3:33",
    says: "the name is reserved",
  },
  {
    text: "message M { int32 a = 1; int32 a = 2; }",
    code: "E-duplicate",
    at: "3:32",
    says: '"p.M.a": it is declared already, as field',
  },
  { text: "message M {} message M {}", code: "E-duplicate", at: "3:22", says: '"p.M"' },
  { text: "message M {} enum M { A = 0; }", code: "E-duplicate", at: "3:19", says: '"p.M"' },
  { text: "enum A { X = 0; } enum B { X = 0; }", code: "E-duplicate", at: "3:28", says: '"p.X"' },
  {
    text: "message M { int32 a_b = 1; int32 aB = 2; }",
    code: "E-json-name",
    at: "3:34",
    says: 'as "a_b" is',
  },
  {
    text: 'message M { int32 a = 1; int32 b = 2 [json_name = "a"]; }',
    code: "E-json-name",
    at: "3:32",
    says: 'it is "a"',
  },
  { text: "message M { required int32 a = 1; }", code: "E-label", at: "3:22", says: "no required" },
  {
    text: "message M { oneof o { optional int32 a = 1; } }",
    code: "E-label",
    at: "3:32",
    says: "takes no optional",
  },
  {
    text: "message M { oneof o { repeated int32 a = 1; } }",
    code: "E-label",
    at: "3:32",
    says: "takes no repeated",
  },
  {
    text: "message M { oneof o { map<int32, int32> a = 1; } }",
    code: "E-map",
    at: "3:23",
    says: "in a oneof",
  },
  { text: "message M { oneof o {} }", code: "E-oneof", at: "3:19", says: "it has no field" },
  {
    text: "message M { repeated map<int32, int32> a = 1; }",
    code: "E-map",
    at: "3:22",
    says: "cannot be repeated",
  },
  {
    text: "message M { map<double, int32> a = 1; }",
    code: "E-map",
    at: "3:25",
    says: "Cannot use double as key",
  },
  {
    text: "message M { map<bytes, int32> a = 1; }",
    code: "E-map",
    at: "3:24",
    says: "Cannot use bytes as key",
  },
  {
    text: "message M { map<N, int32> a = 1; } enum N { A = 0; }",
    code: "E-map",
    at: "3:20",
    says: "Cannot use N as key",
  },
  {
    text: "message M { int32 a = 1 [default = 5]; }",
    code: "E-default",
    at: "3:26",
    says: "zero only",
  },
  {
    text: "message M { optional group G = 1 { } }",
    code: "E-group",
    at: "3:22",
    says: "no groups",
  },
  {
    text: "message M { extensions 100 to 200; }",
    code: "E-extension",
    at: "3:24",
    says: "proto3 has none",
  },
  {
    text: "message M {} extend M { int32 a = 1; }",
    code: "E-extension",
    at: "3:21",
    says: "it is no options message",
  },
  { text: "message M { Foo a = 1; }", code: "E-unresolved", at: "3:13", says: 'type "Foo"' },
  { text: "message M { q.Foo a = 1; }", code: "E-unresolved", at: "3:13", says: 'type "q.Foo"' },
  {
    text: "message M { S a = 1; } service S {}",
    code: "E-unresolved",
    at: "3:13",
    says: 'Cannot find type "S"',
  },
  {
    text: "message M {} service S { rpc A(M) returns (X); }",
    code: "E-unresolved",
    at: "3:44",
    says: '"X"',
  },
  {
    text: "enum E { A = 0; } service S { rpc A(E) returns (E); }",
    code: "E-type",
    at: "3:37",
    says: "need a message",
  },
  {
    text: "message M {} service S { rpc A(M) returns (M); rpc A(M) returns (M); }",
    code: "E-duplicate",
    at: "3:52",
    says: '"p.S.A": it is declared already, as rpc',
  },
  { text: "enum E {}", code: "E-enum", at: "3:6", says: "it has no value" },
  { text: "enum E { A = 1; }", code: "E-enum", at: "3:14", says: "must be 0, not 1" },
  { text: "enum E { A = 0; B = 0; }", code: "E-number", at: "3:21", says: '"A" has it' },
  { text: "enum E { A = 0; B = 2147483648; }", code: "E-number", at: "3:21", says: "is no int32" },
  {
    text: "enum E { A = 0; reserved 1 to max; B = 5; }",
    code: "E-reserved",
    at: "3:36",
    says: "it is reserved",
  },
  {
    text: "option nothing = true;",
    code: "E-option",
    at: "3:8",
    says: 'FileOptions has no option "nothing"',
  },
  { text: "option (a.b) = true;", code: "E-option", at: "3:8", says: "there is no option (a.b)" },
  {
    text: 'option deprecated = "x";',
    code: "E-option",
    at: "3:21",
    says: '"deprecated" needs a bool',
  },
  {
    text: "option deprecated = true; option deprecated = true;",
    code: "E-option",
    at: "3:47",
    says: "set already",
  },
  {
    text: "option optimize_for = FAST;",
    code: "E-option",
    at: "3:23",
    says: "needs one of SPEED, CODE_SIZE",
  },
  {
    text: "option java_package.x = 1;",
    code: "E-option",
    at: "3:8",
    says: "is no message with fields",
  },
  {
    text: "message M { int32 a = 1 [packed = 5]; }",
    code: "E-option",
    at: "3:35",
    says: "needs a bool",
  },
  { text: "package q;", code: "E-package", at: "3:1", says: 'it is "p" already' },
  { text: 'import "none.proto";', code: "E-import", at: "3:8", says: "there is no such file" },
  { text: 'import "../x.proto";', code: "E-import", at: "3:8", says: "it is no plain path" },
  { text: 'import "/etc/passwd";', code: "E-import", at: "3:8", says: "it is no plain path" },
  {
    text: 'import "main.proto";',
    code: "E-import",
    at: "3:8",
    says: "it is a circle, main.proto -> main.proto",
  },
  { text: `${"message M {".repeat(40)}`, code: "E-syntax", at: "3:364", says: "too deep" },
];
for (const { text, code, at, says } of refused) {
  Deno.test(`compileProtos() refuses ${text.slice(0, 70)}`, () => {
    const { program, diagnostics } = compile({ "main.proto": HEAD + text });
    assertEquals(program, undefined);
    const [first] = diagnostics;
    assertEquals([first?.code, `${first?.line}:${first?.column}`], [code, at], first?.message);
    assertEquals(first!.message.includes(says), true, first!.message);
    assertEquals(/^Cannot .*[^.]$/.test(first!.message), true, first!.message);
  });
}

const heads: readonly { text: string; code: string; hint: string }[] = [
  { text: 'syntax = "proto2";', code: "E-proto2", hint: "drop required, default, group" },
  { text: "message M {}", code: "E-proto2", hint: "begin it with syntax" },
  { text: "", code: "E-proto2", hint: "begin it with syntax" },
  { text: 'edition = "2023";', code: "E-edition", hint: 'write syntax = "proto3"' },
  { text: 'syntax = "proto4";', code: "E-syntax", hint: 'write syntax = "proto3"' },
];
for (const { text, code, hint } of heads) {
  Deno.test(`compileProtos() refuses a file that begins with ${text}`, () => {
    const [first] = compile({ "main.proto": text }).diagnostics;
    assertEquals([first?.code, first?.hint?.includes(hint)], [code, true], first?.hint);
  });
}

const M = "message M {}";
const programs: readonly { name: string; files: Record<string, string>; codes: string[] }[] = [
  {
    name: "sees what is imported publicly by what it imports",
    files: {
      "main.proto": `${HEAD}import "a.proto"; message N { b.M m = 1; }`,
      "a.proto": 'syntax = "proto3"; import public "b.proto";',
      "b.proto": `syntax = "proto3"; package b; ${M}`,
    },
    codes: [],
  },
  {
    name: "does not see what is imported by what it imports",
    files: {
      "main.proto": `${HEAD}import "a.proto"; message N { b.M m = 1; }`,
      "a.proto": 'syntax = "proto3"; import "b.proto";',
      "b.proto": `syntax = "proto3"; package b; ${M}`,
    },
    codes: ["E-unresolved"],
  },
  {
    name: "refuses a weak import that is not there, as protoc does",
    files: { "main.proto": `${HEAD}import weak "none.proto";` },
    codes: ["E-import"],
  },
  {
    name: "tells of a circle",
    files: {
      "main.proto": `${HEAD}import "a.proto";`,
      "a.proto": 'syntax = "proto3"; import "main.proto";',
    },
    codes: ["E-import"],
  },
  {
    name: "takes the same file imported on two ways",
    files: {
      "main.proto": `${HEAD}import "a.proto"; import "b.proto"; message N { q.M m = 1; }`,
      "a.proto": 'syntax = "proto3"; import "b.proto";',
      "b.proto": `syntax = "proto3"; package q; ${M}`,
    },
    codes: [],
  },
  {
    name: "tells of errors in what it imports",
    files: { "main.proto": `${HEAD}import "a.proto";`, "a.proto": 'edition = "2023";' },
    codes: ["E-edition"],
  },
  {
    name: "prefers the user's copy of a bundled file",
    files: {
      "main.proto": `${HEAD}import "google/api/http.proto"; message N { google.api.Mine m = 1; }`,
      "google/api/http.proto": 'syntax = "proto3"; package google.api; message Mine {}',
    },
    codes: [],
  },
  {
    name: "refuses a declaration that another file has",
    files: {
      "main.proto": `${HEAD}import "a.proto"; ${M}`,
      "a.proto": `syntax = "proto3"; package p; ${M}`,
    },
    codes: ["E-duplicate"],
  },
  {
    name: "looks names up from the inside out",
    files: {
      "main.proto": `syntax = "proto3"; package a.b;
        message M { message M { M inner = 1; } M outer = 1; .a.b.M full = 2; a.b.M.M path = 3; b.M up = 4; }`,
    },
    codes: [],
  },
  {
    name: "lets the innermost package decide, as protoc does",
    files: {
      "main.proto": `syntax = "proto3"; package a.google; import "google/protobuf/any.proto";
        message M { google.protobuf.Any any = 1; }`,
    },
    codes: ["E-unresolved"],
  },
  {
    name: "takes an alias that is allowed",
    files: { "main.proto": `${HEAD}enum E { option allow_alias = true; A = 0; B = 0; }` },
    codes: [],
  },
  {
    name: "takes names that are keywords, and odd layout",
    files: {
      "main.proto": `${HEAD};message message{.p.message option=1;;reserved 5;}
        message stream{} service service{rpc rpc(.p.stream)returns(stream stream);;
        rpc r2(stream .p.stream) returns (p.stream){;option deprecated=true;}}`,
    },
    codes: [],
  },
  {
    name: "takes extensions as options, by every way to write them",
    files: {
      "main.proto": `${HEAD}import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions { O o = 50001; repeated int32 list = 50002; E e = 50003; }
        enum E { A = 0; B = 1; }
        message O { string text = 1; O inner = 2; repeated O many = 3; double d = 4; bytes b = 5; bool t = 6; extend google.protobuf.FieldOptions { int64 deep = 50001; } }
        message M {
          option (o) = { text: 'a' "b", inner { text: "c"; d: -inf } many: [{ b: "\\377" }, { t: true }] many <d: 1e3> };
          option (p.list) = 1; option (.p.list) = -2; option (e) = B;
          int32 a = 1 [(O.deep) = 0x7fffffffffffffff, json_name = "b", deprecated = true];
          int32 c = 2 [(p.O.deep) = -5];
        }
        message N { option (o).inner.text = "x"; option (o).inner.d = nan; option (o).d = 5; }`,
    },
    codes: [],
  },
  {
    name: "refuses options of another kind of declaration",
    files: {
      "main.proto": `${HEAD}import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions { int32 o = 50001; }
        message M { int32 a = 1 [(o) = 1]; }`,
    },
    codes: ["E-option"],
  },
  {
    name: "refuses a number that is too large for an option",
    files: {
      "main.proto": `${HEAD}import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions { int32 o = 50001; uint32 u = 50002; }
        message M { option (o) = 2147483648; option (u) = -1; }`,
    },
    codes: ["E-option", "E-option"],
  },
];
for (const { name, files, codes } of programs) {
  Deno.test(`compileProtos() ${name}`, () => {
    const { program, diagnostics } = compile(files);
    assertEquals(diagnostics.map(({ code }) => code), codes, diagnostics[0]?.message);
    assertEquals(program === undefined, codes.length > 0);
  });
}

Deno.test("compileProtos() gives options as plain data", () => {
  const { program } = compile({
    "main.proto": `${HEAD}import "google/api/annotations.proto"; ${M}
      service S { rpc A(M) returns (M) { option (google.api.http) = { get: "/a" additional_bindings { post: "/b" body: "*" } }; } }`,
  });
  const [method] = program!.mains[0]!.services[0]!.methods;
  assertEquals(program!.options.get(method!.options)?.toData(), {
    "google.api.http": { get: "/a", additionalBindings: [{ post: "/b", body: "*" }] },
  });
});

for (
  const { text, free } of [
    { text: "int32 a = 1; int32 b = 1;", free: 2 },
    { text: "reserved 2 to 5, 7; int32 a = 1; int32 b = 1;", free: 6 },
    { text: "reserved 2 to 18999; int32 a = 1; int32 b = 1;", free: 20_000 },
  ]
) {
  Deno.test(`compileProtos() knows the next free number of ${text}`, () => {
    const { diagnostics } = compile({ "main.proto": `${HEAD}message M { ${text} }` });
    assertEquals(diagnostics[0]?.hint, `the next free number is ${free}`);
  });
}

Deno.test("compileProtos() names a hint where a type is declared but not imported", () => {
  const { diagnostics } = compile({
    "main.proto": `${HEAD}import "a.proto"; message N { Other o = 1; }`,
    "a.proto": 'syntax = "proto3"; import "b.proto";',
    "b.proto": 'syntax = "proto3"; package b; message Other {}',
  });
  assertEquals(diagnostics[0]?.hint, "b.Other is in b.proto: import that");
});

for (
  const { roots, hint } of [
    { roots: ["/p", "/a"], hint: "looked in /p, /a; name another folder with -I" },
    {
      roots: ["/p", "/a", "/b", "/c", "/d"],
      hint: "looked in /p, /a, /b and 2 more; name another folder with -I",
    },
  ]
) {
  Deno.test(`compileProtos() says where it looked in ${roots.length} folders`, () => {
    const { diagnostics } = compile({ "main.proto": `${HEAD}import "none.proto";` }, roots);
    assertEquals(diagnostics[0]?.hint, hint);
  });
}

Deno.test("compileProtos() keeps comments of declarations", () => {
  const { program } = compile({
    "main.proto": `${HEAD}
// Not of M.

// Of M,
// two lines.
message M { // Behind the brace.
  // Of a.
  int32 a = 1; // Behind a.
  /* Of b,
   * a block. */
  int32 b = 2;
  int32 c = 3;
}
`,
  });
  const [message] = program!.mains[0]!.messages;
  assertEquals(message!.docs, ["Of M,", "two lines."]);
  const fields = message!.fields.map(({ docs, comment }) => [docs, comment]);
  assertEquals(fields, [[["Of a."], "Behind a."], [["Of b,", "a block."], ""], [[], ""]]);
});

Deno.test("compileProtos() gives maps and an Any in options as plain data", () => {
  const { program, diagnostics } = compile({
    "main.proto":
      `${HEAD}import "google/protobuf/descriptor.proto"; import "google/protobuf/any.proto";
      message O { map<string, O> m = 1; map<int32, bytes> b = 2; google.protobuf.Any any = 3; bool no = 4; }
      extend google.protobuf.MessageOptions { O o = 50001; }
      message M { option (o) = { m { key: "__proto__" value { no: true } } m { key: "x" } b { key: -5 value: "\\xff" }
        any { [type.googleapis.com/p.O] { no: t } } no: false }; }`,
  });
  assertEquals(diagnostics, []);
  const message = program!.mains[0]!.messages.find(({ name }) => name === "M")!;
  const map = Object.fromEntries<JsonValue>([["__proto__", { no: true }], ["x", {}]]);
  assertEquals(program!.options.get(message.options)?.toData(), {
    "p.o": {
      m: map,
      b: { "-5": "/w==" },
      any: { "@type": "type.googleapis.com/p.O", no: true },
    },
  });
});

Deno.test("compileProtos() refuses a file of proto2 that is asked for and imported too", () => {
  const files = new Map([
    ["/p/a.proto", 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }'],
    ["/p/b.proto", 'syntax = "proto2"; message B { required int32 x = 1; }'],
  ]);
  const readFile = (path: string) => files.get(path) ?? assertNever(path);
  const options = { readFile, importPaths: ["/p"] };
  assertEquals(compileProtos(["/p/a.proto"], options).diagnostics, []);
  const { diagnostics } = compileProtos(["/p/a.proto", "/p/b.proto"], options);
  assertEquals(diagnostics.map(({ code, file }) => [code, file]), [["E-proto2", "/p/b.proto"]]);
});

function assertNever(path: string): never {
  throw new Deno.errors.NotFound(path);
}

Deno.test("compileProtos() refuses imports that go too deep", () => {
  const readFile = (path: string) => {
    const index = Number(/\d+/.exec(path)?.[0]);
    return `syntax = "proto3"; import "f${index + 1}.proto";`;
  };
  const { diagnostics } = compileProtos(["/p/f0.proto"], { readFile, importPaths: ["/p"] });
  const [first] = diagnostics;
  assertEquals([first?.code, first?.message], [
    "E-import",
    'Cannot import "f201.proto": imports are too deep',
  ]);
});

Deno.test("compileProtos() takes time in proportion to a file of one line", () => {
  const fields = Array.from(
    { length: 20_000 },
    (_, index) => `int32 a${index} = ${index + 20_000};`,
  );
  const line = `message M { ${
    fields.join(" ")
  } reserved 1 to 19999; } message N { int32 a = 5; int32 b = 5; }`;
  const start = performance.now();
  const { diagnostics } = compile({ "main.proto": HEAD + line });
  const places = diagnostics.map(({ code, column }) => [code, column]);
  assertEquals(places, [["E-number", line.length - 3]]);
  // Counting columns from the begin of the line took minutes.
  assert(performance.now() - start < 20_000);
});
