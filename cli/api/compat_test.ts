import { assert, assertEquals } from "@std/assert";
import { formatApi } from "./formatter.ts";
import { compileFiles } from "./testing/program.ts";

const route = (text: string) => `service s {\n\t${text}\n\tget /p\n}\n`;

const cases: { name: string; old: string; today: string }[] = [
  { name: "struct", old: "type T struct {\nA int\n}", today: "type T {\n\tA int\n}\n" },
  {
    name: "struct in a group",
    old: "type (\nT struct {\nA int\n}\n)",
    today: "type (\n\tT {\n\t\tA int\n\t}\n)\n",
  },
  {
    name: "a nested struct",
    old: 'type T {\nA struct {\nB int\n} `json:"a"`\n}',
    today: 'type T {\n\tA {\n\t\tB int\n\t} `json:"a"`\n}\n',
  },
  {
    name: "@server before a route",
    old: route("@server(\nhandler: getUser\n)"),
    today: route("@handler getUser"),
  },
  {
    name: "@doc in parentheses",
    old: route('@doc("what it does")\n@handler h'),
    today: route('@doc "what it does"\n\t@handler h'),
  },
  {
    name: "values without quotes",
    old:
      "info(\n  title: my first service\n  version: 1.0\n  url: http://a.b/c // note\n  author: me\n)",
    today:
      'info (\n\ttitle:   "my first service"\n\tversion: "1.0"\n\turl:     "http://a.b/c" // note\n\tauthor:  me\n)\n',
  },
  {
    name: "values with quotes inside",
    old: 'info(\n  title: say "hi" now\n)',
    today: 'info (\n\ttitle: `say "hi" now`\n)\n',
  },
  {
    name: "a number as a value",
    old: route("@doc(\nsummary: 1 thing\n)\n@handler h"),
    today: route('@doc (\n\t\tsummary: "1 thing"\n\t)\n\t@handler h'),
  },
  {
    name: "escapes in a string",
    old: 'info(\n  title: "a \\"b\\""\n)',
    today: 'info (\n\ttitle: `a "b"`\n)\n',
  },
  {
    name: "an escape in @doc",
    old: route('@doc "a \\"b\\""\n@handler h'),
    today: route("@doc \"a 'b'\"\n\t@handler h"),
  },
  {
    name: "a service name of several words",
    old: "service a-b-c {\n@handler h\nget /p\n}",
    today: "service a_b_c {\n\t@handler h\n\tget /p\n}\n",
  },
  {
    name: "a service name of several words and -api",
    old: "service a-b-api {\n@handler h\nget /p\n}",
    today: "service a_b-api {\n\t@handler h\n\tget /p\n}\n",
  },
  {
    name: "values of @server to the line end",
    old: "@server(\n  summary: all about users\n  group: a/b\n)\n" + route("@handler h"),
    today: '@server (\n\tsummary: "all about users"\n\tgroup:   a/b\n)\n' + route("@handler h"),
  },
];

for (const { name, old, today } of cases) {
  Deno.test(`formatApi() with compat rewrites ${name}`, () => {
    const { text, diagnostics } = formatApi(old, { file: "a.api", compat: true });
    assertEquals(text, today);
    assert(
      diagnostics.length > 0 && diagnostics.every(({ code }) => code === "W-legacy"),
      JSON.stringify(diagnostics),
    );
    assertEquals(formatApi(today, { file: "a.api" }), { text: today, diagnostics: [] });
  });
}

const plain =
  'info (\n\ta: "1"\n\tb: x\n\tc: `y` d: "z"\n)\n@server (\n\tprefix: /v1.0\n\tx: a b: c\n\tmiddleware: A, B\n\ttimeout: 3s\n)\n' +
  'service s-api {\n\t@doc "x"\n\t@handler h\n\tget /p\n}\n';

Deno.test("formatApi() with compat reads today's dialect as it is", () => {
  const { diagnostics, text } = formatApi(plain, { file: "a.api", compat: true });
  assertEquals(diagnostics, []);
  assertEquals(text, formatApi(plain, { file: "a.api" }).text);
});

Deno.test("compileApi() without compat names the flag for each old construct", () => {
  for (
    const { old } of cases.filter(({ name }) =>
      /struct|@server before|parentheses|words/.test(name)
    )
  ) {
    const { diagnostics } = compileFiles({ "a.api": old });
    assert(
      diagnostics.some(({ message }) => message.includes("--compat")),
      JSON.stringify(diagnostics),
    );
  }
});

Deno.test("compileApi() with compat carries the old file over", () => {
  const text = "info(\n  title: my service\n)\ntype T struct {\n  A int\n}\n" +
    "service a-b {\n  @server(\n    handler: get\n  )\n  get /p (T)\n}\n";
  const { spec } = compileFiles({ "a.api": text }, { compat: true });
  assertEquals(spec?.info.title, "my service");
  assertEquals(spec?.groups[0]?.routes[0]?.handler, "get");
  assertEquals(spec?.service, "a-b");
});
