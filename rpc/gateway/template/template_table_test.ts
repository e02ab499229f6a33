import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseTemplate, type PathTemplate } from "./path_template.ts";
import { patternOfTemplate, prefixOfTemplate, templateOfPattern } from "./rest_pattern.ts";
import { TemplateTable } from "./template_table.ts";

const TEMPLATES = [
  "GET /",
  "GET /v1/a",
  "GET /v1/{x}",
  "GET /v1/{x}/c",
  "GET /v1/a/{y}",
  "GET /v1/{rest=**}",
  "GET /v1/{x}:run",
  "GET /v1/a:run",
  "GET /v1/deep/{rest=**}:run",
  "POST /v1/{x}",
  "* /any/{x}",
  "GET /any/{y}/z",
  "GET /s/{name=shelves/*/books/*}",
];

const table = new TemplateTable<string>();
for (const text of TEMPLATES) {
  const [method = "", path = ""] = text.split(" ");
  table.add(method, parseTemplate(path), text);
}

const rows: [request: string, template: string | undefined, values?: string[]][] = [
  ["GET /", "GET /", []],
  ["GET /v1/a", "GET /v1/a", []],
  ["GET /v1/b", "GET /v1/{x}", ["b"]],
  ["GET /v1/a/c", "GET /v1/a/{y}", ["c"]],
  ["GET /v1/b/c", "GET /v1/{x}/c", ["b"]],
  ["GET /v1/b/d", "GET /v1/{rest=**}", ["b/d"]],
  ["GET /v1", "GET /v1/{rest=**}", [""]],
  ["GET /v1/a/b/c/d", "GET /v1/{rest=**}", ["a/b/c/d"]],
  ["GET /v1/a:run", "GET /v1/a:run", []],
  ["GET /v1/b:run", "GET /v1/{x}:run", ["b"]],
  ["GET /v1/b:c:run", "GET /v1/{x}:run", ["b:c"]],
  ["GET /v1/b:other", "GET /v1/{x}", ["b:other"]],
  ["GET /v1/b:", "GET /v1/{x}", ["b:"]],
  ["GET /v1/:run", "GET /v1/{x}", [":run"]],
  ["GET /v1/deep/a/b:run", "GET /v1/deep/{rest=**}:run", ["a/b"]],
  ["GET /v1/deep/:run", "GET /v1/deep/{rest=**}:run", [""]],
  ["GET /v1/deep/a/b", "GET /v1/{rest=**}", ["deep/a/b"]],
  ["POST /v1/a", "POST /v1/{x}", ["a"]],
  ["POST /v1/a/b", undefined],
  ["PURGE /any/1", "* /any/{x}", ["1"]],
  ["GET /any/1/z", "GET /any/{y}/z", ["1"]],
  ["GET /any/1/y", undefined],
  ["GET /v1/a%2Fb", "GET /v1/{x}", ["a/b"]],
  ["GET /v1/a%252Fb", "GET /v1/{x}", ["a%2Fb"]],
  ["GET /s/shelves/1/books/2%2F3%25", "GET /s/{name=shelves/*/books/*}", [
    "shelves/1/books/2%2F3%",
  ]],
  ["GET /s/shelves/1/books", undefined],
  ["GET /S/shelves/1/books/2", undefined],
];

for (const [request, template, values] of rows) {
  Deno.test(`TemplateTable.match() finds ${template} for ${request}`, () => {
    const [method = "", path = ""] = request.split(" ");
    const match = table.match(method, path);
    assertEquals(match?.value, template);
    assertEquals(match?.variables, values);
  });
}

Deno.test("TemplateTable.allowed() lists methods", () => {
  assertEquals(table.allowed("/v1/a"), ["GET", "POST"]);
  assertEquals(table.allowed("/nowhere"), []);
});

for (
  const [first, second] of [["/a/{x}", "/a/{y=*}"], ["/a/**", "/a/{x=**}"], ["/{x}:v", "/*:v"]]
) {
  Deno.test(`TemplateTable.add() refuses ${second} beside ${first}`, () => {
    const table = new TemplateTable<number>();
    table.add("GET", parseTemplate(first!), 1);
    table.add("POST", parseTemplate(second!), 1);
    assertThrows(
      () => table.add("GET", parseTemplate(second!), 2),
      TypeError,
      `${first} takes the same paths`,
    );
  });
}

Deno.test("TemplateTable.match() looks at a node once, however the templates branch", () => {
  const table = new TemplateTable<string>();
  // Every prefix goes two ways, and no way leads to the end.
  const add = (path: string, depth: number) => {
    if (depth === 0) return table.add("GET", parseTemplate(`${path}/end`), path);
    add(`${path}/a`, depth - 1);
    add(`${path}/*`, depth - 1);
  };
  add("", 10);
  const started = performance.now();
  for (let i = 0; i < 50; i++) assertEquals(table.match("GET", "/a".repeat(10) + "/no"), undefined);
  assert(performance.now() - started < 2_000);
});

/** What should be found, by trying all templates in turn. */
function slowMatch(templates: readonly PathTemplate[], path: string): boolean {
  const segments = path === "/" ? [] : path.slice(1).split("/");
  return templates.some(({ segments: parts, verb }) => {
    const given = [...segments];
    if (verb !== "") {
      const last = given.at(-1) ?? "";
      if (!last.endsWith(`:${verb}`)) return false;
      given[given.length - 1] = last.slice(0, -verb.length - 1);
      if (given.at(-1) === "") given.pop();
    }
    const rest = parts.at(-1)?.kind === "rest";
    const fixed = rest ? parts.slice(0, -1) : parts;
    if (rest ? given.length < fixed.length : given.length !== fixed.length) return false;
    return fixed.every((part, at) =>
      part.kind === "one" || part.kind === "literal" && part.text === given[at]
    );
  });
}

Deno.test("TemplateTable.match() finds a template exactly where one fits", () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let state = seed;
  const next = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  const part = () => ["a", "b", "c:d", "*"][next(4)]!;
  for (let round = 0; round < 2_000; round++) {
    const table = new TemplateTable<number>();
    const templates: PathTemplate[] = [];
    for (let n = 1 + next(6); n > 0; n--) {
      let text = "";
      for (let m = 1 + next(3); m > 0; m--) text += `/${part()}`;
      if (next(4) === 0) text += "/**";
      if (next(3) === 0) text += ":v";
      const template = parseTemplate(text);
      try {
        table.add("GET", template, n);
        templates.push(template);
      } catch (error) {
        assert(error instanceof TypeError);
      }
    }
    for (let n = 0; n < 10; n++) {
      let path = "";
      for (let m = next(5); m > 0; m--) path += `/${["a", "b", "x", "a:v", "c:d"][next(5)]}`;
      path ||= "/";
      const found = table.match("GET", path) !== undefined;
      assertEquals(
        found,
        slowMatch(templates, path),
        `${path} of ${templates.map((it) => it.text)}`,
      );
    }
  }
});

Deno.test("TemplateTable.match() prefers a verb to a colon that is text", () => {
  const table = new TemplateTable<string>();
  table.add("POST", templateOfPattern("/a:b"), "text");
  assertEquals(table.match("POST", "/a:b")?.value, "text");
  table.add("POST", parseTemplate("/{x}:b"), "verb");
  assertEquals(table.match("POST", "/a:b")?.value, "verb");
  table.add("*", parseTemplate("/c"), "any");
  assertEquals(table.match("POST", "/c")?.value, "any");
  table.add("POST", parseTemplate("/c"), "own");
  assertEquals([table.match("POST", "/c")?.value, table.match("GET", "/c")?.value], ["own", "any"]);
});

const patterns: [template: string, pattern: string | undefined, prefix: string][] = [
  ["/", "/", "/"],
  ["/v1/a", "/v1/a", "/v1/a"],
  ["/v1/{x}", "/v1/:x", "/v1"],
  ["/v1/*/{x.y}", "/v1/:p1/:x.y", "/v1"],
  ["/v1/{x=a/*}/b", "/v1/a/:x/b", "/v1/a"],
  ["/v1/{x}:run", "/v1/:x", "/v1"],
  ["/v1/a:run", "/v1/a:run", "/v1/a"],
  ["/v1/**", undefined, "/v1"],
  ["/v1/:x/y", undefined, "/v1/:x/y"],
  ["/{x=**}", undefined, "/"],
];

for (const [text, pattern, prefix] of patterns) {
  Deno.test(`patternOfTemplate() makes ${pattern} of ${text}`, () => {
    assertEquals(patternOfTemplate(parseTemplate(text)), pattern);
    assertEquals(prefixOfTemplate(parseTemplate(text)), prefix);
  });
}

Deno.test("templateOfPattern() reads the patterns of rest", () => {
  assertEquals(templateOfPattern("/a/:b.c/d").variables, [{
    fieldPath: ["b", "c"],
    from: 1,
    to: 2,
  }]);
  assertEquals(templateOfPattern("/").segments, []);
  assertThrows(() => templateOfPattern("a"), SyntaxError, 'must begin with "/"');
  assertThrows(() => templateOfPattern("/:"), SyntaxError, "names no parameter");
});
