import { assertEquals } from "@std/assert";
import { compileApi } from "./compile.ts";
import { cleanPath, resolveFrom } from "./file_path.ts";
import { compileFiles, SERVICE, summary } from "./testing/program.ts";

interface Case {
  name: string;
  files: Record<string, string>;
  found: string[];
}

const cases: Case[] = [
  {
    name: "a chain of folders",
    files: {
      "a.api": `import "x/b.api"\n${SERVICE}`,
      "x/b.api": 'import "y/c.api"\ntype B {\nA C\n}',
      "x/y/c.api": "type C {}",
    },
    found: [],
  },
  {
    name: "spellings of one file",
    files: { "a.api": `import "x/../b.api"\nimport "././b.api"\n${SERVICE}`, "b.api": "type B {}" },
    found: [],
  },
  {
    name: "a group",
    files: {
      "a.api": `import (\n"b.api"\n"c.api"\n)\n${SERVICE}`,
      "b.api": "type B {}",
      "c.api": "type C {}",
    },
    found: [],
  },
  {
    name: "a missing file of a group",
    files: { "a.api": `import (\n"b.api"\n"c.api"\n)\n${SERVICE}`, "b.api": "" },
    found: ["3:1 E-import"],
  },
  {
    name: "two missing files",
    files: { "a.api": `import "b.api"\nimport "c.api"\n${SERVICE}` },
    found: ["1:8 E-import", "2:8 E-import"],
  },
  {
    name: "a missing file of an imported one",
    files: { "a.api": `import "x/b.api"\n${SERVICE}`, "x/b.api": '\n  import "c.api"' },
    found: ["x/b.api:2:10 E-import"],
  },
  {
    name: "a file of another kind",
    files: { "a.api": `import "b.txt"\n${SERVICE}`, "b.txt": "" },
    found: ["1:8 E-import"],
  },
  {
    name: "a cycle of three",
    files: {
      "a.api": `import "b.api"\n${SERVICE}`,
      "b.api": 'import "c.api"',
      "c.api": 'import "./a.api"',
    },
    found: ["c.api:1:8 E-import-cycle"],
  },
  {
    name: "a cycle beside the main file",
    files: {
      "a.api": `import "b.api"\n${SERVICE}`,
      "b.api": 'import "c.api"',
      "c.api": 'import "b.api"',
    },
    found: ["c.api:1:8 E-import-cycle"],
  },
  {
    name: "syntax errors in all files",
    files: { "a.api": `import "b.api"\nservice {}`, "b.api": "type T {\n A ;\n}" },
    found: ["2:9 E-syntax", "b.api:2:4 E-syntax"],
  },
  {
    name: "one import twice in a file that is imported",
    files: {
      "a.api": `import "b.api"\n${SERVICE}`,
      "b.api": 'import "c.api"\nimport "c.api"',
      "c.api": "",
    },
    found: [],
  },
  {
    name: "one import twice in a group",
    files: { "a.api": `import ("b.api" "b.api")\n${SERVICE}`, "b.api": "" },
    found: ["1:17 E-duplicate-import"],
  },
  {
    name: "another syntax by leaving it out",
    files: { "a.api": `syntax = "v2"\nimport "b.api"\n${SERVICE}`, "b.api": "type B {}" },
    found: ["b.api:1:1 E-syntax-mismatch"],
  },
  {
    name: "the syntax of the main file left out",
    files: { "a.api": `import "b.api"\n${SERVICE}`, "b.api": 'syntax = ""' },
    found: ["b.api:1:10 E-syntax-mismatch"],
  },
  {
    name: "info twice in a file that is imported",
    files: { "a.api": `import "b.api"\n${SERVICE}`, "b.api": 'info ()\ninfo (a: "1" a: "2")' },
    found: ["b.api:2:1 E-duplicate-statement"],
  },
];

for (const { name, files, found } of cases) {
  Deno.test(`loadProgram() with ${name}`, () => {
    assertEquals(summary(compileFiles(files).diagnostics), found);
  });
}

Deno.test("loadProgram() reads each file once, and a long chain without recursion", () => {
  const files: Record<string, string> = {};
  for (let n = 0; n < 900; n++) files[`${n}.api`] = `import "${n + 1}.api"\n`;
  files["900.api"] = SERVICE;
  const { spec, diagnostics, sources } = compileFiles(files, { main: "0.api" });
  assertEquals(diagnostics, []);
  assertEquals(sources.size, 901);
  assertEquals(spec?.files.slice(0, 2), ["0.api", "1.api"]);
});

Deno.test("loadProgram() ends when there is a file under every name", () => {
  const { diagnostics } = compileApi("a.api", { readFile: () => 'import "x/b.api"' });
  assertEquals(diagnostics.map(({ code }) => code), ["E-too-many-files"]);
});

Deno.test("loadProgram() says that the main file is missing", () => {
  assertEquals(summary(compileFiles({}, { main: "a.api" }).diagnostics), ["1:1 E-read"]);
});

const paths: [from: string, name: string, path: string][] = [
  ["/a/b.api", "c.api", "/a/c.api"],
  ["/a/b.api", "../c.api", "/c.api"],
  ["/a/b.api", "../../../c.api", "/c.api"],
  ["/a/b.api", "/x/./c.api", "/x/c.api"],
  ["b.api", "../c.api", "../c.api"],
  ["x/b.api", "../../c.api", "../c.api"],
  ["C:\\a\\b.api", "x\\c.api", "C:/a/x/c.api"],
  ["/a/b.api", "D:/c.api", "D:/c.api"],
];

for (const [from, name, path] of paths) {
  Deno.test(`resolveFrom() finds ${name} in ${from}`, () =>
    assertEquals(resolveFrom(from, name), path));
}

Deno.test("cleanPath() keeps what is clean", () =>
  assertEquals(cleanPath("../a//b/./c"), "../a/b/c"));
