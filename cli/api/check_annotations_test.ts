import { checkCases, SERVICE } from "./testing/program.ts";

const server = (entries: string) => `@server (\n${entries}\n)\n${SERVICE}`;

checkCases("annotations", [
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
  { name: "tools", text: server("mcp: true"), found: [] },
  { name: "tools or not", text: server("mcp: yes"), found: ["2:6 E-annotation-value"] },
  {
    name: "a route as a tool",
    text: 'service s {\n@doc (\nmcp: "true"\n)\n@handler h\nget /p\n}',
    found: [],
  },
  {
    name: "a route as a tool or not",
    text: 'service s {\n@doc (\nmcp: "on"\n)\n@handler h\nget /p\n}',
    found: ["3:6 E-annotation-value"],
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
