import { checkCases } from "./testing/program.ts";

/** Two routes; `a` and `b` are texts of `@server` in front of their blocks. */
const blocks = (a: string, b: string, routes = ["get /p", "get /q"], handlers = ["h", "g"]) =>
  `@server (\n${a}\n)\nservice s {\n@handler ${handlers[0]}\n${routes[0]}\n}\n` +
  `@server (\n${b}\n)\nservice s {\n@handler ${handlers[1]}\n${routes[1]}\n}\n`;

checkCases("routes", [
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
