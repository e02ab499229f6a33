import { assertEquals } from "@std/assert";
import {
  docComment,
  expressionText,
  importBlock,
  importLine,
  relativeImport,
  textLiteral,
} from "./code.ts";

const paths = [
  { from: "main.ts", to: "internal/svc/a.ts", gives: "./internal/svc/a.ts" },
  { from: "internal/logic/a/b.ts", to: "internal/svc/a.ts", gives: "../../svc/a.ts" },
  { from: "internal/types/a.ts", to: "internal/types/b.ts", gives: "./b.ts" },
];
for (const { from, to, gives } of paths) {
  Deno.test(`relativeImport() from ${from} to ${to}`, () => {
    assertEquals(relativeImport(from, to), gives);
  });
}

Deno.test("importLine() sorts names, drops repetitions, and breaks long lines", () => {
  assertEquals(importLine({ names: ["b", "A", "b"], from: "x" }), 'import { A, b } from "x";');
  const names = Array.from({ length: 12 }, (_, index) => `someLongName${index}`);
  assertEquals(importLine({ names, from: "x", typeOnly: true }).split("\n").length, 14);
});

Deno.test("importBlock() puts packages before files, and leaves out empty imports", () => {
  const specs = [
    { names: ["a"], from: "./a.ts" },
    { names: ["b"], from: "@zeno/zeno/rest" },
    { names: ["C"], from: "@zeno/zeno/rest", typeOnly: true },
    { names: [], from: "nothing" },
  ];
  assertEquals(
    importBlock(specs),
    'import type { C } from "@zeno/zeno/rest";\nimport { b } from "@zeno/zeno/rest";\n' +
      'import { a } from "./a.ts";',
  );
});

Deno.test("docComment() cannot be closed by its text", () => {
  assertEquals(docComment(["a */ b"]), "/** a *\\/ b */\n");
  assertEquals(docComment(["", "a", "", "b", ""], "  "), "  /**\n   * a\n   *\n   * b\n   */\n");
  assertEquals(docComment([]), "");
});

Deno.test("expressionText() breaks a chain call by call when it does not fit", () => {
  const calls = [{ name: "options", args: [['"a"', '"b"']] }, { name: "optional", args: [] }];
  const expression = { head: "string", args: [], calls };
  assertEquals(expressionText(expression, "  ", 10), 'string().options(["a", "b"]).optional()');
  assertEquals(
    expressionText(expression, "  ", 80),
    'string()\n    .options(["a", "b"])\n    .optional()',
  );
});

const literals = [
  { text: "a", gives: '"a"' },
  { text: 'a "b"', gives: `'a "b"'` },
  { text: `it's "b"`, gives: `'it\\'s "b"'` },
  { text: `it's "b`, gives: `"it's \\"b"` },
  { text: 'a\\ "b"\n', gives: `'a\\\\ "b"\\n'` },
];
for (const { text, gives } of literals) {
  Deno.test(`textLiteral() writes ${JSON.stringify(text)} as ${gives}`, () => {
    assertEquals(textLiteral(text), gives);
  });
}
