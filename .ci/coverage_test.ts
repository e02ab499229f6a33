import { assertAlmostEquals, assertEquals } from "@std/assert";
import { percent, readCoverage } from "./coverage.ts";

const REPORT = `SF:/repo/core/a.ts
DA:1,3
DA:2,0
LF:2
end_of_record
SF:/repo/core/a_test.ts
DA:1,1
end_of_record
SF:/repo/core/testdata/b.ts
DA:1,0
end_of_record
SF:/elsewhere/c.ts
DA:1,0
end_of_record
SF:/repo/core/d.ts
DA:1,12
end_of_record
`;

Deno.test("readCoverage() counts the lines of files, tests and others' files left out", () => {
  const files = readCoverage(REPORT, "/repo");
  assertEquals(files, [
    { file: "core/a.ts", lines: 2, hit: 1 },
    { file: "core/d.ts", lines: 1, hit: 1 },
  ]);
  assertAlmostEquals(percent(files), 66.67, 0.01);
});

Deno.test("percent() of nothing is 0, so that a run without tests fails", () => {
  assertEquals(percent(readCoverage("", "/repo")), 0);
});
