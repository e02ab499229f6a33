import { assertEquals } from "@std/assert";
import { complain, complainThrough } from "./_complain.ts";

Deno.test("complain() goes to the console, past a patched one where it was told how", () => {
  const said: string[] = [];
  const before = console.error;
  console.error = (message) => void said.push(`console: ${message}`);
  try {
    complain("one");
    complainThrough((message) => said.push(`direct: ${message}`));
    complain("two");
    complainThrough(undefined);
    complain("three");
  } finally {
    console.error = before;
    complainThrough(undefined);
  }
  assertEquals(said, ["console: one", "direct: two", "console: three"]);
});
