import { assertEquals } from "@std/assert";
import { tally } from "./test.ts";

Deno.test("tally() counts passed, failed and skipped tests and names the skipped", () => {
  const report = `<?xml version="1.0"?>
<testsuites><testsuite name="a">
  <testcase name="one" time="0.1"/>
  <testcase name="two" time="0.1"></testcase>
  <testcase name="bad &lt;x&gt;" time="0.1"><failure message="m">text</failure></testcase>
  <testcase name="later &quot;y&quot;" time="0.0"><skipped/></testcase>
</testsuite></testsuites>`;
  assertEquals(tally(report), { passed: 2, failed: 1, skipped: ['later "y"'] });
});
