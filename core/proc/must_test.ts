import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MemoryLog } from "../testing/memory_log.ts";
import { must } from "./must.ts";

Deno.test("must() answers what the work answers", async () => {
  assertEquals(await must(() => 1), 1);
  assertEquals(await must(() => Promise.resolve(2)), 2);
});

const failures = [
  {
    name: "throws",
    work: () => {
      throw new Error("no port");
    },
  },
  { name: "rejects", work: () => Promise.reject(new Error("no port")) },
];
for (const { name, work } of failures) {
  Deno.test(`must() logs and ends the process with 1 when the work ${name}`, async () => {
    const logger = new MemoryLog();
    const exits: number[] = [];
    await assertRejects(
      () => must(work, { logger, exit: (code) => void exits.push(code) }),
      Error,
      "no port",
    );
    assertEquals(exits, [1]);
    assertStringIncludes(String(logger.contents("fatal")[0]), "no port");
    assertStringIncludes(String(logger.records[0]?.fields.stack), "must_test.ts");
  });
}

Deno.test("must() ends a real process, whose last line says why", async () => {
  const module = JSON.stringify(new URL("./must.ts", import.meta.url).href);
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--ext=ts",
      `import { must } from ${module};
       await must(() => Deno.readTextFile("/nowhere/at/all"));
       console.log("never");`,
    ],
  }).output();
  assertEquals([new TextDecoder().decode(output.stdout), output.code], ["", 1]);
  assertStringIncludes(new TextDecoder().decode(output.stderr), '"level":"fatal"');
});
