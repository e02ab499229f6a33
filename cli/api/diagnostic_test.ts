import { assert, assertEquals } from "@std/assert";
import { type Diagnostic, diagnosticsToJson, hasErrors, renderDiagnostic } from "./diagnostic.ts";

const found: Diagnostic = {
  file: "/x/a.api",
  line: 2,
  column: 5,
  severity: "warning",
  code: "W-x",
  message: "Something",
};

const cases = [
  {
    name: "without the source",
    source: undefined,
    expected: "/x/a.api:2:5: warning W-x Something",
  },
  {
    name: "with tabs kept",
    source: "\n\t\tabc\n",
    expected: "/x/a.api:2:5: warning W-x Something\n  \t\tabc\n  \t\t  ^",
  },
  {
    name: "with CRLF",
    source: "a\r\nabcdef\r\n",
    expected: "/x/a.api:2:5: warning W-x Something\n  abcdef\n      ^",
  },
  {
    name: "with wide characters",
    source: "\n\ud83d\ude00\ud83d\ude00\u00fc x",
    expected: "/x/a.api:2:5: warning W-x Something\n  \ud83d\ude00\ud83d\ude00\u00fc x\n      ^",
  },
  {
    name: "with control characters hidden",
    source: "\n\x1b[1mx\0",
    expected: "/x/a.api:2:5: warning W-x Something\n  \ufffd[1mx\ufffd\n      ^",
  },
  { name: "behind the last line", source: "a", expected: "/x/a.api:2:5: warning W-x Something" },
];

for (const { name, source, expected } of cases) {
  Deno.test(`renderDiagnostic() renders ${name}`, () => {
    assertEquals(renderDiagnostic(found, { source }), expected);
  });
}

Deno.test("renderDiagnostic() cuts long lines around the caret", () => {
  const source = `\n${"a".repeat(5000)}b${"c".repeat(5000)}`;
  const lines = renderDiagnostic({ ...found, column: 5001 }, { source }).split("\n");
  assert((lines[1] ?? "").length < 130);
  assertEquals(lines[1]?.[(lines[2] ?? "").indexOf("^")], "b");
});

Deno.test("renderDiagnostic() shows paths as asked, and the hint", () => {
  const text = renderDiagnostic({ ...found, hint: "do it" }, { showPath: (file) => file.slice(3) });
  assertEquals(text, "a.api:2:5: warning W-x Something\n  hint: do it");
});

Deno.test("diagnosticsToJson() writes what is there", () => {
  assertEquals(JSON.parse(diagnosticsToJson([found, { ...found, hint: "h" }])), [
    found,
    { ...found, hint: "h" },
  ]);
});

Deno.test("hasErrors() does not mind warnings", () => {
  assertEquals([hasErrors([found]), hasErrors([found, { ...found, severity: "error" }])], [
    false,
    true,
  ]);
});
