import { assertEquals } from "@std/assert";
import { compileFiles, SERVICE, summary } from "./test_program.ts";

interface Case {
  name: string;
  text: string;
  /** `line:column CODE` of each finding; none means the text passes. */
  found: string[];
}

function test(what: string, cases: Case[]): void {
  for (const { name, text, found } of cases) {
    Deno.test(`checkProgram() ${what}: ${name}`, () => {
      assertEquals(summary(compileFiles({ "a.api": text }).diagnostics), found);
    });
  }
}

/** A structure of these members above a service. */
const struct = (members: string, more = "") => `type T {\n${members}\n}\n${SERVICE}${more}`;

test("types", [
  { name: "names differ by case", text: `type T {}\ntype t {}\n${SERVICE}`, found: [] },
  {
    name: "twice in a group",
    text: `type (\nT {}\nT {}\n)\n${SERVICE}`,
    found: ["3:1 E-duplicate-type"],
  },
  {
    name: "three times",
    text: `type T {}\ntype T {}\ntype T {}\n${SERVICE}`,
    found: ["2:6 E-duplicate-type", "3:6 E-duplicate-type"],
  },
  {
    name: "an alias of a map",
    text: `type T = map[string]int\n${SERVICE}`,
    found: ["1:6 E-not-struct"],
  },
  {
    name: "an alias of a pointer",
    text: `type T *U\ntype U {}\n${SERVICE}`,
    found: ["1:6 E-not-struct"],
  },
  { name: "named any", text: `type any {\nA int\n}\n${SERVICE}`, found: ["1:6 E-base-type"] },
  { name: "named error is no base type", text: `type error {\nA int\n}\n${SERVICE}`, found: [] },
  { name: "any in a map", text: struct("A map[string]any"), found: ["2:14 E-any"] },
  { name: "any behind pointers and slices", text: struct("A *[]any"), found: ["2:6 E-any"] },
  { name: "any embedded", text: struct("any"), found: ["2:1 E-embedded"] },
  { name: "a pointer to a base type embedded", text: struct("*int"), found: ["2:2 E-embedded"] },
  {
    name: "interface{} anywhere",
    text: struct("A []*interface{}\nB map[int]interface{}\nC [2]interface{}"),
    found: [],
  },
  {
    name: "a structure deep in lists",
    text: struct("A [][]{ B int }"),
    found: ["2:3 E-inline-struct"],
  },
  {
    name: "a structure deep in maps",
    text: struct("A map[int]map[int]{ B int }"),
    found: ["2:3 E-inline-struct"],
  },
  { name: "an open array in a slice", text: struct("A [][...]int"), found: ["2:5 E-array"] },
  { name: "an array without elements", text: struct("A [0]int"), found: [] },
  {
    name: "an array of too many elements",
    text: struct("A [99999999999999999999]int"),
    found: ["2:3 E-array"],
  },
  {
    name: "a map key of interface{}",
    text: struct("A map[interface{}]int"),
    found: ["2:3 E-map-key"],
  },
  { name: "a map key of a map", text: struct("A []map[map[int]int]int"), found: ["2:5 E-map-key"] },
  {
    name: "map keys of base types",
    text: struct("A map[bool]int\nB map[float64]int\nC map[byte]int"),
    found: [],
  },
  {
    name: "unresolved in a map key",
    text: struct("A map[Z]int"),
    found: ["2:7 E-unresolved", "2:3 E-map-key"],
  },
  {
    name: "unresolved in a nested structure",
    text: struct("A {\nB {\nC *Z\n}\n}"),
    found: ["4:4 E-unresolved"],
  },
  {
    name: "an empty structure in a nested one",
    text: struct("A {\nB {}\n}"),
    found: ["3:3 E-empty-struct"],
  },
  { name: "three pointers", text: struct("A ***int"), found: ["2:3 W-pointer", "2:4 W-pointer"] },
]);

test("recursion", [
  {
    name: "through a slice, a map and a pointer",
    text: struct("A []T\nB map[string]T\nC *T\nD []*T"),
    found: [],
  },
  { name: "through a fixed array", text: struct("A [2]T"), found: ["2:1 E-recursive-type"] },
  {
    name: "through a nested structure",
    text: struct("A {\nB T\n}"),
    found: ["3:1 E-recursive-type"],
  },
  { name: "through an optional member", text: struct('A T `json:"a,optional"`'), found: [] },
  {
    name: "through three types",
    text: `type A {\nB B\n}\ntype B {\nC C\n}\ntype C {\nA A\n}\n${SERVICE}`,
    found: ["2:1 E-recursive-type"],
  },
  {
    name: "two cycles",
    text: `type A {\nA A\n}\ntype B {\nB B\n}\n${SERVICE}`,
    found: ["2:1 E-recursive-type", "5:1 E-recursive-type"],
  },
  {
    name: "through an embedded structure and a member",
    text: `type A {\nB\n}\ntype B {\nX A\n}\n${SERVICE}`,
    found: ["5:1 E-recursive-type"],
  },
  { name: "embedding itself", text: struct("T"), found: ["2:1 W-embedded-cycle"] },
  {
    name: "through an embedded pointer and a member",
    text: `type A {\n*B\n}\ntype B {\nX A\n}\n${SERVICE}`,
    found: [],
  },
]);

test("members", [
  {
    name: "of one name",
    text: struct('A int `json:"a"`\nA int `json:"b"`'),
    found: ["3:1 E-duplicate-field"],
  },
  { name: "of one name in a list", text: struct("A, A int"), found: ["2:4 E-duplicate-field"] },
  {
    name: "of one wire name in different sources",
    text: struct('A int `json:"a"`\nB int `form:"a"`\nC int `path:"a"`'),
    found: [],
  },
  {
    name: "of one form name",
    text: struct('A int `form:"x"`\nB int `form:"x,optional"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "of one header name",
    text: struct('A int `header:"X-Id"`\nB int `header:"x-id"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "of one name of another encoder",
    text: struct('A int `db:"a"`\nB int `db:"a"`'),
    found: [],
  },
  {
    name: "without a tag",
    text: struct('A int\nB int `json:"A"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  {
    name: "with an empty name",
    text: struct('A int `json:",optional"`\nB int `json:"A"`'),
    found: ["3:7 E-duplicate-wire-name"],
  },
  { name: "that are ignored", text: struct('A int `json:"-"`\nB int `json:"-"`'), found: [] },
  {
    name: "of one wire name in different structures",
    text: struct('A int `json:"a"`\nB {\nC int `json:"a"`\n} `json:"b"`'),
    found: [],
  },
  { name: "sharing a wire name", text: struct('A, B int `json:"a"`'), found: ["2:10 E-tag"] },
  { name: "sharing options", text: struct('A, B int `json:",optional"`'), found: [] },
  { name: "with a malformed tag", text: struct("A int `json:a`"), found: ["2:7 E-tag"] },
  {
    name: "with a malformed tag in a nested structure",
    text: struct("A {\nB int `json`\n}"),
    found: ["3:7 E-tag"],
  },
]);

test("tag options", [
  {
    name: "known ones",
    text: struct(
      'A string `json:"a,optional,options=x|y,default=x,inherit,env=A,example=1,omitempty,string"`',
    ),
    found: [],
  },
  { name: "unknown ones", text: struct('A int `json:"a,foo"`'), found: ["2:7 W-tag-option"] },
  { name: "unknown ones of other keys", text: struct('A int `validate:"min=1,foo"`'), found: [] },
  {
    name: "range of a string",
    text: struct('A string `json:"a,range=[1:2]"`'),
    found: ["2:10 E-tag-option"],
  },
  {
    name: "range of a slice",
    text: struct('A []int `json:"a,range=[1:2]"`'),
    found: ["2:9 E-tag-option"],
  },
  {
    name: "range of a pointer to a number",
    text: struct('A *float64 `json:"a,range=(0:1]"`'),
    found: [],
  },
  {
    name: "range that is none",
    text: struct('A int `json:"a,range=[2:1]"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default out of range",
    text: struct('A int `json:"a,range=[1:5),default=5"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default not among the options",
    text: struct('A string `form:"a,options=[x,y],default=z"`'),
    found: ["2:10 E-tag-option"],
  },
  {
    name: "default of another type",
    text: struct('A int `json:"a,default=x"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "default too large",
    text: struct('A int8 `json:"a,default=128"`'),
    found: ["2:8 E-tag-option"],
  },
  {
    name: "default of a bool",
    text: struct('A bool `json:"a,default=true"`\nB bool `json:"b,default=yes"`'),
    found: ["3:8 E-tag-option"],
  },
  {
    name: "default of a slice",
    text: struct(
      'A []int `json:"a,default=[1,2]"`\nB []int `json:"b,default=[1,x]"`\nC []int `json:"c,default=1"`',
    ),
    found: ["3:9 E-tag-option", "4:9 E-tag-option"],
  },
  {
    name: "default that is empty",
    text: struct('A string `json:"a,default="`\nB []int `json:"b,default=[]"`'),
    found: [],
  },
  {
    name: "options of another type",
    text: struct('A int `json:"a,options=1|x"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "options that are none",
    text: struct('A int `json:"a,options="`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "an option without its value",
    text: struct('A int `json:"a,default"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "an option twice",
    text: struct('A int `json:"a,default=1,default=2"`'),
    found: ["2:7 E-tag-option"],
  },
  {
    name: "optional of nothing",
    text: struct('A int `json:"a,optional=!"`'),
    found: ["2:7 E-tag-option"],
  },
]);

/** Two routes; `a` and `b` are texts of `@server` in front of their blocks. */
const blocks = (a: string, b: string, routes = ["get /p", "get /q"], handlers = ["h", "g"]) =>
  `@server (\n${a}\n)\nservice s {\n@handler ${handlers[0]}\n${routes[0]}\n}\n` +
  `@server (\n${b}\n)\nservice s {\n@handler ${handlers[1]}\n${routes[1]}\n}\n`;

test("routes", [
  {
    name: "one path under spellings of a prefix",
    text: blocks("prefix: /v1/", 'prefix: "v1"', ["get /p", "get /p"]),
    found: ["13:1 E-duplicate-route"],
  },
  {
    name: "a prefix as part of the path",
    text: blocks("prefix: /v1", "prefix: /", ["get /p/", "get /v1/p"]),
    found: ["13:1 E-duplicate-route"],
  },
  {
    name: "paths that differ by case",
    text: blocks("prefix: /", "prefix: /", ["get /p", "get /P"]),
    found: [],
  },
  {
    name: "other parameter names",
    text: blocks("prefix: /", "prefix: /", ["get /p/:a", "get /p/:b"]),
    found: ["13:1 W-same-route"],
  },
  {
    name: "a parameter and a word",
    text: blocks("prefix: /", "prefix: /", ["get /p/:a", "get /p/b"]),
    found: [],
  },
  {
    name: "a parameter twice through the prefix",
    text: blocks("prefix: /:a", "prefix: /x", ["get /p/:a", "get /q"]),
    found: ["6:5 E-duplicate-parameter"],
  },
  {
    name: "one handler in spellings of a group",
    text: blocks("group: a/b", "group: /a/b/", undefined, ["h", "h"]),
    found: ["12:10 E-duplicate-handler"],
  },
  {
    name: "handlers that differ by case and suffix",
    text: blocks("group: a", "group: a", undefined, ["getHandler", "Gethandler"]),
    found: ["12:10 E-duplicate-handler"],
  },
  {
    name: "a handler named handler",
    text: blocks("group: a", "group: a", undefined, ["handler", "h"]),
    found: [],
  },
  {
    name: "groups that generated code cannot tell apart",
    text: blocks("group: a/b", "group: ab"),
    found: ["9:8 E-group"],
  },
  {
    name: "a list of any as response",
    text: `service s {\n@handler h\nget /p returns ([]any)\n}`,
    found: ["3:19 E-any"],
  },
  {
    name: "a list of unknown as response",
    text: `service s {\n@handler h\nget /p returns ([]*Z)\n}`,
    found: ["3:20 E-unresolved"],
  },
  {
    name: "a list as request",
    text: `service s {\n@handler h\nget /p ([]*int)\n}`,
    found: ["3:9 E-request"],
  },
  {
    name: "a stream without response or request",
    text: `@server (\nsse: true\n)\nservice s {\n@handler h\nget /p returns ()\n}`,
    found: ["6:5 E-sse"],
  },
  {
    name: "a stream that is off",
    text: `@server (\nsse: false\n)\nservice s {\n@handler h\nget /p\n}`,
    found: [],
  },
]);

const request = (members: string, path: string) =>
  `type T {\n${members}\n}\ntype U {\nX int \`path:"x"\`\n}\nservice s {\n@handler h\nget ${path} (T)\n}\n`;

test("path parameters", [
  { name: "that a member takes", text: request('A int `path:"a"`', "/:a"), found: [] },
  { name: "that an embedded member takes", text: request("U", "/:x"), found: [] },
  {
    name: "that no member takes",
    text: request('A int `form:"a"`', "/:a"),
    found: ["9:5 W-path-parameter"],
  },
  {
    name: "that are not in the path",
    text: request('A int `path:"a"`', "/a"),
    found: ["9:5 W-path-parameter"],
  },
  { name: "of the member's own name", text: request('A int `path:",optional"`', "/:A"), found: [] },
  { name: "without a request", text: "service s {\n@handler h\nget /:id\n}", found: [] },
]);

const server = (entries: string) => `@server (\n${entries}\n)\n${SERVICE}`;

test("annotations", [
  {
    name: "all that are known",
    text: server(
      'prefix: /v1\ngroup: a\njwt: Auth\njwtTransition: Old\nsignature: true\nmiddleware: A, B\ntimeout: 1m30s\nmaxBytes: 1024\ntags: "x"\nsummary: "y"\nauthType: apiKey',
    ),
    found: [],
  },
  { name: "own ones", text: server("x_own: 1\nown: 2"), found: ["3:1 W-unknown-annotation"] },
  {
    name: "twice",
    text: server("group: a\nprefix: /p\ngroup: a"),
    found: ["4:1 E-duplicate-annotation"],
  },
  {
    name: "a config section that is none",
    text: server("jwt: a-b\njwtTransition: A,B"),
    found: ["2:6 E-annotation-value", "3:16 E-annotation-value"],
  },
  { name: "a timeout of zero", text: server("timeout: 0"), found: [] },
  { name: "a timeout in quotes", text: server('timeout: "1.5s"'), found: [] },
  {
    name: "a timeout that is none",
    text: server("timeout: abc"),
    found: ["2:10 E-annotation-value"],
  },
  { name: "the largest limit", text: server("maxBytes: 9223372036854775807"), found: [] },
  {
    name: "a limit beyond it",
    text: server("maxBytes: 9223372036854775808"),
    found: ["2:11 E-annotation-value"],
  },
  {
    name: "a switch that is none",
    text: server("signature: yes"),
    found: ["2:12 W-annotation-value"],
  },
  {
    name: "middleware that is none",
    text: server("middleware: a-b"),
    found: ["2:13 W-annotation-value"],
  },
  {
    name: "a prefix with other characters",
    text: server('prefix: "/v 1?"'),
    found: ["2:9 W-annotation-value"],
  },
  { name: "a group with a slash behind", text: server("group: a/b/"), found: [] },
  { name: "a group of only a slash", text: server("group: /"), found: ["3:1 E-syntax"] },
  { name: "a group with spaces", text: server("group: a / b"), found: ["2:10 E-syntax"] },
  {
    name: "a documentation key twice",
    text: 'service s {\n@doc (a: "x" a: "y")\n@handler h\nget /p\n}',
    found: ["2:14 W-duplicate-key"],
  },
]);

test("services", [
  {
    name: "two empty ones",
    text: "service a {}\nservice b {}",
    found: ["2:9 E-service-name", "1:9 E-no-route"],
  },
  { name: "an empty one first", text: `service b {}\n${SERVICE}`, found: ["2:9 E-service-name"] },
  { name: "none", text: "// nothing", found: ["1:1 E-no-route"] },
]);
